// The line of an outcome, in and out (outcome.h). Its first three keys always stand in the same places, so
// that a reader of a hundred thousand lines need not parse those that it does not want.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/outside_text.h"
#include "sweep/outcome.h"

namespace grokscope {
namespace {

constexpr std::size_t kLongestLine = 4u << 20;
constexpr std::size_t kKeyLength = 32;
constexpr const char* kUsage = "usage";  // of "blame"

struct FirstStep {
  const char* name;
  std::int64_t FirstSteps::*step;
};
constexpr FirstStep kFirstSteps[] = {
    {"train_90", &FirstSteps::train_90}, {"train_99", &FirstSteps::train_99},
    {"test_50", &FirstSteps::test_50},   {"test_90", &FirstSteps::test_90},
    {"test_95", &FirstSteps::test_95},   {"test_99", &FirstSteps::test_99},
};

Json json_from_series(const OutcomeSeries& series) {
  Json values = Json::array();
  for (const double value : series.values) {
    // What is not finite is a text: a list has no place for a note beside it.
    if (std::isfinite(value)) {
      values.push_back(value);
    } else {
      values.push_back(std::isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf");
    }
  }
  return {{"step", series.steps}, {"value", std::move(values)}};
}

double number_from(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (value == "inf") return INFINITY;
  if (value == "-inf") return -INFINITY;
  return Outcome::kNan;
}

/// Takes `text` off the front of `line`.
bool take(std::string_view& line, std::string_view text) {
  if (!line.starts_with(text)) return false;
  line.remove_prefix(text.size());
  return true;
}

/// What put_number() wrote.
double read_number(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  if (found != object.end() && found->is_number()) return found->get<double>();
  const auto notes = object.find("nonfinite");
  if (notes == object.end() || !notes->is_array()) return Outcome::kNan;
  for (const Json& note : *notes) {
    const auto* const text = note.get_ptr<const std::string*>();
    std::string_view rest = text != nullptr ? std::string_view(*text) : std::string_view();
    if (!take(rest, key)) continue;
    if (rest == ": inf") return INFINITY;
    if (rest == ": -inf") return -INFINITY;
  }
  return Outcome::kNan;
}

std::string text_from(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t whole_from(const Json& object, std::string_view key, std::int64_t otherwise) {
  const auto found = object.find(key);
  return found == object.end() ? otherwise : whole_number_from_json(*found).value_or(otherwise);
}

void read_series(const Json& json, Outcome& outcome) {
  for (const auto& [name, entry] : json.items()) {
    if (!entry.is_object()) continue;
    OutcomeSeries series;
    series.name = name;
    const Json steps = entry.value("step", Json::array()), values = entry.value("value", Json::array());
    if (!steps.is_array() || !values.is_array()) continue;
    for (std::size_t i = 0; i < std::min(steps.size(), values.size()); ++i) {
      series.steps.push_back(whole_number_from_json(steps[i]).value_or(0));
      series.values.push_back(number_from(values[i]));
    }
    outcome.series.push_back(std::move(series));
  }
}

/// What stands before the next `end`, which is taken off, too.
std::optional<std::string_view> take_until(std::string_view& line, char end) {
  const auto at = line.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = line.substr(0, at);
  line.remove_prefix(at + 1);
  return before;
}

/// Nothing but numbers, and the texts for those that are not finite.
bool is_plain_list(std::string_view text) {
  static constexpr auto kMayStand = [] {
    std::array<bool, 256> may{};
    for (const char c : std::string_view("0123456789+-.eE,\"NaNinf"))
      may[static_cast<unsigned char>(c)] = true;
    return may;
  }();
  bool plain = true;
  for (const char c : text) plain &= kMayStand[static_cast<unsigned char>(c)];
  return plain;
}

/// What stands behind `"series":{` as line_from_outcome() writes it; nothing: as somebody else does.
std::optional<std::vector<SeriesPoints>> copy_points(std::string_view text) {
  std::vector<SeriesPoints> all;
  while (!text.starts_with('}')) {
    if (!all.empty() && !take(text, ",")) return std::nullopt;
    if (!take(text, "\"")) return std::nullopt;
    const auto name = take_until(text, '"');
    if (!name || name->find('\\') != std::string_view::npos || !take(text, ":")) return std::nullopt;
    const char* const begin = text.data();
    if (!take(text, "{\"step\":[")) return std::nullopt;
    const auto steps = take_until(text, ']');
    if (!steps || !take(text, ",\"value\":[")) return std::nullopt;
    const auto values = take_until(text, ']');
    if (!values || !take(text, "}")) return std::nullopt;
    if (!is_plain_list(*steps) || !is_plain_list(*values)) return std::nullopt;
    all.push_back({std::string(*name), std::string(begin, text.data())});
  }
  return text == "}}" ? std::optional(std::move(all)) : std::nullopt;
}

}  // namespace

std::string line_from_outcome(const Outcome& outcome) {
  Json json;
  json["schema"] = kOutcomeSchema;
  json["key"] = outcome.key;
  json["record"] = outcome.record;
  json["stopped"] = outcome.stopped;
  if (!outcome.error.empty()) json["error"] = outcome.error;
  if (outcome.blame == Blame::usage) json["blame"] = kUsage;
  json["version"] = outcome.version;
  json["numerics"] = outcome.numerics;
  json["engine"] = outcome.engine;
  json["settings"] = outcome.settings;
  json["seed"] = outcome.seed;
  if (!outcome.until.empty()) json["until"] = outcome.until;
  if (!outcome.events.empty()) json["events"] = outcome.events;
  Json first;
  for (const FirstStep& at : kFirstSteps)
    first[at.name] = outcome.first.*at.step < 0 ? Json() : Json(outcome.first.*at.step);
  json["first_step"] = std::move(first);
  Json last;
  last["step"] = outcome.last.step;
  for (const MetricColumn& column : metric_columns()) {
    if (column.integer) {
      last[std::string(column.name)] = static_cast<std::int64_t>(column.get(outcome.last));
    } else {
      put_number(last, std::string(column.name), column.get(outcome.last));
    }
  }
  json["last"] = std::move(last);
  put_number(json, "best_test_accuracy", outcome.best_test_accuracy);
  json["phase"] = outcome.phase;
  json["seconds"] = outcome.seconds;
  json["series"] = Json::object();
  for (const OutcomeSeries& series : outcome.series) json["series"][series.name] = json_from_series(series);
  return text_from_json(json);
}

Result<Outcome> outcome_from_line(std::string_view line, const std::string& source) {
  if (!head_of_line(line)) return failure("cannot read an outcome: it is no line of this version: " + source);
  auto json = parse_json(line, source, kLongestLine);
  if (!json) return json.error();
  const auto taken = [&](const char* key, Json otherwise) {  // not copied: it is most of what there is
    const auto found = json->find(key);
    return found == json->end() ? std::move(otherwise) : std::move(*found);
  };
  Outcome outcome;
  outcome.key = text_from(*json, "key");
  for (const Json& name : json->value("record", Json::array()))
    if (name.is_string()) outcome.record.push_back(name.get<std::string>());
  outcome.stopped = text_from(*json, "stopped");
  outcome.error = text_from(*json, "error");
  if (text_from(*json, "blame") == kUsage) outcome.blame = Blame::usage;
  outcome.version = text_from(*json, "version");
  outcome.numerics = static_cast<int>(whole_from(*json, "numerics", 0));
  outcome.engine = text_from(*json, "engine");
  outcome.settings = taken("settings", Json::object());
  outcome.seed = whole_from(*json, "seed", 0);
  outcome.until = text_from(*json, "until");
  outcome.events = taken("events", Json::array());
  const Json first = taken("first_step", Json::object()), last = taken("last", Json::object());
  const Json series = taken("series", Json::object());
  if (!first.is_object() || !last.is_object() || !series.is_object() || !outcome.settings.is_object() ||
      !outcome.events.is_array())
    return failure("cannot read an outcome: a part of it is no object or no list: " + source);
  for (const FirstStep& at : kFirstSteps) outcome.first.*at.step = whole_from(first, at.name, -1);
  outcome.last.step = whole_from(last, "step", 0);
  for (const MetricColumn& column : metric_columns())
    column.set(outcome.last, column.integer ? static_cast<double>(whole_from(last, column.name, 0))
                                            : read_number(last, column.name));
  outcome.best_test_accuracy = read_number(*json, "best_test_accuracy");
  outcome.phase = text_from(*json, "phase");
  outcome.seconds = read_number(*json, "seconds");
  read_series(series, outcome);
  return outcome;
}

Result<OutcomeWithPoints> outcome_and_points(std::string_view line, const std::string& source) {
  constexpr std::string_view kSeries = ",\"series\":{";  // the last key; a quote in a text is escaped
  const auto series = line.find(kSeries);
  auto texts =
      series == std::string_view::npos ? std::nullopt : copy_points(line.substr(series + kSeries.size()));
  auto outcome = texts ? outcome_from_line(std::string(line.substr(0, series)) + "}", source)
                       : outcome_from_line(line, source);
  if (!outcome) return outcome.error();
  OutcomeWithPoints read{std::move(*outcome), {}};
  if (texts) {
    read.series = std::move(*texts);
    return read;
  }
  for (const OutcomeSeries& one : read.outcome.series)
    read.series.push_back({one.name, text_from_json(json_from_series(one))});
  read.outcome.series.clear();
  return read;
}

std::optional<OutcomeHead> head_of_line(std::string_view line) {
  OutcomeHead head;
  if (!take(line, "{\"schema\":\"") || !take(line, kOutcomeSchema) || !take(line, "\",\"key\":\""))
    return std::nullopt;
  const auto key = take_until(line, '"');
  if (!key || key->size() != kKeyLength || !take(line, ",\"record\":[")) return std::nullopt;
  const auto record = take_until(line, ']');
  if (!record || !take(line, ",\"stopped\":\"")) return std::nullopt;
  const auto stopped = take_until(line, '"');
  if (!stopped || !line.ends_with('}')) return std::nullopt;
  return OutcomeHead{*key, *record, *stopped};
}

std::string schema_of_line(std::string_view line) {
  if (!take(line, "{\"schema\":\"")) return "";
  const auto schema = take_until(line, '"');
  return schema && schema->starts_with("grokscope.outcome/") ? std::string(*schema) : "";
}

bool covers(std::string_view record_of_head, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return record_of_head.find("\"" + name + "\"") != std::string_view::npos;
  });
}

}  // namespace grokscope
