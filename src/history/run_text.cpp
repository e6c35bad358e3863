// The text files of a run folder: one JSON object a line, checked key by key.
#include "history/run_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/threads.h"
#include "config/config_json.h"
#include "history/metrics_line.h"
#include "history/metrics_lines.h"
#include "history/scalars_line.h"

namespace grokscope {

namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr const char* kConfigSchema = "grokscope.config/1";

Error damaged(const std::string& why, const std::string& source) {
  return failure(why + ": " + source);
}

/// The value of "key: NaN" in the note beside a null; nullopt if nothing is said about that key.
std::optional<double> noted_value(const Json& object, std::string_view key) {
  const auto notes = object.find("nonfinite");
  if (notes == object.end() || !notes->is_array()) return std::nullopt;
  for (const Json& note : *notes) {
    if (!note.is_string()) continue;
    const std::string_view text = note.get_ref<const std::string&>();
    if (text.substr(0, key.size()) != key || text.substr(key.size(), 2) != ": ") continue;
    const std::string_view value = text.substr(key.size() + 2);
    if (value == "inf") return std::numeric_limits<double>::infinity();
    if (value == "-inf") return -std::numeric_limits<double>::infinity();
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::nullopt;
}

/// A whole number from 0 to 2^53, also when another program wrote it as 30.0.
std::optional<std::int64_t> count_from_json(const Json& value) {
  const auto number = whole_number_from_json(value);
  return number && *number >= 0 && *number <= std::int64_t{1} << 53 ? number : std::nullopt;
}

Status read_column(Evaluation& evaluation, const MetricColumn& column, const Json& object,
                   const std::string& source) {
  const std::string name(column.name);
  const auto found = object.find(name);
  if (found == object.end()) return {};  // a run of an earlier version: the column stays NaN
  if (column.integer) {
    const auto count = count_from_json(*found);
    if (!count) return damaged("\"" + name + "\" is not a whole number from 0 on", source);
    column.set(evaluation, static_cast<double>(*count));
    return {};
  }
  if (found->is_null()) {
    column.set(evaluation, noted_value(object, name).value_or(Evaluation::kNan));
    return {};
  }
  if (!found->is_number()) return damaged("\"" + name + "\" is not a number", source);
  column.set(evaluation, found->get<double>());
  return {};
}

/// Where a line stands; made into words only for an error.
struct LinePlace {
  std::size_t number = 0;
  const std::string& source;
  std::string line() const { return "line " + std::to_string(number); }
  std::string text() const { return line() + ": " + source; }
};

/// Splits into lines, reads each, and decides what a bad one means: the last is dropped, another is an error.
/// More than `most` lines are an error before any is read.
template <typename T, typename Read>
Result<Lines<T>> lines_from_text(std::string_view text, std::size_t most, const std::string& source,
                                 Read read) {
  if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) > most)
    return damaged("there are more than " + std::to_string(most) + " lines, more than a run has", source);
  const std::size_t slash = source.rfind('/');
  const std::string file_name = slash == std::string::npos ? source : source.substr(slash + 1);
  Lines<T> lines;
  // About as many as there will be, if all are as long as the first: moving a million values costs more.
  constexpr std::size_t kShortestLine = 64;
  lines.values.reserve(text.size() / std::max(kShortestLine, std::min(text.find('\n'), text.size())) + 1);
  std::size_t number = 0;
  while (lines.valid_bytes < text.size()) {
    ++number;
    const std::size_t begin = lines.valid_bytes;
    const std::size_t end = text.find('\n', begin);
    const LinePlace place{number, source};
    const bool torn = end == std::string_view::npos;
    if (!torn) {
      const std::string_view line = text.substr(begin, end - begin);
      Result<T> value = line.size() > kMaxLineBytes ? Result<T>(damaged("the line is too long", source))
                                                    : read(line, place);
      if (value) {
        lines.values.push_back(std::move(*value));
        lines.valid_bytes = end + 1;
        continue;
      }
      const bool last = end + 1 == text.size();
      if (!last)
        return failure("damaged " + place.line() + " of " + file_name + ": " + value.error().message);
    }
    lines.repair =
        std::string(torn ? "dropped a torn last line of " : "dropped an unreadable last line of ") +
        file_name + " (" + place.line() + ")";
    break;
  }
  return lines;
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Provenance> provenance_from_json(const Json& json, const std::string& source) {
  Provenance made_by;
  if (!json.is_object()) return made_by;
  made_by.version = text_at(json, "version");
  made_by.torch_version = text_at(json, "torch_version");
  made_by.blas = text_at(json, "blas");
  made_by.engine = text_at(json, "engine");
  made_by.device = text_at(json, "device");
  made_by.started_utc = text_at(json, "started_utc");
  const auto threads = json.find("threads");
  if (threads != json.end()) {
    const auto number = count_from_json(*threads);
    if (number && *number > kMostThreads)
      return damaged("\"made_by.threads\" is more than " + std::to_string(kMostThreads), source);
    if (number) made_by.threads = static_cast<int>(*number);
  }
  return made_by;
}

Status read_fork_point(Json& json, Provenance& made_by, const std::string& source) {
  const auto parent = json.find("parent"), step = json.find("forked_at");
  if (parent == json.end() && step == json.end()) return {};
  const auto at = step != json.end() ? count_from_json(*step) : std::nullopt;
  if (parent == json.end() || !parent->is_string() || !at)
    return damaged("\"parent\" and \"forked_at\" are not a text and a whole number from 0 on", source);
  made_by.forked = ForkPoint{parent->get<std::string>(), *at};
  json.erase("parent");
  json.erase("forked_at");
  return {};
}

}  // namespace

std::string line_from_evaluation(const Evaluation& evaluation) {
  Json json = Json::object();
  json["step"] = evaluation.step;
  put_number(json, "elapsed_s", evaluation.elapsed_s);
  for (const MetricColumn& column : metric_columns()) {
    if (column.integer) {
      json[std::string(column.name)] = static_cast<std::int64_t>(column.get(evaluation));
    } else {
      put_number(json, std::string(column.name), column.get(evaluation));
    }
  }
  return text_from_json(json);
}

Result<Evaluation> evaluation_from_line(std::string_view line, const std::string& source) {
  const Result<Json> json = parse_json(line, source, kMaxLineBytes);
  if (!json) return json.error();
  if (!json->is_object()) return damaged("not a JSON object", source);
  const auto step = json->find("step");
  const auto number = step != json->end() ? count_from_json(*step) : std::nullopt;
  if (!number) return damaged("\"step\" is not a whole number from 0 on", source);
  Evaluation evaluation;
  evaluation.step = *number;
  const auto elapsed = json->find("elapsed_s");
  if (elapsed != json->end() && elapsed->is_number()) evaluation.elapsed_s = elapsed->get<double>();
  for (const MetricColumn& column : metric_columns()) {
    if (Status read = read_column(evaluation, column, *json, source); !read) return read.error();
  }
  return evaluation;
}

Result<Lines<Evaluation>> metrics_from_text(std::string_view text, const std::string& source) {
  if (auto plain = read_metrics_lines(text)) return Lines<Evaluation>{std::move(*plain), text.size(), {}};
  std::int64_t last_step = -1;
  return lines_from_text<Evaluation>(
      text, kMostEvaluations, source,
      [&](std::string_view line, const LinePlace& place) -> Result<Evaluation> {
        Evaluation plain;
        Result<Evaluation> evaluation = read_metrics_line(line, plain)
                                            ? Result<Evaluation>(plain)
                                            : evaluation_from_line(line, place.text());
        if (!evaluation) return evaluation;
        if (evaluation->step <= last_step)
          return damaged("its step does not come after the one before", place.text());
        last_step = evaluation->step;
        return evaluation;
      });
}

Result<Lines<Event>> events_from_text(std::string_view text, const std::string& source) {
  return lines_from_text<Event>(text, kMostEvents, source,
                                [](std::string_view line, const LinePlace& place) -> Result<Event> {
                                  return event_from_line(line, place.text());
                                });
}

Result<Lines<std::monostate>> read_scalars_text(std::string_view text, const std::string& source,
                                                const std::function<Status(const ProbeScalars&)>& keep) {
  return lines_from_text<std::monostate>(
      text, kMostLooks, source, [&](std::string_view line, const LinePlace& place) -> Result<std::monostate> {
        const Result<ProbeScalars> look = scalars_from_line(line, place.text());
        if (!look) return look.error();
        if (Status kept = keep(*look); !kept) return kept.error();
        return std::monostate();
      });
}

Json json_from_provenance(const Provenance& provenance) {
  Json json = Json::object();
  json["version"] = provenance.version;
  json["torch_version"] = provenance.torch_version;
  json["blas"] = provenance.blas;
  json["engine"] = provenance.engine;
  json["device"] = provenance.device;
  json["threads"] = provenance.threads;
  json["started_utc"] = provenance.started_utc;
  return json;
}

std::string text_from_config_file(const ConfigFile& file) {
  Json json = Json::object();
  json["schema"] = kConfigSchema;
  json["made_by"] = json_from_provenance(file.made_by);
  if (const auto& forked = file.made_by.forked) {
    json["parent"] = forked->parent;
    json["forked_at"] = forked->step;
  }
  const Json config = json_from_config(file.config);
  for (const auto& [key, value] : config.items()) json[key] = value;
  return text_from_json(json, 2) + "\n";
}

Result<ConfigFile> config_file_from_text(std::string_view text, const std::string& source) {
  Result<Json> json = parse_json(text, source, kMaxConfigBytes);
  if (!json) return json.error();
  if (!json->is_object()) return damaged("not a JSON object", source);
  ConfigFile file;
  const auto schema = json->find("schema");
  if (schema == json->end() || *schema != kConfigSchema) {
    return damaged(std::string("\"schema\" is not \"") + kConfigSchema + "\"", source);
  }
  const auto made_by = json->find("made_by");
  if (made_by != json->end()) {
    auto provenance = provenance_from_json(*made_by, source);
    if (!provenance) return provenance.error();
    file.made_by = std::move(*provenance);
  }
  if (Status read = read_fork_point(*json, file.made_by, source); !read) return read.error();
  json->erase("schema");
  json->erase("made_by");
  if (Status applied = apply_config_json(file.config, *json, source); !applied) return applied.error();
  return file;
}

}  // namespace grokscope
