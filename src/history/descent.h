// The shape of a curve of errors: whether it falls, rises and falls again (double descent), where, and where
// the training error passes the level that effective model complexity is defined by. Over steps, widths or
// numbers of examples alike. Pure functions. Any thread.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/series.h"

namespace grokscope {

/// The training error up to which a training counts as fitting its examples: ε of Nakkiran et al. 2019,
/// definition 1, which they set to 0.1.
inline constexpr double kFitError = 0.1;
/// A smaller rise or fall of an error is none: about three standard errors of 3 000 test examples.
inline constexpr double kLeastDescent = 0.02;

/// A rise between two falls, or at an end.
struct ErrorBump {
  Sample valley;  ///< the lowest before the rise
  Sample peak;    ///< the highest behind that
  Sample after;   ///< the lowest behind the peak; the peak where nothing comes
  double rise() const { return peak.y - valley.y; }
  double fall() const { return peak.y - after.y; }
};

/// 1 − each of a series of accuracies up to `until`; nothing of a series that there is not.
std::vector<Sample> errors_of(const Series* accuracy, double until = std::numeric_limits<double>::infinity());

/// The rise to the peak that theory/curve_shape.h finds, if it is at least `least`. What is not finite is
/// passed over.
std::optional<ErrorBump> largest_bump(std::span<const Sample> errors, double least = kLeastDescent);

/// The most that the curve rises above anything before, a rise at its end included; 0: it never does.
double largest_rise(std::span<const Sample> errors);

/// Falls, rises and falls again, each by `least` or more.
bool is_double_descent(std::span<const Sample> errors, double least = kLeastDescent);

/// Means over up to `reach` samples on either side: a curve of single evaluations is jagged.
std::vector<Sample> smoothed(std::span<const Sample> errors, std::size_t reach);

/// Where the curve first falls to the level, between two samples by a straight line (`log_x`: over log x);
/// nothing: never, or it begins there.
std::optional<double> falls_to(std::span<const Sample> errors, double level, bool log_x);

/// One sentence about the shape, true for just this curve: "Test error falls to 18.5 % at step 128, peaks at
/// 26.9 % at step 300, and falls again to 9.9 % at step 2 400: lower than before." `place`: what stands
/// before a place, "step ". `unfinished`: more of the curve may come.
std::string descent_sentence(std::span<const Sample> errors, std::string place, bool unfinished);

}  // namespace grokscope
