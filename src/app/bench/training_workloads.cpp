// The training workloads: how long one step takes, and what share of the machine's arithmetic that is.
#include "app/bench/training_case.h"
#include "app/bench/workload_list.h"
#include "base/text.h"

namespace grokscope::bench {
namespace {

StepFlops useful_flops(const RunConfig& config, const StepBench& step) {
  return step_flops(config, step.shape, step.engine == "fused" ? Arithmetic::tables : Arithmetic::plain);
}

/// Everything by which one machine, thread count or engine is compared with another.
Json facts_of(const StepBench& step, const Spread& ms, const StepFlops& flops) {
  const double gflops = 1e-6 * flops.total() / ms.median;
  const double multiplies_ms = 1e-6 * flops.multiplies / step.peak_gflops;
  Json facts;
  facts["steps_per_second"] = 1e3 / ms.median;
  facts["median_ms"] = ms.median;
  facts["min_ms"] = ms.minimum;
  facts["max_ms"] = ms.maximum;
  facts["mad_ms"] = ms.mad;
  facts["repeats"] = ms.count;
  facts["steps_per_repeat"] = step.steps_per_repeat;
  facts["engine"] = step.engine;
  facts["threads"] = step.threads;
  facts["device"] = step.device;
  facts["examples_per_step"] = step.shape.examples;
  facts["parameters"] = step.parameter_count;
  facts["arithmetic"] = step.engine == "fused" ? "tables" : "plain";
  facts["gflop_per_step"] = 1e-9 * flops.total();
  facts["multiplies_gflop_per_step"] = 1e-9 * flops.multiplies;
  facts["gflops"] = gflops;
  facts["peak_gflops"] = step.peak_gflops;
  facts["peak_share"] = gflops / step.peak_gflops;
  facts["multiplies_gflops"] = step.multiplies_gflops;
  facts["multiplies_peak_share"] = step.multiplies_gflops / step.peak_gflops;
  facts["multiplies_ms_at_peak"] = multiplies_ms;
  facts["step_over_multiplies"] = ms.median / multiplies_ms;
  facts["gemm_library"] = step.gemm_library;
  facts["blas"] = step.blas;
  return facts;
}

std::string remark_of(const StepBench& step, double gflops) {
  const std::string multiplies =
      step.multiplies_gflops > 0.0 ? "; its multiplies " + percent(step.multiplies_gflops / step.peak_gflops)
                                   : std::string();
  return step.engine + ", " + std::to_string(step.threads) +
         (step.threads == 1 ? " thread, " : " threads, ") + pretty(gflops) + " of " +
         pretty(step.peak_gflops) + " GFLOP/s (" + percent(gflops / step.peak_gflops) + multiplies + ")";
}

}  // namespace

Result<Outcome> run_training_workload(const Request& request, std::string_view name) {
  const auto measured_case = training_case(name);
  if (!measured_case) return measured_case.error();
  const auto step = measure_case(measured_case->config, request);
  if (!step) return step.error();
  const StepFlops flops = useful_flops(measured_case->config, *step);
  const Spread ms = spread_of(step->ms_per_step);
  std::vector<double> rates;
  for (const double value : step->ms_per_step) rates.push_back(1e3 / value);
  Outcome outcome;
  outcome.facts = facts_of(*step, ms, flops);
  const double gflops = outcome.facts["gflops"].get<double>();
  outcome.measures.push_back({"one step", "step", "ms", ms, {}, remark_of(*step, gflops)});
  outcome.measures.push_back({"steps a second", "rate", "steps/s", spread_of(rates), {}, ""});
  if (measured_case->images)
    outcome.notes.push_back("the images are random: only the speed of a step counts");
  return outcome;
}

}  // namespace grokscope::bench
