// Event: one line of events.jsonl: an intervention, a pause, a detected phase, the end. Torch-free values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/config_json.h"

namespace grokscope {

/// {"step":1500,"kind":"set","field":"task.train_fraction","value":0.65}. `detail` holds every key but step
/// and kind. Kinds: the interventions (interventions.h), pause, resume, step_once, speed
/// ("steps_per_second"), phase ("name"), milestone ("name": train_99, ...), stopped ("reason"), note
/// ("text"); and those of other versions, which are kept and passed over.
struct Event {
  std::int64_t step = 0;
  std::string kind;
  Json detail = Json::object();
};

Json json_from_event(const Event& event);
/// Checks presence and types; `source` ("events.jsonl line 3") is named in the error. Kinds and keys that
/// nobody knows are let through.
Result<Event> event_from_json(const Json& json, const std::string& source);
/// One line of JSON Lines, as a run records it and --events takes it: the one way in.
Result<Event> event_from_line(std::string_view line, const std::string& source);

/// Whether this version gives the kind a meaning, as an intervention or as something that a run records.
bool is_known_kind(std::string_view kind);
/// The known kind that looks most like it, "" if none does.
std::string nearest_kind(std::string_view kind);

}  // namespace grokscope
