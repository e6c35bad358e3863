// The training workloads: how long one step takes, and what share of the machine's arithmetic that is.
#include "app/bench/training_case.h"
#include "app/bench/workload_list.h"
#include "base/statistics.h"
#include "base/text.h"

namespace grokscope::bench {
namespace {

/// Medians over the repeats; shares are taken within each repeat.
struct Shares {
  double peak_gflops = 0.0, multiplies_gflops = 0.0;
  double of_peak = 0.0, multiplies_of_peak = 0.0;
  double step_over_multiplies = 0.0;  ///< against the time its multiplies alone would take at the peak
};

Shares shares_of(const StepBench& step) {
  std::vector<double> of_peak, multiplies_of_peak, over;
  for (std::size_t i = 0; i < step.ms_per_step.size(); ++i) {
    const double flop_at_peak = 1e6 * step.ms_per_step[i] * step.peak_gflops[i];
    of_peak.push_back(step.total_flop() / flop_at_peak);
    over.push_back(flop_at_peak / step.multiplies_flop);
    multiplies_of_peak.push_back(step.multiplies_gflops[i] / step.peak_gflops[i]);
  }
  return {median_of(step.peak_gflops), median_of(step.multiplies_gflops), median_of(of_peak),
          median_of(multiplies_of_peak), median_of(over)};
}

/// Everything by which one machine, thread count or engine is compared with another.
Json facts_of(const StepBench& step, const Spread& ms) {
  const Shares shares = shares_of(step);
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
  facts["examples_per_step"] = step.examples_per_step;
  facts["parameters"] = step.parameter_count;
  facts["arithmetic"] = step.arithmetic;
  facts["gflop_per_step"] = 1e-9 * step.total_flop();
  facts["multiplies_gflop_per_step"] = 1e-9 * step.multiplies_flop;
  facts["gflops"] = 1e-6 * step.total_flop() / ms.median;
  facts["peak_gflops"] = shares.peak_gflops;
  facts["peak_share"] = shares.of_peak;
  facts["multiplies_gflops"] = shares.multiplies_gflops;
  facts["multiplies_peak_share"] = shares.multiplies_of_peak;
  facts["step_over_multiplies"] = shares.step_over_multiplies;
  facts["gemm_library"] = step.gemm_library;
  facts["blas"] = step.blas;
  return facts;
}

std::string remark_of(const Json& facts) {
  const auto number = [&](const char* name) { return facts[name].get<double>(); };
  const int threads = facts["threads"].get<int>();
  const std::string multiplies = number("multiplies_gflops") > 0.0
                                     ? "; its multiplies " + percent(number("multiplies_peak_share"))
                                     : std::string();
  return facts["engine"].get<std::string>() + ", " + std::to_string(threads) +
         (threads == 1 ? " thread, " : " threads, ") + pretty(number("gflops")) + " of " +
         pretty(number("peak_gflops")) + " GFLOP/s (" + percent(number("peak_share")) + multiplies + ")";
}

}  // namespace

Result<Outcome> run_training_workload(const Request& request, std::string_view name) {
  const auto measured_case = training_case(name);
  if (!measured_case) return measured_case.error();
  const auto step = measure_case(measured_case->config, request);
  if (!step) return step.error();
  const Spread ms = spread_of(step->ms_per_step);
  std::vector<double> rates;
  for (const double value : step->ms_per_step) rates.push_back(1e3 / value);
  Outcome outcome;
  outcome.facts = facts_of(*step, ms);
  outcome.measures.push_back({"one step", "step", "ms", ms, {}, remark_of(outcome.facts)});
  outcome.measures.push_back({"steps a second", "rate", "steps/s", spread_of(rates), {}, ""});
  if (measured_case->images)
    outcome.notes.push_back("the images are random: only the speed of a step counts");
  return outcome;
}

}  // namespace grokscope::bench
