#include "model/activation_kind.h"

#include <string>

namespace grokscope {

Result<Activation> activation_from(std::string_view name) {
  if (name == "relu") return Activation::relu;
  if (name == "gelu") return Activation::gelu;
  if (name == "tanh") return Activation::tanh;
  if (name == "quadratic") return Activation::quadratic;
  if (name == "silu") return Activation::silu;
  return usage_error("model.activation '" + std::string(name) +
                     "' is unknown: use relu, gelu, tanh, quadratic or silu");
}

}  // namespace grokscope
