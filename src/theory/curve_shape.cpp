// See curve_shape.h.
#include "theory/curve_shape.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

DescentShape descent_of(std::span<const double> y, double least_ratio) {
  std::vector<double> logs;
  logs.reserve(y.size());
  for (const double value : y)
    logs.push_back(value > 0.0 ? std::log(value) : std::numeric_limits<double>::quiet_NaN());
  const double least = std::log(least_ratio);
  const std::vector<TurningPoint> turns = turning_points(logs, least);
  DescentShape shape;
  const auto first_known = std::find_if(logs.begin(), logs.end(), [](double v) { return !std::isnan(v); });
  if (first_known == logs.end()) return shape;
  const auto begin = static_cast<std::size_t>(first_known - logs.begin());
  std::size_t end = logs.size() - 1;
  while (std::isnan(logs[end])) --end;
  if (turns.empty()) {
    const double change = logs[end] - logs[begin];
    shape.kind = change <= -least ? Descent::falling : change >= least ? Descent::rising : Descent::flat;
    return shape;
  }
  if (turns.size() == 1) {
    shape.kind = turns.front().minimum ? Descent::single_minimum : Descent::single_maximum;
    (turns.front().minimum ? shape.first_minimum : shape.peak) = turns.front().index;
    if (turns.front().minimum) return shape;
    shape.first_minimum = lowest(y, begin, shape.peak);
    shape.second_minimum = lowest(y, shape.peak, end);
  } else {
    // The highest of the maxima that a minimum stands before.
    std::size_t peak = logs.size();
    for (std::size_t i = 1; i < turns.size(); ++i) {
      if (!turns[i].minimum && (peak == logs.size() || logs[turns[i].index] > logs[peak]))
        peak = turns[i].index;
    }
    if (peak == logs.size()) {  // a maximum, then a minimum
      shape.kind = Descent::other;
      return shape;
    }
    shape.kind = Descent::twice;
    shape.peak = peak;
    shape.first_minimum = lowest(y, begin, peak);
    shape.second_minimum = lowest(y, peak, end);
  }
  shape.second_is_lower = y[shape.second_minimum] < y[shape.first_minimum];
  return shape;
}

}  // namespace grokscope::theory
