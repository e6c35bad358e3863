#include "sweep/plan_runs_json.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/outside_text.h"
#include "base/text.h"
#include "config/config_json.h"
#include "contract/probe_names.h"
#include "history/interventions.h"
#include "sweep/axis_json.h"

namespace grokscope {
namespace {

/// The dotted names of what a patch sets.
std::vector<std::string> names_in(const Json& patch) {
  std::vector<std::string> names;
  for (const auto& [key, value] : patch.items()) {
    if (!value.is_object()) names.push_back(key);
    if (!value.is_object()) continue;
    for (const auto& [below, ignored] : value.items())
      names.push_back(fmt::format("{}.{}", std::string_view(key), std::string_view(below)));
  }
  return names;
}

Status read_set(const Json& set, const SweepPlan& plan, ListedRun& run) {
  RunConfig config = plan.base;
  if (Status applied = apply_config_json(config, set, "set"); !applied) return applied;
  config.task.path = settled_path(config.task.path);
  for (const std::string& name : names_in(set)) {
    const Field* field = find_field(name);
    if (field == nullptr) return unknown_field_error(name);
    const auto known =
        std::find_if(run.set.begin(), run.set.end(), [&](const auto& one) { return one.first == field; });
    if (known == run.set.end()) run.set.emplace_back(field, field->get(config));
  }
  // In the order of the table, however they were written.
  std::sort(run.set.begin(), run.set.end(),
            [](const auto& one, const auto& other) { return one.first < other.first; });
  return {};
}

Status read_events(const Json& events, ListedRun& run) {
  if (!events.is_array()) return usage_error("events must be a list of interventions, as in events.jsonl");
  for (const Json& entry : events) {
    auto event = event_from_json(entry, "event " + std::to_string(run.events.size() + 1));
    if (!event) return usage_error(event.error().message);
    if (!is_intervention(*event)) {
      const std::string nearest = nearest_kind(event->kind);
      return usage_error(fmt::format("events has no intervention of the kind {}{}", in_quotes(event->kind),
                                     nearest.empty() || nearest == event->kind
                                         ? std::string()
                                         : fmt::format(": did you mean '{}'?", nearest)));
    }
    run.events.push_back(std::move(*event));
  }
  std::stable_sort(run.events.begin(), run.events.end(),
                   [](const Event& a, const Event& b) { return a.step < b.step; });
  return {};
}

Status read_probes(const Json& probes, ListedRun& run) {
  if (probes.is_boolean()) {
    run.probes = probes.get<bool>();
    return {};
  }
  if (!probes.is_array() || probes.empty())
    return usage_error("probes must be true, false, or a list of names of probes");
  std::vector<std::string> known;
  known.reserve(std::size(kProbeNames));
  for (const ProbeName& probe : kProbeNames) known.emplace_back(probe.name);
  for (const Json& entry : probes) {
    const std::string name = entry.is_string() ? entry.get<std::string>() : text_from_json(entry);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string nearest = nearest_name(name, known);
      return usage_error(fmt::format("there is no probe {}{}", in_quotes(name),
                                     nearest.empty() ? "" : fmt::format(": did you mean '{}'?", nearest)));
    }
    run.looks_with.push_back(name);
  }
  std::sort(run.looks_with.begin(), run.looks_with.end());
  run.looks_with.erase(std::unique(run.looks_with.begin(), run.looks_with.end()), run.looks_with.end());
  run.probes = true;
  return {};
}

Result<ListedRun> read_run(const Json& json, const SweepPlan& plan) {
  if (!json.is_object()) return usage_error("it must be an object");
  if (Status known = check_keys(json, {"set", "until", "events", "probes"}, "a run"); !known)
    return known.error();
  ListedRun run;
  run.until = plan.until;
  if (const auto set = json.find("set"); set != json.end()) {
    if (Status read = read_set(*set, plan, run); !read) return read.error();
  }
  if (const auto until = json.find("until"); until != json.end()) {
    auto spelt = until_from_json(*until);
    if (!spelt) return spelt.error();
    run.until = std::move(*spelt);
  }
  if (const auto events = json.find("events"); events != json.end()) {
    if (Status read = read_events(*events, run); !read) return read.error();
  }
  if (const auto probes = json.find("probes"); probes != json.end()) {
    if (Status read = read_probes(*probes, run); !read) return read.error();
  }
  return run;
}

}  // namespace

Result<std::string> until_from_json(const Json& until) {
  if (!until.is_string()) return usage_error("until must be a text such as \"test_accuracy>=0.99\"");
  const std::string text = until.get<std::string>();
  if (text.empty()) return text;
  const auto parsed = parse_until(text);
  return parsed ? Result<std::string>(text_of(*parsed)) : parsed.error();
}

Status read_runs(const Json& plan_json, SweepPlan& plan) {
  const Json& runs = plan_json.at("runs");
  if (!runs.is_array() || runs.empty()) return usage_error("runs must be a list of at least one run");
  if (runs.size() > kMostSweepRuns)
    return usage_error(
        fmt::format("a sweep of {} runs is too large: at most {}", runs.size(), kMostSweepRuns));
  for (const Json& entry : runs) {
    auto run = read_run(entry, plan);
    if (!run) return usage_error(fmt::format("run {}: {}", plan.listed.size() + 1, run.error().message));
    plan.listed.push_back(std::move(*run));
  }
  return {};
}

Json json_from_runs(const SweepPlan& plan) {
  Json runs = Json::array();
  for (const ListedRun& run : plan.listed) {
    Json json = Json::object();
    json["set"] = Json::object();
    for (const auto& [field, value] : run.set) json["set"][field->name] = json_from_value(value);
    if (run.until != plan.until) json["until"] = run.until;
    for (const Event& event : run.events) json["events"].push_back(json_from_event(event));
    if (run.probes) json["probes"] = run.looks_with.empty() ? Json(true) : Json(run.looks_with);
    runs.push_back(std::move(json));
  }
  return runs;
}

}  // namespace grokscope
