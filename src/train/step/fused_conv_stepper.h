// The fused stepper for the convolutional network on sequences, on the CPU in float32: glue between the
// Stepper interface and train/kernels/conv_net.h. Trainer thread plus its team.
#pragma once

#include "train/step/fused_list.h"

namespace grokscope {

FusedStepperEntry fused_conv_entry();

}  // namespace grokscope
