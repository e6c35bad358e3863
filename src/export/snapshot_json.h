// snapshot.json ("grokscope.snapshot/1", docs/schema/snapshot.schema.json): one run at one step as one strict
// JSON document. Main thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/json_text.h"
#include "base/result.h"
#include "history/history.h"
#include "history/run_folder.h"

namespace grokscope {

/// Series are whole; frames, phases, verdict and config_now are those of `step`. `facts` is an object of what
/// the task and the machine turned out to be (class_count, parameter_count, ...); {} if unknown.
Json snapshot_json(const History& history, const Provenance& made_by, const Json& facts, std::int64_t step);

/// The same as the text of a file: one line.
std::string snapshot_text(const History& history, const Provenance& made_by, const Json& facts,
                          std::int64_t step);
}  // namespace grokscope
