// What matrix multiplies take: a clock of the calling thread, like its processor time. Torch-free. Any
// thread.
#pragma once

namespace grokscope::fused {

struct MultiplyTime {
  double seconds = 0.0, flop = 0.0;
};
/// What multiplies have taken and done on the calling thread since that began: a clock, like its processor
/// time.
MultiplyTime multiply_time();
void count_multiply(const MultiplyTime& one);

}  // namespace grokscope::fused
