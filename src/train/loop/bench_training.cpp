// Timing blocks of steps. Every block begins with the same weights and optimizer state, so that the
// arithmetic stays that of a young run however long it measures.
#include "train/loop/bench_training.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <utility>

#include "base/memory.h"
#include "base/threads.h"
#include "model/step_shape.h"
#include "train/kernels/gemm.h"
#include "train/loop/training.h"
#include "train/step/device.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

using BenchClock = std::chrono::steady_clock;

constexpr int kWarmUpSteps = 5;
constexpr double kWarmUpShare = 0.15;  ///< of the measuring time
constexpr double kPeak_s = 0.01;       ///< for each library, each time

double seconds_since(BenchClock::time_point start) {
  return std::chrono::duration<double>(BenchClock::now() - start).count();
}

/// The sum of what every thread reaches while all of them multiply.
double bench_peak_gflops(int threads, double seconds, bool in_double) {
  fused::use_one_blas_thread();
  std::vector<double> rates(static_cast<std::size_t>(threads));
  std::barrier together(threads);
  const auto measure = [&](std::size_t thread) {
    together.arrive_and_wait();
    rates[thread] =
        in_double ? fused::gemm_peak_gflops<double>(seconds) : fused::gemm_peak_gflops<float>(seconds);
  };
  std::vector<std::jthread> others;
  for (int thread = 1; thread < threads; ++thread) {
    auto started = start_thread("peak", [&measure, thread] { measure(static_cast<std::size_t>(thread)); });
    if (!started) {
      for (int missing = thread; missing < threads; ++missing)
        together.arrive_and_drop();  // nobody waits for them
      measure(0);
      others.clear();  // joins
      throw std::runtime_error(started.error().message);
    }
    others.push_back(std::move(*started));
  }
  measure(0);
  others.clear();  // joins
  double sum = 0.0;
  for (const double rate : rates) sum += rate;
  return sum;
}

/// Weights and optimizer moments, to go back to.
class StartingPoint {
 public:
  explicit StartingPoint(Stepper& stepper) : flat_(copy_of(stepper.flat())) {
    for (const auto& [name, tensor] : stepper.optimizer_state()) moments_.push_back(copy_of(tensor));
  }
  void restore(Training& training) const {
    training.step = 0;
    copy_into(training.stepper->flat(), flat_);
    auto state = training.stepper->optimizer_state();
    for (std::size_t i = 0; i < state.size() && i < moments_.size(); ++i)
      copy_into(state[i].second, moments_[i]);
  }

 private:
  at::Tensor flat_;
  std::vector<at::Tensor> moments_;
};

/// Seconds for `steps` steps; on a GPU until the last one is done. NaN when the loss is not a number.
double time_steps(Training& training, std::int64_t steps) {
  const auto start = BenchClock::now();
  double loss = 0.0;
  for (std::int64_t i = 0; i < steps; ++i) {
    const auto batch = training.batches.next(training.split, training.config.train.batch_size);
    loss = training.stepper->step(training.step++, batch);
  }
  const double norm = norm_of(training.stepper->flat());  // waits for a GPU
  const double elapsed_s = seconds_since(start);
  return std::isfinite(loss) && std::isfinite(norm) ? elapsed_s : std::nan("");
}

/// Seconds a step, once everything is allocated and the caches are warm.
double warm_up(Training& training, double seconds) {
  time_steps(training, kWarmUpSteps);
  const auto start = BenchClock::now();
  double fastest_s = 1e9;
  do {
    fastest_s = std::min(fastest_s, time_steps(training, kWarmUpSteps) / kWarmUpSteps);
  } while (seconds_since(start) < kWarmUpShare * seconds);
  return fastest_s;
}

void count_useful_work(const Training& training, StepBench& bench) {
  const auto trained = static_cast<std::int64_t>(training.split.train().size());
  const std::int64_t batch = training.config.train.batch_size;
  bench.examples_per_step = batch > 0 ? std::min(batch, trained) : trained;
  const bool tables = bench.engine == "fused";
  bench.arithmetic = tables ? "tables" : "plain";
  const StepFlops flops = step_flops(training.config, step_shape(*training.data, bench.examples_per_step),
                                     tables ? Arithmetic::tables : Arithmetic::plain);
  bench.multiplies_flop = flops.multiplies;
  bench.rows_flop = flops.rows;
}

Result<StepBench> measure_steps(Training training, const StepBenchOptions& options) {
  const bool in_double = computes_in_double(training.config.train);
  StepBench bench;
  bench.engine = training.facts.engine;
  bench.device = training.facts.device;
  bench.blas = training.facts.blas;
  bench.gemm_library = in_double ? fused::gemm_library<double>() : fused::gemm_library<float>();
  bench.threads = training.facts.threads;
  bench.parameter_count = training.facts.parameter_count;
  count_useful_work(training, bench);
  const StartingPoint start(*training.stepper);
  const int repeats = std::max(1, options.repeats);
  const double step_s = warm_up(training, options.seconds);
  const double block_s = options.seconds / repeats;
  bench.steps_per_repeat = std::max<std::int64_t>(1, std::llround(block_s / std::max(step_s, 1e-9)));
  const auto peak = [&] {
    return options.with_peak ? bench_peak_gflops(bench.threads, kPeak_s, in_double) : 0.0;
  };
  double peak_before = peak();
  for (int repeat = 0; repeat < repeats; ++repeat) {
    start.restore(training);
    time_steps(training, 1);  // the caches as a running training has them
    const fused::MultiplyTime before = training.stepper->multiply_time();
    const double elapsed_s = time_steps(training, bench.steps_per_repeat);
    if (!std::isfinite(elapsed_s))
      return failure("the loss or the weight norm is not a finite number: this config diverges");
    bench.ms_per_step.push_back(1e3 * elapsed_s / static_cast<double>(bench.steps_per_repeat));
    const fused::MultiplyTime after = training.stepper->multiply_time();
    const double multiplying_s = (after.seconds - before.seconds) / bench.threads;
    bench.multiplies_gflops.push_back(multiplying_s > 0.0 ? 1e-9 * (after.flop - before.flop) / multiplying_s
                                                          : 0.0);
    if (!options.with_peak) continue;
    const double peak_after = peak();
    bench.peak_gflops.push_back(std::max(std::exchange(peak_before, peak_after), peak_after));
  }
  return bench;
}

}  // namespace

Result<StepBench> bench_training(const RunConfig& config, const StepBenchOptions& options) {
  try {
    limit_library_threads();
    const at::NoGradGuard no_gradients;
    TrainerOptions trainer;
    trainer.device = options.device;
    trainer.threads = options.threads;
    auto training = prepare_training(config, trainer);
    if (!training) return training.error();
    return measure_steps(std::move(*training), options);
  } catch (const std::exception& error) {  // LibTorch's own, or no memory
    return failure("the step could not be measured: " + reason_of(error));
  }
}

}  // namespace grokscope
