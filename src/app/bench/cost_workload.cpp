// Workload `cost`: one setting at a time, everything else fixed; the slope of log time against log setting is
// the exponent with which a step grows.
#include "app/bench/training_case.h"

#include <algorithm>
#include "app/bench/workload_list.h"
#include "config/fields.h"
#include "config/presets.h"

namespace grokscope::bench {
namespace {

constexpr double kShortest_s = 0.02;

/// What is varied, on which training.
struct Sweep {
  const char* axis;
  const char* setting;
  const char* base;
  std::vector<std::int64_t> values;
  Result<TrainingCase> (*make)(std::int64_t value);
};

Result<TrainingCase> transformer_with(const char* setting, std::int64_t value) {
  auto made = training_case("transformer-p113");
  if (!made) return made.error();
  if (Status set = set_field(made->config, setting, value); !set) return set.error();
  return made;
}

Result<TrainingCase> with_modulus(std::int64_t p) {
  return transformer_with("task.modulus", p);
}

/// The MLP keeps four times the width, as the published model has it.
Result<TrainingCase> with_width(std::int64_t width) {
  auto made = transformer_with("model.width", width);
  if (made) made->config.model.mlp_width = 4 * width;
  return made;
}

Result<TrainingCase> with_batch(std::int64_t batch) {
  return image_mlp_case(2, 400, batch, "cross_entropy");
}

Result<TrainingCase> with_depth(std::int64_t depth) {
  return image_mlp_case(depth, 400, 200, "cross_entropy");
}

std::vector<Sweep> sweeps() {
  return {
      {"p",
       "task.modulus",
       "one-layer transformer, width 128, full batch (30 % of p² pairs)",
       {29, 53, 97, 113, 193},
       with_modulus},
      {"width",
       "model.width",
       "one-layer transformer, p = 113, MLP four times as wide, full batch",
       {32, 64, 128, 256},
       with_width},
      {"batch", "train.batch_size", "784-400-400-10 MLP", {25, 50, 100, 200, 400, 800}, with_batch},
      {"depth", "model.depth", "MLP of width 400 on 784 pixels, batch 200", {1, 2, 4, 8, 12}, with_depth},
  };
}

Result<Curve> curve_of(const Sweep& sweep, const Request& request) {
  Curve curve{sweep.axis, sweep.setting, sweep.base, {}, {}, 0.0};
  for (const std::int64_t value : sweep.values) {
    const auto made = sweep.make(value);
    if (!made) return made.error();
    const auto step = measure_case(made->config, request, false);
    if (!step) return step.error();
    curve.x.push_back(static_cast<double>(value));
    curve.median_ms.push_back(median_of(step->ms_per_step));
  }
  curve.slope = log_log_slope(curve.x, curve.median_ms);
  return curve;
}

}  // namespace

/// The measuring time is shared among all points.
Result<Outcome> run_cost_workload(const Request& request, std::string_view) {
  Outcome outcome;
  const std::vector<Sweep> all = sweeps();
  std::size_t points = 0;
  for (const Sweep& sweep : all) points += sweep.values.size();
  Request each = request;
  each.seconds = std::max(kShortest_s, 2.0 * request.seconds / static_cast<double>(points));
  for (const Sweep& sweep : all) {
    auto curve = curve_of(sweep, each);
    if (!curve) return curve.error();
    outcome.measures.push_back({std::string("exponent of step time in ") + sweep.axis,
                                std::string("slope_") + sweep.axis,
                                "",
                                {curve->slope, curve->slope, curve->slope, 0.0, 1},
                                {},
                                sweep.base});
    outcome.curves.push_back(std::move(*curve));
  }
  return outcome;
}

}  // namespace grokscope::bench
