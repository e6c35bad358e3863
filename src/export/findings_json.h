// What the record of a run says beyond its numbers, as JSON: stages of test accuracy and of rank, warnings,
// the forecast. For snapshot.json and `run --json`. Main thread.
#pragma once

#include <cstdint>

#include "config/config_json.h"
#include "history/history.h"

namespace grokscope {

/// As it was known at `step`: {"stages":[{"of","change","begin","end","from","to"}],"warnings":[..],
/// "forecast":{..} or null,"held_back":{"by","sentence"}}.
Json findings_json(const History& history, std::int64_t step);

}  // namespace grokscope
