// Names of phases, and what guessing gives. The state machine is in phase_detector.cpp.
#include "history/phases.h"

#include <algorithm>

namespace grokscope {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::starting:
      return "starting";
    case Phase::memorising:
      return "memorising";
    case Phase::plateau:
      return "plateau";
    case Phase::generalising:
      return "generalising";
    case Phase::done:
      return "done";
    case Phase::diverged:
      return "diverged";
  }
  return "";
}

double chance_level(const RunConfig& config) {
  double classes = 10.0;  // digits, clothes; and a fair guess for a table of unknown answers
  if (config.task.kind == "s5") classes = 120.0;
  if (config.task.kind == "modular" || config.task.kind == "formula") {
    classes = static_cast<double>(std::max<std::int64_t>(config.task.modulus, 1));
  }
  return 1.0 / classes;
}

}  // namespace grokscope
