// Command: what a user may ask of the trainer, as data; applied only between two steps, in one place
// (train/loop/apply_command.cpp), answered with an Event that carries the step. Torch-free.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "config/fields.h"

namespace grokscope {

struct Pause {};
struct Resume {};
struct StepOnce {};  ///< while paused: exactly one update
/// Change a live field (Field::live) of the running training.
struct SetField {
  std::string field;
  FieldValue value;
};
/// Multiply all weights by one number so that their norm becomes `norm`, once, between two steps: a jump
/// along the ray of Omnigrok's LU portraits. Optimizer moments stay. An intervention.
struct RescaleNorm {
  double norm = 1.0;  ///< above 0, at most 1e9 (history/interventions.h)
};
/// Steps per second ceiling; 0 = full speed; negative = paced (see Pace). Never changes the numbers of a run.
struct SetSpeed {
  double steps_per_second = 0.0;
};
struct RequestCheckpoint {};
/// Look with every probe at the current step (e.g. before a snapshot is saved).
struct RequestProbes {};

using Command =
    std::variant<Pause, Resume, StepOnce, SetField, RescaleNorm, SetSpeed, RequestCheckpoint, RequestProbes>;

}  // namespace grokscope
