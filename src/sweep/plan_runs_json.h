// The runs of a plan that lists them, in and out: each with what it sets, its stop condition, its events and
// whether it looks inside. Untrusted input. Private to sweep/. Any thread.
#pragma once

#include <string>

#include "base/json_text.h"
#include "base/result.h"
#include "sweep/plan.h"

namespace grokscope {

/// "runs" into plan.listed; plan.base and plan.until are there already. Whether the settings go together,
/// and the events with them, is for validate().
Status read_runs(const Json& plan_json, SweepPlan& plan);
/// The same list, whole.
Json json_from_runs(const SweepPlan& plan);

/// A stop condition in its one spelling; "" for none.
Result<std::string> until_from_json(const Json& until);

}  // namespace grokscope
