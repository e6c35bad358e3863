// The five nonlinearities by name only: torch-free, shared by the models and the fused steppers.
#pragma once

namespace grokscope {

/// GELU is the exact one (erf), SiLU is x·sigmoid(x), quadratic is x² (Gromov 2023).
enum class Activation { relu, gelu, tanh, quadratic, silu };

}  // namespace grokscope
