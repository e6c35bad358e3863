#include "sweep/outcome.h"

#include <algorithm>

#include "base/version.h"
#include "config/config_json.h"
#include "config/fields.h"
#include "history/phases.h"
#include "sweep/outcome_key.h"

namespace grokscope {
namespace {

Json changed_settings(const RunConfig& config) {
  static const RunConfig standard;
  Json changed = Json::object();
  for (const Field& field : fields()) {
    const FieldValue value = field.get(config);
    if (field.name != "seed" && value != field.get(standard)) changed[field.name] = json_from_value(value);
  }
  return changed;
}

OutcomeSeries thinned(const History& history, const MetricColumn& column) {
  OutcomeSeries series;
  series.name = column.name;
  const auto all = history.evaluations();
  const std::size_t points = std::min(all.size(), kMostSeriesPoints);
  for (std::size_t i = 0; i < points; ++i) {
    const std::size_t at = points < 2 ? 0 : i * (all.size() - 1) / (points - 1);
    series.steps.push_back(all[at].step);
    series.values.push_back(column.get(all[at]));
  }
  return series;
}

Outcome begun(const OutcomeRequest& request, const RunConfig& config) {
  Outcome outcome;
  outcome.key = request.key;
  outcome.record = request.record;
  outcome.until = request.until;
  outcome.events = request.events;
  outcome.version = kVersion;
  outcome.numerics = kNumericsVersion;
  outcome.settings = changed_settings(config);
  outcome.seed = config.seed;
  return outcome;
}

}  // namespace

Outcome outcome_of(const OutcomeRequest& request, const Session& session) {
  const History& history = session.history();
  Outcome outcome = begun(request, history.config());
  outcome.stopped = session.status().stopped;
  if (session.facts()) outcome.engine = session.facts()->engine;
  outcome.first = history.first_steps();
  if (const Evaluation* last = history.last()) outcome.last = *last;
  for (const Evaluation& e : history.evaluations()) {
    if (!(outcome.best_test_accuracy >= e.test_accuracy)) outcome.best_test_accuracy = e.test_accuracy;
  }
  outcome.phase = theory::name_of(learning_phase_at(history, outcome.last.step));
  outcome.seconds = outcome.last.elapsed_s;
  for (const MetricColumn& column : metric_columns()) {
    if (std::find(request.record.begin(), request.record.end(), column.name) != request.record.end())
      outcome.series.push_back(thinned(history, column));
  }
  return outcome;
}

Outcome failed_outcome(const OutcomeRequest& request, const RunConfig& config, const Error& why) {
  Outcome outcome = begun(request, config);
  outcome.stopped = Outcome::kFailed;
  outcome.error = why.message;
  outcome.blame = why.blame;
  return outcome;
}

}  // namespace grokscope
