// Event <-> one JSON object or line. Whether an intervention fits the settings is its kind's to say
// (interventions.h).
#include "history/event.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/outside_text.h"
#include "base/text.h"
#include "history/interventions.h"

namespace grokscope {

namespace {

constexpr std::size_t kMaxKindBytes = 64;
constexpr std::size_t kMostKeys = 256;
constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;

/// What a run records that changes none of its numbers.
struct RecordedKind {
  std::string_view name;
  const char*
      text_key;  ///< the key that it cannot do without, and that holds a text; nullptr if there is none
};
constexpr RecordedKind kRecordedKinds[] = {
    {"pause", nullptr},      {"resume", nullptr},   {"step_once", nullptr},   {"speed", nullptr},
    {"milestone", "name"},   {"phase", "name"},     {"stopped", "reason"},    {"note", "text"},
    {"stage", "of"},         {"stage_over", "of"},  {"warning", "measure"},   {"forecast", nullptr},
    {"no_forecast", "text"}, {"look_now", nullptr}, {"cancel_looks", nullptr}};

const RecordedKind* find_recorded_kind(std::string_view name) {
  const auto* found = std::find_if(std::begin(kRecordedKinds), std::end(kRecordedKinds),
                                   [&](const RecordedKind& kind) { return kind.name == name; });
  return found == std::end(kRecordedKinds) ? nullptr : found;
}

/// What the event does not have and needs; "" if it is complete or of a kind that nobody knows.
std::string missing_from(const Event& event) {
  if (const InterventionKind* kind = find_intervention_kind(event.kind)) return kind->lacks(event.detail);
  const RecordedKind* kind = find_recorded_kind(event.kind);
  if (kind == nullptr || kind->text_key == nullptr) return "";
  const auto found = event.detail.find(kind->text_key);
  const bool there = found != event.detail.end() && found->is_string();
  return there ? "" : "\"" + std::string(kind->text_key) + "\", a text";
}

Error damaged(const std::string& what, const std::string& source) {
  return usage_error("cannot read the event: it " + what + ": " + source);
}

}  // namespace

bool is_known_kind(std::string_view kind) {
  return find_intervention_kind(kind) != nullptr || find_recorded_kind(kind) != nullptr;
}

std::string nearest_kind(std::string_view kind) {
  std::vector<std::string> names;
  for (const InterventionKind* known : intervention_kinds()) names.emplace_back(known->name);
  for (const RecordedKind& known : kRecordedKinds) names.emplace_back(known.name);
  return nearest_name(kind, names);
}

Json json_from_event(const Event& event) {
  Json json = Json::object();
  json["step"] = event.step;
  json["kind"] = event.kind;
  if (event.detail.is_object()) {
    for (const auto& [key, value] : event.detail.items()) {
      if (key == "step" || key == "kind") continue;
      if (value.is_number_float()) {
        put_number(json, key, value.get<double>());
      } else {
        json[key] = value;
      }
    }
  }
  return json;
}

Result<Event> event_from_json(const Json& json, const std::string& source) {
  if (!json.is_object()) return damaged("is not a JSON object", source);
  if (json.size() > kMostKeys)
    return damaged("has more than " + std::to_string(kMostKeys) + " keys, more than an event has", source);
  const auto step = json.find("step");
  if (step == json.end()) return damaged("has no \"step\"", source);
  const auto number = whole_number_from_json(*step);
  if (!number || *number < 0) return damaged("has a \"step\" that is not a whole number from 0 on", source);
  const auto kind = json.find("kind");
  if (kind == json.end()) return damaged("has no \"kind\"", source);
  if (!kind->is_string() || kind->get_ref<const std::string&>().empty() ||
      kind->get_ref<const std::string&>().size() > kMaxKindBytes) {
    return damaged("has a \"kind\" that is not a short text", source);
  }

  Event event;
  event.step = *number;
  event.kind = kind->get<std::string>();
  for (const auto& [key, value] : json.items()) {
    // Straight onto the vector below: a parsed object has no key twice.
    if (key != "step" && key != "kind") event.detail.get_ref<Json::object_t&>().emplace_back(key, value);
  }
  if (const std::string missing = missing_from(event); !missing.empty()) {
    return damaged("is of kind \"" + event.kind + "\" and needs " + missing, source);
  }
  return event;
}

Result<Event> event_from_line(std::string_view line, const std::string& source) {
  const Result<Json> json = parse_json(line, source, kMaxLineBytes);
  if (!json) return json.error();
  return event_from_json(*json, source);
}

}  // namespace grokscope
