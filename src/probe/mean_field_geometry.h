// Mean-field manifold analysis: how many class manifolds a direction can hold apart, from each of them alone
// (Chung, Lee and Sompolinsky 2018; Cohen, Chung, Lee and Sompolinsky 2020). Not a probe: arithmetic in
// float64. Any thread; pure functions.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "grokscope_aten.h"

namespace grokscope {

struct ManifoldDraws {
  at::Tensor directions;  ///< (draw, feature) N(0, 1)
  at::Tensor centre;      ///< (draw) N(0, 1): the part of t along the centre
};

/// Of one manifold with centre of length 1: points s̃ = (s, 1), t ~ N(0, I), v nearest to t with v·s̃ <= 0 for
/// all points (margin 0), s̃(t) = (t - v) / Σλ, or the point with the largest t·s where v = t.
struct ManifoldMeasures {
  double inverse_capacity;  ///< E[max(t·s̃(t), 0)² / ‖s̃(t)‖²]
  double radius;            ///< √E‖s(t) - E s(t)‖²
  double dimension;         ///< D (E[cos(t, s(t))])² without the part along the centre,
                            ///< D the rank of the points
  std::int64_t unconverged;
};

/// `points` (point, feature) float64: minus their centre and over its length.
ManifoldMeasures manifold_measures(const at::Tensor& points, const ManifoldDraws& draws);

struct MeanFieldMeasures {
  double capacity = 0.0;   ///< 1 / mean of inverse_capacity
  double radius = 0.0;     ///< mean over manifolds
  double dimension = 0.0;  ///< mean over manifolds
  std::int64_t unconverged = 0;
  std::string
      undefined;  ///< not empty: why there is nothing, as the end of a sentence; the numbers are 0 then
};

/// What centres have in common is removed first: the mean of all points, and of what remains the projection
/// on the first `removed` principal components of the centres. `points` (point, feature) float64, finite,
/// manifold after manifold; `sizes` of the manifolds.
MeanFieldMeasures mean_field_measures(const at::Tensor& points, const std::vector<std::int64_t>& sizes,
                                      std::int64_t removed, const ManifoldDraws& draws,
                                      const std::atomic<bool>* cancelled = nullptr);

}  // namespace grokscope
