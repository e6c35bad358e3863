// The trainings that are measured, by name: a config, and where needed the data it reads. Main thread.
#pragma once

#include <optional>
#include <string_view>

#include "app/bench/bench.h"
#include "app/bench/scratch_folder.h"
#include "config/run_config.h"
#include "contract/step_bench.h"

namespace grokscope::bench {

struct TrainingCase {
  RunConfig config;
  std::optional<ScratchFolder> images;  ///< must live while the config is used
};

/// `name`: one of the training workloads. Errors: the disk.
Result<TrainingCase> training_case(std::string_view name);

/// An MLP of `depth` hidden layers of `width` on random 28 x 28 images.
Result<TrainingCase> image_mlp_case(std::int64_t depth, std::int64_t width, std::int64_t batch,
                                    const std::string& loss);

/// Loads the training library and measures; the request decides engine, threads, seconds and repeats.
Result<StepBench> measure_case(const RunConfig& config, const Request& request, bool with_peak = true);

}  // namespace grokscope::bench
