// What `grokscope bench` asks the training library to measure, and what it gets: values. Torch-free.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "contract/ports.h"

namespace grokscope {

struct StepBenchOptions {
  Device device = Device::automatic;
  int threads = 0;       ///< 0 = choose, as a run does
  double seconds = 5.0;  ///< of measured stepping, all repeats together
  int repeats = 7;
  bool with_peak = true;  ///< measure the machine's matrix-multiply peak too
};

/// Nothing but updates: no evaluation, no probe, no record.
struct StepBench {
  std::string engine, device, blas, gemm_library;
  int threads = 1;
  std::int64_t steps_per_repeat = 0;
  // One value a repeat each, so that a machine whose speed changes is compared with itself.
  std::vector<double> ms_per_step;
  std::vector<double>
      multiplies_gflops;            ///< what the matrix multiplies within the steps reach; 0 = not known
  std::vector<double> peak_gflops;  ///< large multiplies on `threads` threads at once, right before and
                                    ///< after, the better; empty = not asked
  std::int64_t examples_per_step = 0;
  std::string
      arithmetic;  ///< "tables" or "plain": how the useful arithmetic was counted (model/step_flops.h)
  double multiplies_flop = 0.0, rows_flop = 0.0;  ///< of one step
  double total_flop() const { return multiplies_flop + rows_flop; }
  std::int64_t parameter_count = 0;
};

}  // namespace grokscope
