// The fused stepper for MLPs on pairs (embedded or one-hot) and on images, and for Gromov's quadratic
// network, on the CPU: glue between the Stepper interface and src/train/kernels/. Trainer thread plus its
// team.
#pragma once

#include "train/step/fused_list.h"

namespace grokscope {

FusedStepperEntry fused_mlp_entry();

}  // namespace grokscope
