// Models and steppers that LibTorch computes, as a table of functions (torch_tensors.h says why). Any thread.
#pragma once

#include <memory>

#include "base/result.h"
#include "model/model.h"
#include "train/step/fused_list.h"

namespace grokscope {

struct TorchSteppers {
  Result<std::shared_ptr<const Model>> (*make_model)(const RunConfig& config, const Dataset& data);
  Result<std::unique_ptr<Stepper>> (*make_autograd_stepper)(StepperParts parts);
};

/// Throws std::runtime_error when LibTorch cannot be loaded.
const TorchSteppers& torch_steppers();

}  // namespace grokscope
