#include "sweep/plan_json.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "assets/embedded.h"
#include "base/home_path.h"
#include "base/outside_text.h"
#include "base/read_file.h"
#include "base/text.h"
#include "config/config_json.h"
#include "config/config_text.h"
#include "config/presets.h"
#include "contract/until.h"
#include "history/evaluation.h"
#include "sweep/axis_json.h"
#include "sweep/plan_runs_json.h"

namespace grokscope {
namespace {

constexpr std::string_view kSchema = "grokscope.plan/1";
constexpr std::string_view kFolder = "sweeps/", kSuffix = ".json";
constexpr std::size_t kPlanLimit = 8u << 20;  // 200 000 seeds written out take less

Error in_plan(const Error& error, const std::string& source) {
  return usage_error(fmt::format("{} (in the plan): {}", error.message, source));
}

/// Misspelt keys, and plans of a version to come.
Status check_plan_keys(const Json& json) {
  static const std::vector<std::string> known = {"schema", "title", "about", "base",   "set", "axes",
                                                 "seeds",  "runs",  "until", "record", "keep"};
  if (!json.is_object()) return usage_error("a plan must be a JSON object");
  if (Status named = check_keys(json, known, "a plan"); !named) return named;
  if (const auto schema = json.find("schema"); schema != json.end() && *schema != kSchema) {
    return usage_error(fmt::format("it was written by another version ({} instead of {})",
                                   visible(text_from_json(*schema)), kSchema));
  }
  return {};
}

Result<RunConfig> base_of(const Json& json) {
  const auto base = json.find("base");
  if (base == json.end())
    return usage_error("a plan needs a base: the name of a preset, or an object of settings");
  if (base->is_string()) {
    const Preset* preset = find_preset(base->get<std::string>());
    if (preset == nullptr) return unknown_preset_error(base->get<std::string>());
    const Status trains = check_trains(*preset);
    return trains ? Result<RunConfig>(preset->config) : trains.error();
  }
  if (!base->is_object()) return usage_error("base must be the name of a preset or an object of settings");
  return config_from_text(text_from_json(*base), "base");
}

Status read_until(const Json& json, SweepPlan& plan) {
  const auto until = json.find("until");
  if (until == json.end()) return {};
  auto spelt = until_from_json(*until);
  if (!spelt) return spelt.error();
  plan.until = std::move(*spelt);
  return {};
}

Status read_keep(const Json& json, SweepPlan& plan) {
  const Json keep = json.value("keep", Json("outcomes"));
  if (keep != "outcomes" && keep != "numbers" && keep != "runs") {
    return usage_error(
        fmt::format("keep is \"outcomes\", \"runs\" (a run folder of each) or \"numbers\" (one "
                    "without frames and checkpoints), not {}",
                    visible(text_from_json(keep))));
  }
  plan.keep_runs = keep != "outcomes";
  plan.numbers_alone = keep == "numbers";
  return {};
}

Status read_record(const Json& json, SweepPlan& plan) {
  const auto record = json.find("record");
  if (record == json.end()) return {};
  if (!record->is_array()) return usage_error("record must be a list of metrics");
  std::vector<std::string> known;
  for (const MetricColumn& column : metric_columns()) known.emplace_back(column.name);
  for (const Json& entry : *record) {
    const std::string name = entry.is_string() ? entry.get<std::string>() : text_from_json(entry);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string nearest = nearest_name(name, known);
      return usage_error(fmt::format("record has no metric {}{}", in_quotes(name),
                                     nearest.empty() ? "" : fmt::format(": did you mean '{}'?", nearest)));
    }
    plan.record.push_back(name);
  }
  std::sort(plan.record.begin(), plan.record.end());
  plan.record.erase(std::unique(plan.record.begin(), plan.record.end()), plan.record.end());
  return {};
}

Status check_size(const SweepPlan& plan) {
  double runs = static_cast<double>(plan.seeds.size());
  for (const SweepAxis& axis : plan.axes) runs *= static_cast<double>(axis.values.size());
  if (runs <= static_cast<double>(kMostSweepRuns)) return {};
  return usage_error(fmt::format("a sweep of {:.0f} runs is too large: at most {}", runs, kMostSweepRuns));
}

/// Axes and seeds of a grid.
Status read_grid(const Json& json, const Json& set, SweepPlan& plan) {
  if (Status read = read_axes(json, plan); !read) return read;
  for (const SweepAxis& axis : plan.axes) {
    const auto dot = axis.field.find('.');
    const auto section = dot == std::string::npos ? set.end() : set.find(axis.field.substr(0, dot));
    if (set.contains(axis.field) ||
        (section != set.end() && section->is_object() && section->contains(axis.field.substr(dot + 1))))
      return usage_error(fmt::format("{} is an axis and in \"set\": leave one out", axis.field));
  }
  if (Status read = read_seeds(json, plan); !read) return read;
  return check_size(plan);
}

Result<SweepPlan> read(const Json& json) {
  if (Status known = check_plan_keys(json); !known) return known.error();
  SweepPlan plan;
  auto base = base_of(json);
  if (!base) return base.error();
  plan.base = std::move(*base);
  const Json set = json.value("set", Json::object());
  if (Status applied = apply_config_json(plan.base, set, "set"); !applied) return applied.error();
  plan.base.task.path = settled_path(plan.base.task.path);
  if (Status read = read_until(json, plan); !read) return read.error();
  if (Status read = read_record(json, plan); !read) return read.error();
  if (Status read = read_keep(json, plan); !read) return read.error();
  const bool lists = json.contains("runs");
  if (lists && (json.contains("axes") || json.contains("seeds"))) {
    return usage_error(
        fmt::format("a plan has {} and runs: leave one out", json.contains("axes") ? "axes" : "seeds"));
  }
  Status read = lists ? read_runs(json, plan) : read_grid(json, set, plan);
  if (!read) return read.error();
  return plan;
}

Error unknown_plan_error(const std::string& name) {
  const std::vector<std::string> names = plan_names();
  const std::string nearest = nearest_name(name, names);
  if (!nearest.empty())
    return usage_error(fmt::format("unknown plan {}: did you mean '{}'?", in_quotes(name), nearest));
  return usage_error(
      fmt::format("unknown plan {}: there are {}, or name a file", in_quotes(name), fmt::join(names, ", ")));
}

}  // namespace

Result<SweepPlan> plan_from_text(std::string_view text, const std::string& source) {
  const auto json = parse_json(text, source, kPlanLimit);
  if (!json) return usage_error(json.error().message);
  auto plan = read(*json);
  return plan ? plan : in_plan(plan.error(), source);
}

Result<SweepPlan> load_plan(const std::string& name_or_file) {
  const std::string asset_name = fmt::format("{}{}{}", kFolder, name_or_file, kSuffix);
  if (const EmbeddedAsset* asset = find_embedded_asset(asset_name); asset != nullptr)
    return plan_from_text(asset->bytes, asset_name);
  const std::string path = with_home(name_or_file);
  std::error_code ignored;
  const bool named = path.find('/') != std::string::npos || path.ends_with(kSuffix);
  if (path.empty() || (!named && !std::filesystem::exists(path, ignored)))
    return unknown_plan_error(name_or_file);
  const auto text = read_file_or_pipe(path, kPlanLimit);
  if (!text) return usage_error(text.error().message);
  return plan_from_text(*text, path);
}

Status set_in_plan(SweepPlan& plan, const std::string& assignment) {
  const std::string name = assignment.substr(0, assignment.find('='));
  if (name == "seed" && !plan.is_list())
    return usage_error("--set seed: the seeds of a sweep stand in its plan");
  for (const SweepAxis& axis : plan.axes) {
    if (axis.field == name && axis.values.size() > 1)
      return usage_error("--set " + name + ": it is an axis of the plan");
  }
  for (std::size_t run = 0; run < plan.listed.size(); ++run) {
    const auto& set = plan.listed[run].set;
    if (std::any_of(set.begin(), set.end(), [&](const auto& one) { return one.first->name == name; }))
      return usage_error(fmt::format("--set {}: run {} of the list sets it", name, run + 1));
  }
  if (Status set = set_field_from_text(plan.base, assignment); !set) return set;
  plan.base.task.path = settled_path(plan.base.task.path);
  for (SweepAxis& axis : plan.axes) {
    if (axis.field == name) axis.values = {find_field(name)->get(plan.base)};
  }
  return {};
}

Json json_from_plan(const SweepPlan& plan) {
  Json json;
  json["schema"] = kSchema;
  json["base"] = json_from_config(plan.base);
  if (plan.is_list()) {
    json["runs"] = json_from_runs(plan);
  } else {
    json["base"].erase("seed");
    json["axes"] = Json::array();
  }
  for (const SweepAxis& axis : plan.axes) {
    Json values = Json::array();
    for (const FieldValue& value : axis.values) values.push_back(json_from_value(value));
    json["axes"].push_back({{"field", axis.field}, {"values", std::move(values)}});
  }
  if (!plan.is_list()) json["seeds"] = plan.seeds;
  if (!plan.until.empty()) json["until"] = plan.until;
  json["record"] = plan.record;
  if (plan.keep_runs) json["keep"] = plan.numbers_alone ? "numbers" : "runs";
  return json;
}

std::vector<std::string> plan_names() {
  std::vector<std::string> names;
  for (const EmbeddedAsset& asset : embedded_assets()) {
    const std::string_view name = asset.name;
    if (!name.starts_with(kFolder) || !name.ends_with(kSuffix)) continue;
    names.emplace_back(name.substr(kFolder.size(), name.size() - kFolder.size() - kSuffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace grokscope
