// The fused stepper for the one-layer transformer without LayerNorm (tokens a b =, learned positions) on the
// CPU: glue between the Stepper interface and src/train/kernels/. Trainer thread plus its team.
#pragma once

#include "train/step/fused_list.h"

namespace grokscope {

FusedStepperEntry fused_transformer_entry();

}  // namespace grokscope
