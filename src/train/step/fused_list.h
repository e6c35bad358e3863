// The list of fused steppers: each says which configs it can run and builds itself. The list is in
// make_stepper.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "train/step/stepper.h"

namespace grokscope {

/// Everything a stepper is built from.
struct StepperParts {
  const RunConfig& config;
  std::shared_ptr<const Model> model;  ///< nullptr: made when somebody needs it (autograd)
  const ParameterLayout& layout;
  std::shared_ptr<const Dataset> data;
  at::Tensor initial_flat;
  StepperOptions options;
};

struct FusedStepperEntry {
  std::string_view models;  ///< for people: "one-layer transformer without LayerNorm"
  bool (*applies)(const RunConfig& config, const Dataset& data, const StepperOptions& options);
  Result<std::unique_ptr<Stepper>> (*make)(StepperParts parts);
};

std::span<const FusedStepperEntry> fused_steppers();

/// See stepper.h; without a model where a fused stepper needs none.
Result<std::unique_ptr<Stepper>> make_stepper(StepperParts parts);

}  // namespace grokscope
