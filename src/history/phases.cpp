// Names of phases, and the phase of learning. The state machine is in phase_detector.cpp.
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

std::string_view label_of(Phase phase) {
  return phase == Phase::done ? "generalised" : name_of(phase);
}

theory::LearningPhase learning_phase_at(const History& history, std::int64_t step) {
  const FirstSteps& first = history.first_steps();
  const auto seen = [&](std::int64_t reached) { return reached <= step ? reached : -1; };
  const auto all = history.events();
  const bool diverged = std::any_of(all.begin(), all.end(), [&](const Event& event) {
    const auto reason = event.detail.find("reason");
    return event.kind == "stopped" && event.step <= step && reason != event.detail.end() &&
           *reason == "diverged";
  });
  const Evaluation* now = history.evaluation_at(step);
  const std::int64_t last = now == nullptr ? 0 : now->step;
  return theory::learning_phase(
      {seen(first.train_90), seen(first.test_90), last, diverged || last >= history.config().train.steps});
}

std::string kind_of_learning_in_words(const History& history, std::int64_t step) {
  const theory::LearningPhase kind = learning_phase_at(history, step);
  if (kind == theory::LearningPhase::undecided) return "";
  const std::vector<PhaseSpan> spans = phases_at(history, step);
  const bool rises = !spans.empty() && spans.back().phase == Phase::generalising;
  return "Kind of learning: " + std::string(theory::name_of(kind)) +
         (kind == theory::LearningPhase::memorisation && rises
              ? ", because it ended before 90 % of the rest were right."
              : ".");
}

}  // namespace grokscope
