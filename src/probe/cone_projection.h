// The nearest point of a cone, from inner products alone. Not a probe: arithmetic in float64 without
// LibTorch. Any thread; pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace grokscope {

struct ConeProjection {
  std::vector<double> weights;  ///< λ_i >= 0: the projection is Σ λ_i y_i x_i
  double squared_norm = 0.0;    ///< of the projection
  /// t minus the projection is orthogonal to all points: the cone is all of their span, and no v has y_i
  /// x_i·v < 0 for all i. Many weights give the same projection then, and which of them are found means
  /// nothing.
  bool fills_span = false;
  bool converged = false;  ///< no point gains more than kConeTolerance; false: the exchanges were used up
};

/// What of y_i x_i·(t - projection) / ‖x_i‖ may be left above 0, over the largest |x_i·t| / ‖x_i‖.
inline constexpr double kConeTolerance = 1e-7;

/// Projects t on {Σ λ_i y_i x_i : λ >= 0}; t minus that is the v nearest to t with y_i x_i·v <= 0 for all i.
/// `gram` (point, point) x_i·x_j row-major, `products` (point) x_i·t, `signs` (point) y_i = ±1. Points at the
/// origin stay at 0. A few sweeps of dual coordinate descent find about which points carry the projection;
/// the active set method of Lawson and Hanson (1974) exchanges points until it is they, however alike they
/// are.
ConeProjection project_on_cone(std::span<const double> gram, std::span<const double> products,
                               std::span<const double> signs);

}  // namespace grokscope
