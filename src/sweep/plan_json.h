// The text of a plan (docs/schema/sweep-plan.schema.json): reading it, strictly, and writing it back. Plans
// that come with the program lie in assets/sweeps/. Untrusted input. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"
#include "sweep/plan.h"

namespace grokscope {

/// Everything but the cells is checked: those once --set has been applied, by validate(). Usage errors, the
/// source last.
Result<SweepPlan> plan_from_text(std::string_view text, const std::string& source);
/// The name of a plan of the program, or a file.
Result<SweepPlan> load_plan(const std::string& name_or_file);
/// `key=value`, as after --set, in the base, or as the one value of an axis that has one. An error for what
/// an axis of several values, the seeds or a run of the list set.
Status set_in_plan(SweepPlan& plan, const std::string& assignment);

/// Whole: every setting of the base, every value of the axes. Reading it gives the same plan, in any folder.
Json json_from_plan(const SweepPlan& plan);

/// Of the program, sorted.
std::vector<std::string> plan_names();

}  // namespace grokscope
