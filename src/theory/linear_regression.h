// Linear regression with Gaussian features, of which the first d are used: the expected excess risk of the
// minimum-norm least-squares solution in closed form, and by drawing training sets (Belkin, Hsu, Xu 2020,
// "Two models of double descent for weak features", theorem 1; Breiman and Freedman 1983). Pure. Any thread.
//
//   y = x·β + σ ε, x ~ N(0, I_D), ε ~ N(0, 1), n examples;  miss = Σ_{j>d} β_j²,  s² = σ² + miss
//   risk(d) = miss + s² d / (n - d - 1)                                     d < n - 1
//           = miss + (|β|² - miss) (1 - n / d) + s² n / (d - n - 1)         d > n + 1
//           = infinite                                                      else
#pragma once

#include <cstdint>
#include <vector>

namespace grokscope::theory {

struct LinearRegression {
  std::int64_t examples = 100;  ///< n
  std::int64_t features = 200;  ///< D
  double noise = 0.5;           ///< σ
  double norm = 4.0;            ///< |β|
  double decay = 0.75;          ///< β_j² ∝ j^-decay; 0: all alike
};

/// β, (feature), all positive: their signs make no difference to isotropic features.
std::vector<double> coefficients_of(const LinearRegression& problem);

/// Expected excess risk with the first d features, 1 <= d <= D.
double expected_risk(const LinearRegression& problem, std::int64_t d);
/// Of all d from 1 to D, (D).
std::vector<double> expected_risks(const LinearRegression& problem);

/// Draws one training set from the stream "linear_regression <trial>" of the seed, fits it with the first d
/// features for each of `counts`, and gives the exact excess risk |β̂ - β|² of each, (count).
std::vector<double> drawn_risks(const LinearRegression& problem, const std::vector<std::int64_t>& counts,
                                std::uint64_t seed, std::int64_t trial);

/// Mean and standard error of the mean, added to one value at a time (Welford 1962).
class RunningMean {
 public:
  void add(double value);
  std::int64_t count() const { return count_; }
  double mean() const { return mean_; }
  double standard_error() const;  ///< NaN for fewer than two

 private:
  std::int64_t count_ = 0;
  double mean_ = 0.0, squares_ = 0.0;
};

}  // namespace grokscope::theory
