// Event: one line of events.jsonl: an intervention, a pause, a detected phase, the end. Torch-free values.
#pragma once

#include <cstdint>
#include <string>

#include "config/config_json.h"

namespace grokscope {

/// {"step":1500,"kind":"set","field":"task.train_fraction","value":0.65}. `detail` holds every key but step
/// and kind. Kinds: set, rescale_norm ("value", "from"), pause, resume, step_once, phase ("name"), milestone
/// ("name": train_99, ...), stopped
/// ("reason"), note.
struct Event {
  std::int64_t step = 0;
  std::string kind;
  Json detail = Json::object();
};

/// True for kinds that change the numbers of a run, and therefore are replayed: set and rescale_norm.
bool is_intervention(const Event& event);

Json json_from_event(const Event& event);
/// Checks presence and types; `source` ("events.jsonl line 3") is named in the error.
Result<Event> event_from_json(const Json& json, const std::string& source);

}  // namespace grokscope
