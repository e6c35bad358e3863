// Two scales: least squares by gradient descent where some features are large and others small, solved in the
// eigenbasis of the data, so that every step is exact and none is made (Heckel and Yilmaz 2021, "Early
// stopping in deep networks"; Pezeshki et al. 2022, "Multi-scale feature learning dynamics"). Pure. Any
// thread.
//
//   y = x·θ + σ ε; x_j ~ N(0, s_j²), s_j = fast or slow scale;  loss |X w - y|² / (2 n), w_0 = 0
//   w_k = U diag((1 - (1 - η λ)^k) / λ) Uᵀ Xᵀ y / n,  XᵀX / n = U diag(λ) Uᵀ
//   excess risk = Σ_j s_j² (w_kj - θ_j)², the sum of a part for each scale
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"

namespace grokscope::theory {

struct TwoScaleProblem {
  std::int64_t examples = 500;
  std::int64_t fast = 200, slow = 50;          ///< features of each kind
  double fast_scale = 1.0, slow_scale = 0.05;  ///< s_j
  double fast_norm = 2.0, slow_norm = 30.0;    ///< |θ| of each kind
  double noise = 1.5;                          ///< σ
};

struct TwoScaleRisk {
  double fast = 0.0, slow = 0.0;
  double total() const { return fast + slow; }
};

/// One drawn training set, from the streams "two_scale ..." of the seed. θ has a random direction in each
/// kind.
class TwoScale {
 public:
  TwoScale(const TwoScaleProblem& problem, std::uint64_t seed);
  ~TwoScale();
  TwoScale(TwoScale&&) noexcept;

  double largest_curvature() const;  ///< λ: descent needs η < 2 / λ
  TwoScaleRisk risk_after(double steps, double learning_rate) const;
  double train_loss_after(double steps, double learning_rate) const;  ///< |X w - y|² / n
  /// w after that many steps of descent, made one by one: for tests. (feature)
  std::vector<double> descended(std::int64_t steps, double learning_rate) const;
  std::vector<double> weights_after(double steps, double learning_rate) const;  ///< (feature)

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope::theory
