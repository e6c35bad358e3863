// A plan around a run: some of its settings varied about the values that they have. Pure. Any thread.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "sweep/plan.h"

namespace grokscope {

/// Over one setting: nine values and three seeds; over two: nine by nine, one seed after the other; over
/// none: twenty seeds. Numbers go over what their slider covers, on log scales at most a factor of 100 to
/// each side of the run's own value; others over all that they can be. Every run lasts `steps` at most, and
/// ends with 99 % test accuracy. Errors: a setting that cannot be varied, cells that do not go together.
Result<SweepPlan> plan_over(const RunConfig& run, std::span<const std::string> names, std::int64_t steps);

/// Whether a setting can be an axis.
bool can_be_varied(const Field& field, const RunConfig& run);

}  // namespace grokscope
