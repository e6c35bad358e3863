// AutogradStepper: any model on any device, gradients by LibTorch's autograd; the reference for the fused
// steppers. On the CPU the batch is cut into options.threads shards. Same seed and thread count:
// bit-identical steps.
#pragma once

#include <memory>

#include "train/step/fused_list.h"

namespace grokscope {

Result<std::unique_ptr<Stepper>> make_autograd_stepper(StepperParts parts);

}  // namespace grokscope
