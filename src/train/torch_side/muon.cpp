#include "train/torch_side/muon.h"

#include <algorithm>
#include <cmath>

namespace grokscope {

at::Tensor orthogonalised(const at::Tensor& matrix) {
  constexpr double kA = 3.4445, kB = -4.7750, kC = 2.0315;
  const bool tall = matrix.size(0) > matrix.size(1);
  at::Tensor x = tall ? matrix.t() : matrix;  // the smaller side first: A is small
  x = x / (x.norm() + 1e-7);
  for (int iteration = 0; iteration < 5; ++iteration) {
    const at::Tensor a = at::mm(x, x.t());
    const at::Tensor polynomial = at::addmm(a, a, a, kB, kC);  // bA + cA²
    x = at::addmm(x, polynomial, x, kA, 1.0);
  }
  return tall ? x.t() : x;
}

void muon_update(const MuonRule& rule, at::Tensor weights, const at::Tensor& gradient, at::Tensor momentum) {
  momentum.mul_(rule.momentum).add_(gradient, 1.0 - rule.momentum);
  const at::Tensor ahead = gradient * (1.0 - rule.momentum) + momentum * rule.momentum;
  const auto longer = static_cast<double>(std::max(weights.size(0), weights.size(1)));
  weights.mul_(1.0 - rule.rate * rule.weight_decay);
  weights.sub_(orthogonalised(ahead), rule.rate * 0.2 * std::sqrt(longer));
}

}  // namespace grokscope
