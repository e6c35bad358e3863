#include "history/calibration.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "assets/embedded.h"
#include "base/files.h"

namespace grokscope {

namespace {

constexpr std::string_view kShipped = "calibration/runs.jsonl";
constexpr std::uint64_t kMostLearned = std::uint64_t{8} << 20;  // bytes: some thirty thousand runs
constexpr std::size_t kMaxLine = 4096;
// A run that never generalised speaks against a forecast only when it went on for long after its warning.
constexpr double kLongEnough = 3.0;

Json step_or_null(std::int64_t step) {
  return step < 0 ? Json() : Json(step);
}

Error bad_line(const std::string& what, const std::string& source) {
  return failure("cannot read a calibration run: " + what + ": " + source);
}

/// -1 for null or nothing there; false: something else is there.
bool read_step(const Json& json, const char* key, std::int64_t& step) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return true;
  const auto number = whole_number_from_json(*found);
  if (!number || *number < 0) return false;
  step = *number;
  return true;
}

std::string text_or_empty(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void read_lines(std::string_view text, const std::string& name, Calibration& calibration) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty()) continue;
    if (auto run = past_run_from_line(line, name + " line " + std::to_string(number)))
      calibration.add(std::move(*run));
  }
}

}  // namespace

ForecastRecord Calibration::record_of(std::string_view family) const {
  ForecastRecord record;
  for (const PastRun& run : runs_) {
    if (run.family != family || !run.forecast) continue;
    const auto& [made, from, to] = *run.forecast;
    if (run.generalised_step < 0 && run.last_step < to) continue;  // nobody knows
    const bool right = run.generalised_step >= from && run.generalised_step <= to;
    (right ? record.right : record.wrong) += 1;
    record.false_alarms += run.generalised_step < 0 ? 1 : 0;
  }
  return record;
}

std::vector<double> Calibration::waits_of(std::string_view family) const {
  std::vector<double> waits;
  for (const PastRun& run : runs_) {
    if (run.family != family || !run.fitted_on || run.warned_step <= 0) continue;
    const auto warned = static_cast<double>(run.warned_step);
    if (run.generalised_step >= 0) {
      waits.push_back(static_cast<double>(run.generalised_step) / warned);
    } else if (static_cast<double>(run.last_step) >= kLongEnough * warned) {
      waits.push_back(std::numeric_limits<double>::infinity());
    }
  }
  std::sort(waits.begin(), waits.end());
  return waits;
}

Json json_from_past_run(const PastRun& run) {
  Json json;
  json["family"] = run.family;
  json["preset"] = run.preset;
  json["seed"] = run.seed;
  json["memorised"] = step_or_null(run.memorised_step);
  json["warned"] = step_or_null(run.warned_step);
  json["generalised"] = step_or_null(run.generalised_step);
  json["last"] = run.last_step;
  if (!run.fitted_on) json["fitted_on"] = false;
  if (run.forecast)
    json["forecast"] = {
        {"made", run.forecast->made_step}, {"from", run.forecast->from_step}, {"to", run.forecast->to_step}};
  return json;
}

Result<PastRun> past_run_from_line(std::string_view line, const std::string& source) {
  const Result<Json> json = parse_json(line, source, kMaxLine);
  if (!json) return json.error();
  if (!json->is_object()) return bad_line("it is not a JSON object", source);
  PastRun run;
  run.family = text_or_empty(*json, "family");
  run.preset = text_or_empty(*json, "preset");
  if (run.family.empty()) return bad_line("it has no \"family\"", source);
  if (!read_step(*json, "seed", run.seed) || !read_step(*json, "memorised", run.memorised_step) ||
      !read_step(*json, "warned", run.warned_step) || !read_step(*json, "last", run.last_step) ||
      !read_step(*json, "generalised", run.generalised_step))
    return bad_line("one of its steps is no whole number from 0 on", source);
  const auto fitted = json->find("fitted_on");
  run.fitted_on = fitted == json->end() || *fitted != false;
  if (const auto forecast = json->find("forecast"); forecast != json->end() && forecast->is_object()) {
    PastForecast past{-1, -1, -1};
    if (!read_step(*forecast, "made", past.made_step) || !read_step(*forecast, "from", past.from_step) ||
        !read_step(*forecast, "to", past.to_step) || past.made_step < 0 || past.from_step > past.to_step)
      return bad_line("its forecast is not from one step to a later one", source);
    run.forecast = past;
  }
  return run;
}

std::string learned_path() {
  return data_folder() + "/calibration.jsonl";
}

Calibration load_calibration() {
  Calibration calibration;
  if (const EmbeddedAsset* shipped = find_embedded_asset(kShipped); shipped != nullptr)
    read_lines(shipped->bytes, std::string(kShipped), calibration);
  const std::string path = learned_path();
  if (const auto text = read_file(path, kMostLearned)) read_lines(*text, path, calibration);
  return calibration;
}

Status learn_from(const PastRun& run) {
  if (run.family.empty() || run.memorised_step < 0) return {};
  if (Status made = make_folders(data_folder()); !made) return made;
  auto file = LineFile::open(learned_path());
  if (!file) return file.error();
  return file->append(text_from_json(json_from_past_run(run)));
}

}  // namespace grokscope
