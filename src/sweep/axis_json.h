// The axes and seeds of a plan's text: values written out, or a range (from, to, count, scale). Untrusted
// input. Private to sweep/. Any thread.
#pragma once

#include "base/json_text.h"
#include "base/result.h"
#include "sweep/plan.h"

namespace grokscope {

/// The base stands in the plan already: what a value may be can depend on it.
Status read_axes(const Json& plan_json, SweepPlan& plan);
Status read_seeds(const Json& plan_json, SweepPlan& plan);

}  // namespace grokscope
