// Statistics of a few repeated measurements, robust against the odd slow one. Pure functions. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace grokscope {

/// What repeats of one measurement say. All 0 when there were none.
struct Spread {
  double median = 0.0, minimum = 0.0, maximum = 0.0;
  double mad = 0.0;  ///< median absolute deviation from the median, not scaled
  std::size_t count = 0;
};

/// The middle value, or the mean of the two middle ones; 0 for none.
double median_of(std::vector<double> values);
Spread spread_of(std::span<const double> values);
/// The least-squares slope of log y against log x: the exponent with which y grows. All values must be > 0;
/// NaN for fewer than two different x.
double log_log_slope(std::span<const double> x, std::span<const double> y);

/// The straight line through points with the least squares of its errors.
struct LineFit {
  double slope = 0.0, intercept = 0.0;
  double r_squared = 0.0;  ///< the share of the variance of y that it explains
};
/// NaN for fewer than two different x; r_squared also where all y are the same.
LineFit line_fit(std::span<const double> x, std::span<const double> y);

}  // namespace grokscope
