// When a run that has memorised will generalise: the ground for a forecast, found in what was measured so
// far, and the interval, taken from runs like it that are over. Pure functions of the history; nothing that
// came after `step` is looked at. Main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "history/calibration.h"
#include "history/history.h"

namespace grokscope {

/// The spectral entropy below which the published runs generalised (Truong et al. 2026: 0.609, 95 % interval
/// 0.595 to 0.624, one-layer transformers mod 97).
inline constexpr double kPublishedEntropy = 0.609;
/// A commutator defect is an onset when it is above both (Xu 2026): ten times the median of the first three,
/// and 20.
inline constexpr double kDefectFactor = 10.0, kDefectFloor = 20.0;

/// What runs like this one have in common: task and operation, architecture and depth, optimizer, and whether
/// some labels are wrong.
/// "modular + | transformer 1 | adamw".
std::string family_of(const RunConfig& config);

/// First step at or before `step`, after it had memorised, with a test accuracy half way from chance to
/// 100 %; -1: not yet.
std::int64_t generalised_step(const History& history, std::int64_t step);

/// The first look, after it had memorised and before it generalised, at which both hold: the spectral entropy
/// of the last features has fallen by 0.02 from its highest value since (`plateau`), and test loss is 5 %
/// below what it was at half as many steps.
struct ForecastGround {
  std::int64_t step = 0;
  double plateau = 0.0, entropy = 0.0;
};
std::optional<ForecastGround> forecast_ground(const History& history, std::int64_t step);
/// One sentence: which of the two is missing so far; "" where there is ground.
std::string why_no_ground(const History& history, std::int64_t step);

struct Forecast {
  std::int64_t made_step = 0;
  std::int64_t from_step = 0, to_step = 0;
  int runs = 0;  ///< that it is made from
  ForecastRecord record;
};
/// The middle four fifths of how long runs like it waited after their warning, as multiples of the step of
/// the warning. An error in words where there is ground but no forecast can be made: fewer than eight runs
/// like this one, too many of them that never generalised, or a run that was changed by hand.
Result<Forecast> forecast_from(const ForecastGround& ground, const History& history,
                               const Calibration& calibration);

/// The first step at which the commutator defect is an onset as published, at or before `step`; -1: none.
std::int64_t defect_onset(const History& history, std::int64_t step);
/// The median of the first three defects; NaN before there are three.
double defect_baseline(const History& history);

/// The events that record them: kind "forecast", with from, to, runs, right, wrong and false_alarms; kind
/// "no_forecast", with a text.
Event event_of(const Forecast& forecast);
Event event_of_none(std::int64_t step, const std::string& why);
/// The forecast that an event of the history records, at or before `step`.
std::optional<Forecast> recorded_forecast(const History& history, std::int64_t step);

/// What a run that is over teaches (calibration.h).
PastRun past_run_of(const History& history);

}  // namespace grokscope
