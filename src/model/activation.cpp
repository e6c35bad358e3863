// The five nonlinearities. GELU is the exact one (erf), SiLU is x·sigmoid(x), quadratic is x² (Gromov 2023).
#include "model/activation.h"

namespace grokscope {

at::Tensor activate(Activation kind, at::Tensor x) {
  switch (kind) {
    case Activation::relu:
      return at::relu_(x);
    case Activation::gelu:
      return at::gelu(x);
    case Activation::tanh:
      return at::tanh_(x);
    case Activation::quadratic:
      return at::square(x);
    case Activation::silu:
      return at::silu(x);
  }
  return x;
}

}  // namespace grokscope
