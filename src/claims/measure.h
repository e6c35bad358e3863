// What claims measure on histories, and how they say it. Pure functions. Any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claims/claim.h"
#include "history/descent.h"

namespace grokscope {

/// First step at which the series (a metric or "<probe>.<scalar>") was at least, or at most, the level; -1 if
/// never.
std::int64_t first_at_least(const History& history, std::string_view series, double level);
std::int64_t first_at_most(const History& history, std::string_view series, double level);

/// NaN where nothing was recorded. `at_step`: the last sample at or before the step.
double value_at(const History& history, std::string_view series, std::int64_t at_step);
double last_of(const History& history, std::string_view series);
/// The best test accuracy; where the order of a and b does not matter, of the pairs whose mirror is not
/// trained on: the others come free.
double best_generalisation(const History& history);
double largest_of(const History& history, std::string_view series);
double smallest_of(const History& history, std::string_view series);
/// The step of the largest value; -1 if there is none.
std::int64_t step_of_largest(const History& history, std::string_view series);

/// How many times as long the test took: later / earlier. NaN if `earlier` was never reached, infinite if
/// only `later` was not. Step 0 counts as 1.
double step_ratio(std::int64_t later, std::int64_t earlier);
/// test_95 / train_99 of a run.
double delay_of(const History& history);

/// "14.5 %, 24.7 %, 10.0 %": the first minimum, the peak and the second minimum of an error curve.
std::string minima_and_peak(const std::optional<ErrorBump>& bump);

/// The middle one of the values, of which NaN (a ratio that does not exist) counts as `undefined`: the end of
/// the scale that speaks against the claim.
double median_with(std::vector<double> values, double undefined);
/// The middle one of the first steps of a cell, infinite if that is never.
double median_step(std::span<const TrainedRun> cell, std::int64_t FirstSteps::*level);
/// The runs in cells of `seeds` each, one after the other.
std::vector<std::span<const TrainedRun>> cells_of(std::span<const TrainedRun> trained, std::int64_t seeds);

/// "2 640" or "never".
std::string step_text(std::int64_t step);
/// "12.5", "never" for infinity, "undefined" for NaN.
std::string ratio_text(double ratio);
/// Each as ratio_text: "12.5, 8.4, never".
std::string ratio_texts(const std::vector<double>& ratios);
/// "a, b and c"-less: joined by ", ".
std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ");
/// Adds a sentence to the explanation of a judgement; nothing if `fine`.
void require(Judgement& judgement, bool fine, const std::string& otherwise);

}  // namespace grokscope
