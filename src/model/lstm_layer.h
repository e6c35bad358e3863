// One LSTM layer over a whole text, with its gradient by hand: what is left of an LSTM when all inputs have
// been multiplied by their weights beforehand. Not the network (lstm.h). Any thread; pure.
#pragma once

#include "grokscope_aten.h"

namespace grokscope {

/// c' = σ(f) c + σ(i) tanh(g), h' = σ(o) tanh(c') (Hochreiter and Schmidhuber 1997; Gers et al. 2000; gates
/// in PyTorch's order i, f, g, o), from h = c = 0. `inputs` (position, example, 4 * width): x W_input + both
/// biases; `recurrent` (width, 4 * width). Gives h of every position, (position, example, width).
at::Tensor lstm_layer(const at::Tensor& inputs, const at::Tensor& recurrent);

}  // namespace grokscope
