// The configurations that several claims start from, and how a run of the pool is made of one. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "claims/claim.h"

namespace grokscope {

/// A preset that is built in. The name must exist (tests/claims makes every run of every claim).
RunConfig preset_config(std::string_view name);

PoolRun pool_run(RunConfig config);
/// Ends at the first evaluation with test accuracy at least `level`.
PoolRun run_until_test(RunConfig config, double level);

/// `count` values from 10^first to 10^last, evenly spaced in the exponent.
std::vector<double> powers_of_ten(double first, double last, int count);

}  // namespace grokscope
