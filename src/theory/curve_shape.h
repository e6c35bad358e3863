// CurveShape: what a curve does in words that a caption can use: where it turns, and whether it descends
// twice. Small wiggles do not count. Pure. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace grokscope::theory {

/// A place where a curve turns from falling to rising or back.
struct TurningPoint {
  std::size_t index = 0;
  bool minimum = false;
};

/// Places where the curve turns, in order, minima and maxima by turns; not its ends. A turn counts when the
/// curve then moves back by at least `least_change`. Infinite values are maxima; NaN is left out.
std::vector<TurningPoint> turning_points(std::span<const double> y, double least_change);

enum class Descent { falling, rising, flat, single_minimum, single_maximum, twice, other };

/// `twice`: it falls to a first minimum, rises to a peak, and falls again. Of several peaks the one that
/// stands highest above what was lowest before it.
struct DescentShape {
  Descent kind = Descent::flat;
  /// Indices of the rise to the peak and of the lowest behind it (the peak, if it ends there): of every kind
  /// that rises.
  std::size_t first_minimum = 0, peak = 0, second_minimum = 0;
  bool second_is_lower = false;
  bool rises() const { return kind != Descent::flat && kind != Descent::falling; }
};
/// A turn of less than `least_change` does not count.
DescentShape descent_of(std::span<const double> y, double least_change);
/// Of a positive curve, by its logarithm: a turn of less than `least_ratio` (1.05: 5 %) does not count.
DescentShape descent_by_ratio(std::span<const double> y, double least_ratio);

}  // namespace grokscope::theory
