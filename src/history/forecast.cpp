#include "history/forecast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/statistics.h"
#include "base/text.h"
#include "config/task_kinds.h"
#include "history/interventions.h"

namespace grokscope {

namespace {

constexpr double kEntropyFall = 0.02;   // from the run's own plateau
constexpr double kLossLeft = 0.95;      // of the test loss at half as many steps
constexpr std::size_t kFewestRuns = 8;  // below, the outer tenths say nothing
constexpr double kOuterShare = 0.1;     // left out at either end

bool test_loss_falls(const History& history, std::int64_t step, std::int64_t memorised) {
  const Evaluation *now = history.evaluation_at(step), *before = history.evaluation_at(step / 2);
  return now != nullptr && before != nullptr && before->step >= memorised &&
         now->test_loss <= kLossLeft * before->test_loss;
}

/// Walks over the looks since it had memorised; `visit(step, entropy, plateau)` says whether to go on.
template <typename Visit>
void for_each_entropy(const History& history, std::int64_t step, const Visit& visit) {
  const Series* entropy = history.series("entropy.spectral");
  const std::int64_t memorised = history.first_steps().train_99;
  if (entropy == nullptr || memorised < 0) return;
  double plateau = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < entropy->size(); ++i) {
    const Sample sample = entropy->at(i);
    const auto at = static_cast<std::int64_t>(sample.x);
    if (at > step) return;
    if (at < memorised || !std::isfinite(sample.y)) continue;
    plateau = std::max(plateau, sample.y);
    if (!visit(at, sample.y, plateau)) return;
  }
}

/// -1: none, up to the end.
std::int64_t first_change(const History& history) {
  for (const Event& event : history.events()) {
    if (is_intervention(event)) return event.step;
  }
  return -1;
}

std::int64_t step_in(const Json& detail, const char* key) {
  const auto found = detail.find(key);
  if (found == detail.end()) return -1;
  return whole_number_from_json(*found).value_or(-1);
}

}  // namespace

std::string family_of(const RunConfig& config) {
  std::string family = config.task.kind;
  if (config.task.kind == "modular" || config.task.kind == "s5") family += " " + config.task.operation;
  family += " | " + config.model.kind;
  if (config.model.kind != "quadratic") family += " " + std::to_string(config.model.depth);
  family += " | " + config.optimizer.kind;
  return config.task.label_noise > 0.0 ? family + " | noisy labels" : family;
}

std::int64_t generalised_step(const History& history, std::int64_t step) {
  const std::int64_t memorised = history.first_steps().train_99;
  if (memorised < 0) return -1;
  const double halfway = (1.0 + history.chance_level()) / 2.0;
  for (const Evaluation& evaluation : history.evaluations()) {
    if (evaluation.step > step) break;
    if (evaluation.step >= memorised && generalisation_of(evaluation) >= halfway) return evaluation.step;
  }
  return -1;
}

std::optional<ForecastGround> forecast_ground(const History& history, std::int64_t step) {
  std::optional<ForecastGround> ground;
  const std::int64_t memorised = history.first_steps().train_99;
  for_each_entropy(history, step, [&](std::int64_t at, double entropy, double plateau) {
    const bool both = plateau - entropy >= kEntropyFall && test_loss_falls(history, at, memorised);
    if (both) ground = ForecastGround{at, plateau, entropy};
    return !both;
  });
  if (!ground) return std::nullopt;
  const std::int64_t generalised = generalised_step(history, ground->step);
  return generalised < 0 ? ground : std::nullopt;
}

std::string why_no_ground(const History& history, std::int64_t step) {
  if (forecast_ground(history, step)) return "";
  const std::int64_t memorised = history.first_steps().train_99;
  if (memorised < 0 || memorised > step) return "It has not learned its training examples yet.";
  if (const std::int64_t generalised = generalised_step(history, step); generalised >= 0)
    return "It generalised at step " + grouped(generalised) + " without a warning before.";
  double fall = std::numeric_limits<double>::quiet_NaN();
  std::int64_t last = -1;
  for_each_entropy(history, step, [&](std::int64_t at, double entropy, double plateau) {
    fall = plateau - entropy;
    last = at;
    return true;
  });
  if (last < 0) return "The entropy of its last features has not been measured since it had memorised.";
  if (fall < kEntropyFall)
    return "The entropy of its last features has not fallen: " + pretty(fall, 2) + " of the " +
           pretty(kEntropyFall, 2) + " that a forecast wants.";
  return "The entropy of its last features has fallen, but its test loss has not.";
}

Result<Forecast> forecast_from(const ForecastGround& ground, const History& history,
                               const Calibration& calibration) {
  if (const std::int64_t changed = first_change(history); changed >= 0 && changed <= ground.step)
    return failure("it was changed at step " + grouped(changed) + ", which no run like it was.");
  const std::string family = family_of(history.config());
  const std::vector<double> waits = calibration.waits_of(family);
  if (waits.size() < kFewestRuns)
    return failure("only " + std::to_string(waits.size()) + " finished runs like this one are known, " +
                   std::to_string(kFewestRuns) + " are wanted.");
  // The k-th from either end: k/(n + 1) of new ones are expected beyond it, whatever their distribution.
  const auto count = static_cast<double>(waits.size());
  const auto outer = static_cast<std::size_t>(std::max(1.0, std::floor(kOuterShare * (count + 1.0))));
  const double shortest = waits[outer - 1], longest = waits[waits.size() - outer];
  if (!std::isfinite(longest)) {
    const auto never = std::count_if(waits.begin(), waits.end(), [](double w) { return !std::isfinite(w); });
    return failure(std::to_string(never) + " of " + std::to_string(waits.size()) +
                   " runs like this one came this far and never generalised.");
  }
  const auto warned = static_cast<double>(ground.step);
  return Forecast{ground.step, std::llround(shortest * warned), std::llround(longest * warned),
                  static_cast<int>(waits.size()), calibration.record_of(family)};
}

double defect_baseline(const History& history) {
  const Series* defects = history.series("commutator.defect");
  if (defects == nullptr || defects->size() < 3) return std::numeric_limits<double>::quiet_NaN();
  return median_of({defects->at(0).y, defects->at(1).y, defects->at(2).y});
}

std::int64_t defect_onset(const History& history, std::int64_t step) {
  const Series* defects = history.series("commutator.defect");
  const double baseline = defect_baseline(history);
  if (!std::isfinite(baseline)) return -1;
  for (std::size_t i = 3; i < defects->size(); ++i) {
    const Sample sample = defects->at(i);
    if (sample.x > static_cast<double>(step)) break;
    if (sample.y > kDefectFactor * baseline && sample.y > kDefectFloor)
      return static_cast<std::int64_t>(sample.x);
  }
  return -1;
}

Event event_of(const Forecast& forecast) {
  return {forecast.made_step,
          "forecast",
          {{"from", forecast.from_step},
           {"to", forecast.to_step},
           {"runs", forecast.runs},
           {"right", forecast.record.right},
           {"wrong", forecast.record.wrong},
           {"false_alarms", forecast.record.false_alarms}}};
}

Event event_of_none(std::int64_t step, const std::string& why) {
  return {step, "no_forecast", {{"text", "No forecast: " + why}}};
}

std::optional<Forecast> recorded_forecast(const History& history, std::int64_t step) {
  for (const Event& event : history.events()) {
    if (event.kind != "forecast" || event.step > step) continue;
    Forecast forecast{event.step, step_in(event.detail, "from"), step_in(event.detail, "to")};
    if (forecast.from_step < 0 || forecast.to_step < forecast.from_step) continue;
    forecast.runs = static_cast<int>(step_in(event.detail, "runs"));
    forecast.record.right = static_cast<int>(std::max<std::int64_t>(0, step_in(event.detail, "right")));
    forecast.record.wrong = static_cast<int>(std::max<std::int64_t>(0, step_in(event.detail, "wrong")));
    forecast.record.false_alarms =
        static_cast<int>(std::max<std::int64_t>(0, step_in(event.detail, "false_alarms")));
    return forecast;
  }
  return std::nullopt;
}

PastRun past_run_of(const History& history) {
  PastRun run;
  const Evaluation* last = history.last();
  if (last == nullptr || first_change(history) >= 0) return run;
  run.family = family_of(history.config());
  run.preset = history.config().preset;
  run.seed = history.config().seed;
  run.last_step = last->step;
  run.memorised_step = history.first_steps().train_99;
  run.generalised_step = generalised_step(history, last->step);
  if (const auto ground = forecast_ground(history, last->step)) run.warned_step = ground->step;
  if (const auto forecast = recorded_forecast(history, last->step))
    run.forecast = {forecast->made_step, forecast->from_step, forecast->to_step};
  return run;
}

}  // namespace grokscope
