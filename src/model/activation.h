// Activation: the nonlinearity of a model, by its config name. Any thread.
#pragma once

#include "grokscope_aten.h"
#include "model/activation_kind.h"

namespace grokscope {

/// Element-wise. `x` is a fresh intermediate: relu and tanh overwrite it, which autograd allows.
at::Tensor activate(Activation kind, at::Tensor x);

}  // namespace grokscope
