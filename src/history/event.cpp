// Event <-> one JSON object. What a field may be set to is checked where it is applied (interventions.h, the
// trainer).
#include "history/event.h"

namespace grokscope {

namespace {

constexpr std::size_t kMaxKindBytes = 64;

/// The key that a kind cannot do without, and that holds a text; nullptr if there is none.
const char* text_key_of(std::string_view kind) {
  if (kind == "set") return "field";
  if (kind == "phase" || kind == "milestone") return "name";
  if (kind == "stopped") return "reason";
  if (kind == "note") return "text";
  return nullptr;
}

Error damaged(const std::string& what, const std::string& source) {
  return usage_error("cannot read the event: it " + what + ": " + source);
}

}  // namespace

bool is_intervention(const Event& event) {
  return event.kind == "set" || event.kind == "rescale_norm";
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
  const auto step = json.find("step");
  if (step == json.end()) return damaged("has no \"step\"", source);
  if (!step->is_number_integer() || (step->is_number_unsigned() && step->get<std::uint64_t>() > INT64_MAX) ||
      step->get<std::int64_t>() < 0) {
    return damaged("has a \"step\" that is not a whole number from 0 on", source);
  }
  const auto kind = json.find("kind");
  if (kind == json.end()) return damaged("has no \"kind\"", source);
  if (!kind->is_string() || kind->get_ref<const std::string&>().empty() ||
      kind->get_ref<const std::string&>().size() > kMaxKindBytes) {
    return damaged("has a \"kind\" that is not a short text", source);
  }

  Event event;
  event.step = step->get<std::int64_t>();
  event.kind = kind->get<std::string>();
  for (const auto& [key, value] : json.items()) {
    // Straight onto the vector below: a parsed object has no key twice.
    if (key != "step" && key != "kind") event.detail.get_ref<Json::object_t&>().emplace_back(key, value);
  }
  if (const char* key = text_key_of(event.kind)) {
    const auto found = event.detail.find(key);
    if (found == event.detail.end() || !found->is_string()) {
      return damaged("is of kind \"" + event.kind + "\" and needs \"" + key + "\", a text", source);
    }
  }
  if (event.kind == "set") {
    const auto value = event.detail.find("value");
    if (value == event.detail.end() || !(value->is_boolean() || value->is_number() || value->is_string())) {
      return damaged("is of kind \"set\" and needs \"value\", a number, a text, true or false", source);
    }
  }
  if (event.kind == "rescale_norm") {
    const auto value = event.detail.find("value");
    if (value == event.detail.end() || !value->is_number()) {
      return damaged("is of kind \"rescale_norm\" and needs \"value\", a number", source);
    }
  }
  return event;
}

}  // namespace grokscope
