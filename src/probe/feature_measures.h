// What the covariance of a layer's features says about how many directions they use: published feature rank,
// stable and effective rank, participation ratio, normalised spectral entropy. Not a probe: arithmetic in
// float64. Any thread; pure functions.
#pragma once

#include <optional>
#include <vector>

#include "grokscope_aten.h"

namespace grokscope {

/// Of features (example, feature): λ_k are the eigenvalues of their covariance over examples, divisor n - 1.
struct FeatureMeasures {
  std::vector<double>
      eigenvalues;  ///< λ_k, largest first, one for each feature; what rounding made negative is 0
  /// Number of λ_k > λ_1 · d · ε (Fan, Pascanu and Jaggi 2024, section 2;
  /// torch.linalg.matrix_rank(torch.cov(A.T))).
  double rank = 0.0;
  double stable_rank = 0.0;          ///< Σλ / λ_1
  double effective_rank = 0.0;       ///< exp H of λ / Σλ
  double participation_ratio = 0.0;  ///< (Σλ)² / Σλ²
  /// H of λ / Σλ over log d (Truong et al. 2026): 0 one direction, 1 all alike. NaN for a single feature.
  double spectral_entropy = 0.0;
};

/// Nothing when no number describes the features: fewer than two examples, every example alike, or a value
/// that is not finite. `epsilon`: of the precision that computed them (2^-52 in float64, 2^-23 in float32).
std::optional<FeatureMeasures> feature_measures(const at::Tensor& features, double epsilon);

/// 2^-52 for float64, 2^-23 for float32.
double epsilon_of(const at::Tensor& tensor);

}  // namespace grokscope
