// See linear_regression.h.
#include "theory/linear_regression.h"

#include <cmath>
#include <limits>
#include <string>

#include <Eigen/Dense>

#include "base/random.h"

namespace grokscope::theory {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

double risk_of(const LinearRegression& problem, std::int64_t d, double missed, double found) {
  const auto n = static_cast<double>(problem.examples), m = static_cast<double>(d);
  const double noise = problem.noise * problem.noise + missed;
  if (m < n - 1.0) return missed + noise * m / (n - m - 1.0);
  if (m > n + 1.0) return missed + found * (1.0 - n / m) + noise * n / (m - n - 1.0);
  return std::numeric_limits<double>::infinity();
}

/// The shortest w with the least |X w - y|; a Gaussian X has full rank.
Vector shortest_solution(const Eigen::Ref<const Matrix>& X, const Vector& y) {
  if (X.cols() <= X.rows()) return Eigen::HouseholderQR<Matrix>(X).solve(y);
  const Eigen::HouseholderQR<Matrix> qr(X.transpose());  // X^T = Q R, so w = Q R^-T y
  const Eigen::Index n = X.rows();
  Vector w = Vector::Zero(X.cols());
  w.head(n) = qr.matrixQR().topLeftCorner(n, n).triangularView<Eigen::Upper>().transpose().solve(y);
  w.applyOnTheLeft(qr.householderQ());
  return w;
}

}  // namespace

std::vector<double> coefficients_of(const LinearRegression& problem) {
  std::vector<double> beta;
  double sum = 0.0;
  for (std::int64_t j = 1; j <= problem.features; ++j) {
    beta.push_back(std::pow(static_cast<double>(j), -0.5 * problem.decay));
    sum += beta.back() * beta.back();
  }
  for (double& one : beta) one *= problem.norm / std::sqrt(sum);
  return beta;
}

std::vector<double> expected_risks(const LinearRegression& problem) {
  const std::vector<double> beta = coefficients_of(problem);
  double all = 0.0, found = 0.0;
  for (const double one : beta) all += one * one;
  std::vector<double> risks;
  for (std::size_t d = 1; d <= beta.size(); ++d) {
    found += beta[d - 1] * beta[d - 1];
    const double missed = d == beta.size() ? 0.0 : all - found;
    risks.push_back(risk_of(problem, static_cast<std::int64_t>(d), missed, found));
  }
  return risks;
}

double expected_risk(const LinearRegression& problem, std::int64_t d) {
  return expected_risks(problem)[static_cast<std::size_t>(d - 1)];
}

std::vector<double> drawn_risks(const LinearRegression& problem, const std::vector<std::int64_t>& counts,
                                std::uint64_t seed, std::int64_t trial) {
  RandomStream random(seed, "linear_regression " + std::to_string(trial));
  const std::vector<double> coefficients = coefficients_of(problem);
  const Vector beta = Eigen::Map<const Vector>(coefficients.data(), problem.features);
  Matrix X(problem.examples, problem.features);  // (example, feature)
  for (double& x : X.reshaped()) x = random.normal();
  Vector y = X * beta;
  for (double& one : y) one += problem.noise * random.normal();
  std::vector<double> risks;
  for (const std::int64_t d : counts) {
    const Vector w = shortest_solution(X.leftCols(d), y);
    risks.push_back((w - beta.head(d)).squaredNorm() + beta.tail(problem.features - d).squaredNorm());
  }
  return risks;
}

void RunningMean::add(double value) {
  ++count_;
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
}

double RunningMean::standard_error() const {
  if (count_ < 2) return std::numeric_limits<double>::quiet_NaN();
  const auto count = static_cast<double>(count_);
  return std::sqrt(squares_ / (count - 1.0) / count);
}

}  // namespace grokscope::theory
