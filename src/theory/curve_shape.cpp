// See curve_shape.h.
#include "theory/curve_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace grokscope::theory {
namespace {

/// The lowest place of indices first .. last.
std::size_t lowest(std::span<const double> y, std::size_t first, std::size_t last) {
  std::size_t best = first;
  for (std::size_t i = first; i <= last; ++i) {
    if (std::isfinite(y[i]) && !(y[best] <= y[i])) best = i;
  }
  return best;
}

/// The highest, infinite ones too.
std::size_t highest(std::span<const double> y, std::size_t first, std::size_t last) {
  std::size_t best = first;
  for (std::size_t i = first; i <= last; ++i) {
    if (y[i] > y[best]) best = i;
  }
  return best;
}

/// Of the turns that are maxima the one that stands highest above the lowest before it.
std::optional<std::size_t> highest_peak(std::span<const double> y, std::span<const TurningPoint> turns,
                                        std::size_t begin) {
  std::optional<std::size_t> peak;
  double most = 0.0;
  for (const TurningPoint& turn : turns) {
    if (turn.minimum) continue;
    const double rise = y[turn.index] - y[lowest(y, begin, turn.index)];
    if (peak && !(rise > most)) continue;
    peak = turn.index;
    most = rise;
  }
  return peak;
}

}  // namespace

std::vector<TurningPoint> turning_points(std::span<const double> y, double least_change) {
  std::vector<TurningPoint> turns;
  std::size_t low = y.size(), high = y.size();
  int direction = 0;  // of what was established last
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isnan(y[i])) continue;
    if (low == y.size() || y[i] < y[low]) low = i;
    if (high == y.size() || y[i] > y[high]) high = i;
    const bool rose = y[i] - y[low] >= least_change && y[i] > y[low];
    const bool fell = y[high] - y[i] >= least_change && y[i] < y[high];
    if (direction <= 0 && rose) {
      if (direction < 0) turns.push_back({low, true});
      direction = 1;
      high = i;
    } else if (direction >= 0 && fell) {
      if (direction > 0) turns.push_back({high, false});
      direction = -1;
      low = i;
    }
    if (direction > 0 && high == i) low = i;
    if (direction < 0 && low == i) high = i;
  }
  return turns;
}

DescentShape descent_of(std::span<const double> y, double least_change) {
  const auto known = [](double value) { return !std::isnan(value); };
  DescentShape shape;
  const auto first = std::find_if(y.begin(), y.end(), known);
  if (first == y.end()) return shape;
  const auto begin = static_cast<std::size_t>(first - y.begin());
  const auto end = static_cast<std::size_t>(std::find_if(y.rbegin(), y.rend(), known).base() - y.begin()) - 1;
  const std::vector<TurningPoint> turns = turning_points(y, least_change);
  if (turns.empty()) {
    const double change = y[end] - y[begin];
    shape.kind = change <= -least_change  ? Descent::falling
                 : change >= least_change ? Descent::rising
                                          : Descent::flat;
  } else if (turns.size() == 1) {
    shape.kind = turns.front().minimum ? Descent::single_minimum : Descent::single_maximum;
  } else {
    shape.kind = turns.size() == 2 && !turns.front().minimum ? Descent::other : Descent::twice;
  }
  if (!shape.rises()) return shape;
  const std::optional<std::size_t> peak = highest_peak(y, turns, begin);
  shape.peak = peak ? *peak : highest(y, lowest(y, begin, end), end);
  shape.first_minimum = lowest(y, begin, shape.peak);
  shape.second_minimum = lowest(y, shape.peak, end);
  shape.second_is_lower = y[shape.second_minimum] < y[shape.first_minimum];
  return shape;
}

DescentShape descent_by_ratio(std::span<const double> y, double least_ratio) {
  std::vector<double> logs;
  logs.reserve(y.size());
  for (const double value : y)
    logs.push_back(value > 0.0 ? std::log(value) : std::numeric_limits<double>::quiet_NaN());
  return descent_of(logs, std::log(least_ratio));
}

}  // namespace grokscope::theory
