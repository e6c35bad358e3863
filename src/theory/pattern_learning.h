// Pattern learning: three patterns that a network picks up at their own speeds, and what that does to train
// and test accuracy (Davies, Langosco, Krueger 2023, "Unifying grokking and double descent", equations 1 and
// 2). Pure. Any thread.
//
//   p_i(t) = γ_i / (1 + exp(-α_i (t - b_i)))           how many examples pattern i answers by then
//   train accuracy = 1 - Π_i (1 - p_i)
//   test accuracy  = Σ_A P(A) G(A), A the patterns that answer: G = the mean g of A, but that of the
//   preferred
//                    pattern (the last) alone where it is among them, and 0 for none
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/result.h"
#include "theory/run_curves.h"

namespace grokscope::theory {

struct Pattern {
  double speed = 0.1;           ///< α, per unit of time
  double onset = 50.0;          ///< b, in units of time
  double capacity = 1.0;        ///< γ, 0 .. 1
  double generalisation = 1.0;  ///< g, 0 .. 1

  double learned(double time) const;
};

/// Heuristic, overfitting, and slow and preferred.
using Patterns = std::array<Pattern, 3>;

/// Time runs from 0 to this in the paper's figures; a run is laid over it whole.
inline constexpr double kPatternTime = 300.0;

double train_accuracy(const Patterns& patterns, double time);
double test_accuracy(const Patterns& patterns, double time);

/// How many steps of the run one unit of time is, so that both curves come nearest to the run's (least
/// squares over its points); between a hundredth and a hundred times of what lays the run over all of the
/// time.
double fitted_steps_per_unit(const Patterns& patterns, const RunCurves& run);

/// Root of the mean squared difference of both accuracies.
double misfit(const Patterns& patterns, const RunCurves& run, double steps_per_unit);

struct PatternFit {
  Patterns patterns;
  Patterns errors;              ///< standard errors; NaN where a value stands at an end of its range
  double residual = 0.0;        ///< misfit() of it
  double steps_per_unit = 0.0;  ///< the run's last step is at kPatternTime
};

/// The patterns nearest to the run's curves by least squares, within the ranges of `least` and `most`
/// (Levenberg-Marquardt, Moré 1978, from `start`, from the published settings and from some places between).
/// Errors: a run of fewer points than there are numbers to fit.
Result<PatternFit> fit_patterns(const Patterns& start, const Patterns& least, const Patterns& most,
                                const RunCurves& run);

/// The settings of the paper's figures.
Patterns double_descent_patterns();
Patterns grokking_patterns();

}  // namespace grokscope::theory
