// bench_training: how long a step of a config takes on this machine, and nothing else. Torch-free header.
// Calling thread; it must not train at the same time.
#pragma once

#include "base/result.h"
#include "config/run_config.h"
#include "contract/step_bench.h"

namespace grokscope {

/// Builds the training as a run does, warms up, then times `repeats` blocks of steps, each from the same
/// weights. Errors: what prepare_training() says; a loss that is not a number.
Result<StepBench> bench_training(const RunConfig& config, const StepBenchOptions& options);

}  // namespace grokscope
