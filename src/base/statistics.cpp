#include "base/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace grokscope {

double median_of(std::vector<double> values) {
  if (values.empty()) return 0.0;
  const std::size_t middle = values.size() / 2;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(middle);
  std::nth_element(values.begin(), at, values.end());
  if (values.size() % 2 == 1) return *at;
  return (*std::max_element(values.begin(), at) + *at) / 2.0;
}

Spread spread_of(std::span<const double> values) {
  Spread spread;
  if (values.empty()) return spread;
  std::vector<double> all(values.begin(), values.end());
  spread.count = all.size();
  spread.minimum = *std::min_element(all.begin(), all.end());
  spread.maximum = *std::max_element(all.begin(), all.end());
  spread.median = median_of(all);
  for (double& value : all) value = std::abs(value - spread.median);
  spread.mad = median_of(std::move(all));
  return spread;
}

LineFit line_fit(std::span<const double> x, std::span<const double> y) {
  const auto mean = [](std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  const double x_mean = mean(x), y_mean = mean(y);
  double xx = 0.0, xy = 0.0, yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    xy += (x[i] - x_mean) * (y[i] - y_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
  }
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  if (!(xx > 0.0)) return {kNan, kNan, kNan};
  const double slope = xy / xx;
  return {slope, y_mean - slope * x_mean, yy > 0.0 ? slope * xy / yy : kNan};
}

double log_log_slope(std::span<const double> x, std::span<const double> y) {
  const std::size_t count = std::min(x.size(), y.size());
  std::vector<double> log_x(count), log_y(count);
  for (std::size_t i = 0; i < count; ++i) {
    log_x[i] = std::log(x[i]);
    log_y[i] = std::log(y[i]);
  }
  return line_fit(log_x, log_y).slope;
}

}  // namespace grokscope
