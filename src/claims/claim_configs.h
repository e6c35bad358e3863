// The configurations that several claims start from, and how a run is made of one. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "claims/claim.h"

namespace grokscope {

/// A preset that is built in. The name must exist (tests/claims makes every run of every claim).
RunConfig preset_config(std::string_view name);

/// A plan of a sweep that comes with the program. The name must exist (as above).
SweepPlan program_plan(const std::string& name);

/// The quick form of Nanda et al.'s one-layer transformer that most quick claims share: a + b mod 53, width
/// 64, 40 % of the pairs (a, b), weight decay 0.9. Not a preset: presets are chosen for how they look.
RunConfig small_transformer();

/// The toy adder of Liu et al. 2022, effective theory (section 4.1 and toy/train_add.py): p = 10, 55
/// unordered pairs, one-dimensional embeddings at 1e-3 without decay, a 1-200-200-30 tanh decoder.
RunConfig adder_config(std::int64_t train_size, double decoder_rate, double decoder_decay);

/// How many seeds a claim that compares times takes the median of: single times vary by a factor of seven.
inline constexpr std::int64_t kSeedsOfARatio = 5;

/// The same with seed 0, 1, .. `seeds` - 1.
std::vector<RunConfig> with_seeds(const RunConfig& config, std::int64_t seeds);

/// To the last of its steps, without a look inside.
PlannedRun whole_run(RunConfig config);
/// Every run of a plan, in its order.
std::vector<PlannedRun> runs_of(const SweepPlan& plan);
/// Ends at the first evaluation with test accuracy at least `level`.
PlannedRun run_until_test(RunConfig config, double level);

/// `count` values from 10^first to 10^last, evenly spaced in the exponent.
std::vector<double> powers_of_ten(double first, double last, int count);

}  // namespace grokscope
