// --events: the JSON Lines that a run writes, read back as a script. Untrusted input. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "history/event.h"

namespace grokscope {

struct EventScript {
  std::vector<Event> interventions;  ///< sorted by step
  /// A sentence for each kind that nobody knows (a few at most): such lines are passed over, as files.md
  /// says, but a slip of the fingers should not go unseen.
  std::vector<std::string> passed_over;
};

/// Pauses, milestones and whatever else a run records are passed over, so a run's own events.jsonl is a
/// script. Errors name the line: not JSON, an intervention that lacks something or does not fit a run of
/// `config` with the changes of the lines before: a setting that is unknown, cannot change while a run
/// trains, is out of range.
Result<EventScript> event_script_from_text(std::string_view text, const std::string& source,
                                           const RunConfig& config);
Result<EventScript> read_events_file(const std::string& path, const RunConfig& config);

}  // namespace grokscope
