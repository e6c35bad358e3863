// The five nonlinearities by name only: torch-free, shared by the models and the fused steppers.
#pragma once

#include <string_view>

#include "base/result.h"

namespace grokscope {

/// GELU is the exact one (erf), SiLU is x·sigmoid(x), quadratic is x² (Gromov 2023).
enum class Activation { relu, gelu, tanh, quadratic, silu };

/// relu | gelu | tanh | quadratic | silu.
Result<Activation> activation_from(std::string_view name);

}  // namespace grokscope
