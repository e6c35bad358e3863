// The axes and seeds of a plan's text: values written out, or a range (from, to, count, scale). Untrusted
// input. Private to sweep/. Any thread.
#pragma once

#include <string>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"
#include "sweep/plan.h"

namespace grokscope {

/// Of a file that is there, the whole path: it stays the same file for a worker that is started elsewhere.
std::string settled_path(const std::string& path);

/// Misspelt keys: a usage error with the nearest one. `what`: "an axis".
Status check_keys(const Json& object, const std::vector<std::string>& known, const std::string& what);

/// The base stands in the plan already: what a value may be can depend on it.
Status read_axes(const Json& plan_json, SweepPlan& plan);
Status read_seeds(const Json& plan_json, SweepPlan& plan);

}  // namespace grokscope
