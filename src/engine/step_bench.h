// What `grokscope bench` asks the training engine to measure, and what it gets: values. Torch-free.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/ports.h"
#include "engine/step_flops.h"

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
  StepShape shape;
  std::int64_t parameter_count = 0;
};

}  // namespace grokscope
