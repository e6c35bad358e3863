// The fit of pattern_learning.h: Eigen's port of MINPACK's lmder, in coordinates that cannot leave the
// ranges: value = least + (most - least) (1 + sin u) / 2. Not Ceres Solver: Debian's brings 23 packages,
// among them ATLAS, which would take the place of OpenBLAS for everything else on the machine, for twelve
// numbers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include <Eigen/Dense>
#include <unsupported/Eigen/LevenbergMarquardt>

#include "theory/pattern_learning.h"

namespace grokscope::theory {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

constexpr Eigen::Index kNumbers = 12;
constexpr std::size_t kMostPoints = 200;
constexpr int kTrials = 60,
              kPolish = 600;  // evaluations from each start, and from the best of what they found

Vector numbers_of(const Patterns& patterns) {
  Vector all(kNumbers);
  Eigen::Index i = 0;
  for (const Pattern& one : patterns) {
    for (const double value : {one.speed, one.onset, one.capacity, one.generalisation}) all(i++) = value;
  }
  return all;
}

Patterns patterns_of(const Vector& all) {
  Patterns patterns;
  Eigen::Index i = 0;
  for (Pattern& one : patterns) {
    for (double* value : {&one.speed, &one.onset, &one.capacity, &one.generalisation}) *value = all(i++);
  }
  return patterns;
}

/// As many points as a fit needs, evenly over time: a run may have recorded a hundred thousand.
RunCurves thinned(const RunCurves& run) {
  RunCurves few;
  const double end = run.steps.back();
  double next = 0.0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    if (run.size() > kMostPoints && run.steps[i] < next && i + 1 < run.size()) continue;
    next = run.steps[i] + end / static_cast<double>(kMostPoints);
    few.steps.push_back(run.steps[i] / end * kPatternTime);
    few.train_accuracy.push_back(run.train_accuracy[i]);
    few.test_accuracy.push_back(run.test_accuracy[i]);
  }
  return few;
}

/// Differences of both accuracies over the inner coordinates u.
struct PatternResiduals : Eigen::DenseFunctor<double> {
  PatternResiduals(const RunCurves& curves, Vector low, Vector high)
      : DenseFunctor(static_cast<int>(kNumbers), static_cast<int>(2 * curves.size())),
        run(curves),
        least(std::move(low)),
        most(std::move(high)) {}

  Vector outer(const Vector& u) const {
    return least.array() + (most - least).array() * (1.0 + u.array().sin()) / 2.0;
  }
  Vector inner(const Vector& values) const {
    const Eigen::ArrayXd share =
        ((values - least).array() / (most - least).array()).max(0.005).min(0.995);  // not where sin is flat
    return (2.0 * share - 1.0).asin();
  }
  Vector differences(const Vector& values) const {
    const Patterns patterns = patterns_of(values);
    Vector all(2 * static_cast<Eigen::Index>(run.size()));
    for (std::size_t i = 0; i < run.size(); ++i) {
      const auto at = 2 * static_cast<Eigen::Index>(i);
      all(at) = train_accuracy(patterns, run.steps[i]) - run.train_accuracy[i];
      all(at + 1) = test_accuracy(patterns, run.steps[i]) - run.test_accuracy[i];
    }
    return all;
  }
  /// ∂differences/∂values by central differences.
  Matrix slopes(const Vector& values) const {
    Matrix J(2 * static_cast<Eigen::Index>(run.size()), kNumbers);
    for (Eigen::Index i = 0; i < kNumbers; ++i) {
      const double step = 1e-5 * (most(i) - least(i));
      Vector up = values, down = values;
      up(i) += step;
      down(i) -= step;
      J.col(i) = (differences(up) - differences(down)) / (2.0 * step);
    }
    return J;
  }
  int operator()(const InputType& u, ValueType& all) const {
    all = differences(outer(u));
    return 0;
  }
  int df(const InputType& u, JacobianType& J) const {
    J = slopes(outer(u)) * ((most - least).array() * u.array().cos() / 2.0).matrix().asDiagonal();
    return 0;
  }

  const RunCurves& run;
  Vector least, most;
};

/// Within that share of its range from an end, a value stands at the end.
constexpr double kAtEnd = 1e-3;

/// Roots of the diagonal of s² (JᵀJ)⁻¹ over the values that are free; NaN for those at an end of their range
/// and those that the curves say nothing of.
Vector standard_errors(const PatternResiduals& problem, const Vector& values) {
  std::vector<Eigen::Index> free;
  for (Eigen::Index i = 0; i < kNumbers; ++i) {
    const double share = (values(i) - problem.least(i)) / (problem.most(i) - problem.least(i));
    if (share > kAtEnd && share < 1.0 - kAtEnd) free.push_back(i);
  }
  Vector errors = Vector::Constant(kNumbers, std::numeric_limits<double>::quiet_NaN());
  const Vector left = problem.differences(values);
  const auto spare = left.size() - static_cast<Eigen::Index>(free.size());
  if (free.empty() || spare <= 0) return errors;
  const Matrix all = problem.slopes(values);
  Matrix J(left.size(), static_cast<Eigen::Index>(free.size()));
  for (std::size_t i = 0; i < free.size(); ++i) J.col(static_cast<Eigen::Index>(i)) = all.col(free[i]);
  const Eigen::ColPivHouseholderQR<Matrix> qr(J.transpose() * J);
  if (!qr.isInvertible()) return errors;
  const Vector variances = (left.squaredNorm() / static_cast<double>(spare)) * qr.inverse().diagonal();
  for (std::size_t i = 0; i < free.size(); ++i)
    errors(free[i]) = std::sqrt(variances(static_cast<Eigen::Index>(i)));  // NaN if rounding made it negative
  return errors;
}

Vector descended_from(PatternResiduals& problem, const Vector& start, int evaluations) {
  Vector u = problem.inner(start);
  Eigen::LevenbergMarquardt<PatternResiduals> descent(problem);
  descent.setMaxfev(evaluations);
  descent.setXtol(1e-10);
  descent.setFtol(1e-12);
  descent.minimize(u);
  return problem.outer(u);
}

/// Where to begin: a run's steep place may lie anywhere.
std::vector<Vector> starts_of(const Patterns& start) {
  std::vector<Vector> all{numbers_of(start), numbers_of(double_descent_patterns()),
                          numbers_of(grokking_patterns())};
  for (const double early : {5.0, 20.0, 60.0}) {
    for (const double late : {60.0, 120.0, 200.0}) {
      Patterns one = grokking_patterns();
      one[0].onset = one[1].onset = early;
      one[0].speed = one[1].speed = 5.0 / early;
      one[0].capacity = 0.2;
      one[2].onset = late;
      one[2].speed = 10.0 / late;
      all.push_back(numbers_of(one));
    }
  }
  return all;
}

}  // namespace

Result<PatternFit> fit_patterns(const Patterns& start, const Patterns& least, const Patterns& most,
                                const RunCurves& run) {
  if (run.size() < static_cast<std::size_t>(kNumbers) || !(run.steps.back() > 0.0))
    return failure("a fit needs a run of at least 12 evaluations: train it longer, then fit again");
  const RunCurves curves = thinned(run);
  PatternResiduals problem(curves, numbers_of(least), numbers_of(most));
  Vector best = numbers_of(start);
  double smallest = std::numeric_limits<double>::infinity();
  for (const Vector& from : starts_of(start)) {
    const Vector found = descended_from(problem, from, kTrials);
    const double left = problem.differences(found).squaredNorm();
    if (!(left < smallest)) continue;
    smallest = left;
    best = found;
  }
  best = descended_from(problem, best, kPolish);
  PatternFit fit{.patterns = patterns_of(best),
                 .errors = patterns_of(standard_errors(problem, best)),
                 .residual = 0.0,
                 .steps_per_unit = run.steps.back() / kPatternTime};
  fit.residual = misfit(fit.patterns, run, fit.steps_per_unit);
  return fit;
}

}  // namespace grokscope::theory
