// snapshot.json: everything a reader needs, in arrays by column. Non-finite numbers are null; where they
// stand and what they were is noted beside the array.
#include "export/snapshot_json.h"

#include <charconv>
#include <cmath>
#include <string_view>

#include "config/config_json.h"
#include "export/findings_json.h"
#include "history/interventions.h"
#include "history/phases.h"
#include "history/run_text.h"

namespace grokscope {

namespace {

constexpr const char* kSchema = "grokscope.snapshot/1";
constexpr std::size_t kMostArrayNumbers = std::size_t{4} << 20;

std::string_view kind_of(double value) {
  return std::isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf";
}

/// The double with the fewest digits that reads back to the same float: 0.1f is written as 0.1.
double shortest(float value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  double number = 0.0;
  std::from_chars(text, end, number);
  return number;
}
double shortest(double value) {
  return value;
}

/// {"values":[1,null,...]} into `array`; runs of non-finite values into `notes`:
/// {"from":1,"to":1,"value":"NaN"}.
template <typename Values>
void put_values(Json& array, Json& notes, const Values& values) {
  array = Json::array();
  array.get_ref<Json::array_t&>().reserve(std::size(values));
  notes = Json::array();
  std::size_t index = 0;
  for (const auto value : values) {
    if (std::isfinite(value)) {
      array.push_back(shortest(value));
    } else {
      array.push_back(nullptr);
      const std::string_view kind = kind_of(value);
      if (!notes.empty() && notes.back()["to"] == index - 1 && notes.back()["value"] == kind) {
        notes.back()["to"] = index;
      } else {
        notes.push_back({{"from", index}, {"to", index}, {"value", kind}});
      }
    }
    ++index;
  }
}

Json steps_json(std::span<const double> x) {
  Json steps = Json::array();
  for (const double step : x) steps.push_back(static_cast<std::int64_t>(step));
  return steps;
}

Json evaluations_json(const History& history) {
  Json columns = Json::object();
  Json nonfinite = Json::object();
  const auto evaluations = history.evaluations();
  Json& step = columns["step"] = Json::array();
  for (const Evaluation& e : evaluations) step.push_back(e.step);

  const auto put_column = [&](const std::string& name, auto get) {
    std::vector<double> values;
    values.reserve(evaluations.size());
    for (const Evaluation& e : evaluations) values.push_back(get(e));
    Json array, notes;
    put_values(array, notes, values);
    columns[name] = std::move(array);
    if (!notes.empty()) nonfinite[name] = std::move(notes);
  };
  put_column("elapsed_s", [](const Evaluation& e) { return e.elapsed_s; });
  for (const MetricColumn& column : metric_columns()) {
    if (column.integer) {
      Json& counts = columns[std::string(column.name)] = Json::array();
      for (const Evaluation& e : evaluations) counts.push_back(static_cast<std::int64_t>(column.get(e)));
    } else {
      put_column(std::string(column.name), column.get);
    }
  }
  columns["nonfinite"] = std::move(nonfinite);
  return columns;
}

Json probe_series_json(const History& history) {
  Json all = Json::object();
  for (const std::string& name : history.series_names()) {
    if (name.find('.') == std::string::npos) continue;  // a metric column
    const Series& series = *history.series(name);
    Json json = Json::object();
    Json values, notes;
    put_values(values, notes, series.y());
    json["step"] = steps_json(series.x());
    json["value"] = std::move(values);
    json["nonfinite"] = std::move(notes);
    all.get_ref<Json::object_t&>().emplace_back(name, std::move(json));
  }
  return all;
}

/// Numbers that the arrays of a snapshot's frames may still take: as text each takes up to twenty bytes.
class ArrayBudget {
 public:
  bool takes(std::size_t numbers) {
    if (numbers > left_) return false;
    left_ -= numbers;
    return true;
  }

 private:
  std::size_t left_ = kMostArrayNumbers;
};

Json array_json(const Array& array, ArrayBudget& budget) {
  if (!budget.takes(array.values.size()))
    return {{"shape", array.shape}, {"values", nullptr}, {"nonfinite", Json::array()}};
  Json values, notes;
  put_values(values, notes, array.values);
  return {{"shape", array.shape}, {"values", std::move(values)}, {"nonfinite", std::move(notes)}};
}

Json frame_json(const Frame& frame, ArrayBudget& budget) {
  Json json = Json::object();
  json["probe"] = frame.probe;
  json["step"] = frame.step;
  json["not_applicable"] = frame.not_applicable.empty() ? Json(nullptr) : Json(frame.not_applicable);
  Json& scalars = json["scalars"] = Json::object();
  Json scalar_notes = Json::array();
  for (const auto& [name, value] : frame.scalars) {
    // Straight onto the vector below: ordered_map's own insertion looks through all keys.
    scalars.get_ref<Json::object_t&>().emplace_back(name, finite_or_null(value));
    if (!std::isfinite(value)) scalar_notes.push_back(name + ": " + std::string(kind_of(value)));
  }
  json["nonfinite"] = std::move(scalar_notes);
  json["texts"] = Json::object();
  for (const auto& [name, text] : frame.texts) json["texts"][name] = text;
  Json& arrays = json["arrays"] = Json::object();
  for (const auto& [name, array] : frame.arrays) {
    arrays.get_ref<Json::object_t&>().emplace_back(name, array_json(array, budget));
  }
  return json;
}

Json first_step_json(const FirstSteps& first) {
  const auto or_null = [](std::int64_t step) { return step < 0 ? Json(nullptr) : Json(step); };
  return {{"train_90", or_null(first.train_90)}, {"train_99", or_null(first.train_99)},
          {"test_50", or_null(first.test_50)},   {"test_90", or_null(first.test_90)},
          {"test_95", or_null(first.test_95)},   {"test_99", or_null(first.test_99)}};
}

}  // namespace

Json snapshot_json(const History& history, const Provenance& made_by, const Json& facts, std::int64_t step) {
  Json json = Json::object();
  json["schema"] = kSchema;
  json["step"] = step;
  json["made_by"] = json_from_provenance(made_by);
  json["facts"] = facts.is_object() ? facts : Json::object();
  json["config"] = json_from_config(history.config());
  json["config_now"] = json_from_config(config_at(history, step));
  json["first_step"] = first_step_json(history.first_steps());

  Json& phases = json["phases"] = Json::array();
  for (const PhaseSpan& span : phases_at(history, step)) {
    phases.push_back({{"name", name_of(span.phase)}, {"begin", span.begin_step}, {"end", span.end_step}});
  }
  json["phase"] = theory::name_of(learning_phase_at(history, step));
  const Verdict verdict = verdict_at(history, step);
  json["verdict"] = {{"fact", verdict.fact}, {"sentence", verdict.sentence}};
  json["findings"] = findings_json(history, step);
  Json& events = json["events"] = Json::array();
  for (const Event& event : history.events()) events.push_back(json_from_event(event));
  json["series"] = {{"evaluations", evaluations_json(history)}, {"probes", probe_series_json(history)}};
  Json& frames = json["frames"] = Json::array();
  ArrayBudget budget;
  for (const std::string& probe : history.probes()) {
    if (const FramePtr frame = history.latest_at(probe, step)) frames.push_back(frame_json(*frame, budget));
  }
  return json;
}

std::string snapshot_text(const History& history, const Provenance& made_by, const Json& facts,
                          std::int64_t step) {
  return text_from_json(snapshot_json(history, made_by, facts, step)) + "\n";
}

}  // namespace grokscope
