#include "base/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
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

double log_log_slope(std::span<const double> x, std::span<const double> y) {
  const std::size_t count = std::min(x.size(), y.size());
  double mean_x = 0.0, mean_y = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    mean_x += std::log(x[i]) / static_cast<double>(count);
    mean_y += std::log(y[i]) / static_cast<double>(count);
  }
  double covariance = 0.0, variance = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double dx = std::log(x[i]) - mean_x;
    covariance += dx * (std::log(y[i]) - mean_y);
    variance += dx * dx;
  }
  return variance > 0.0 ? covariance / variance : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace grokscope
