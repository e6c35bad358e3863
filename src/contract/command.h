// Command: what a user may ask of the trainer, as data; applied only between two steps, in one place
// (train/loop/apply_command.cpp), answered with an Event that carries the step. Torch-free.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "history/interventions.h"

namespace grokscope {

struct Pause {};
struct Resume {};
struct StepOnce {};  ///< while paused: exactly one update
/// Steps per second ceiling; 0 = full speed; negative = paced (see Pace). Never changes the numbers of a run.
struct SetSpeed {
  double steps_per_second = 0.0;
};
/// These probes look at the next step, whatever the budget says; paused, at the step that it stands at.
struct LookNow {
  std::vector<std::string> probes;
};
/// The look in progress is given up, and those that wait for it.
struct CancelLooks {};
/// An Intervention changes the numbers of the run (history/interventions.h); the others never do.
using Command = std::variant<Pause, Resume, StepOnce, Intervention, SetSpeed, LookNow, CancelLooks>;

}  // namespace grokscope
