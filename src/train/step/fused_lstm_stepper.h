// The fused stepper for the LSTM on texts, on the CPU: glue between the Stepper interface and
// src/train/kernels/. Trainer thread plus its team.
#pragma once

#include "train/step/fused_list.h"

namespace grokscope {

FusedStepperEntry fused_lstm_entry();

}  // namespace grokscope
