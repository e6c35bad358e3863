#include "train/kernels/rows.h"

#include "train/kernels/rows_dispatch.h"

namespace grokscope::fused {

std::vector<RowKernelSet> row_kernel_sets() {
  std::vector<RowKernelSet> sets;
#if defined(GROKSCOPE_X86_ROWS)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512cd")) {
    sets.push_back(row_kernels_avx512());
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets.push_back(row_kernels_avx2());
#endif
  sets.push_back(row_kernels_baseline());
  return sets;
}

RowKernels row_kernels() {
  return row_kernel_sets().front().kernels;
}

template <>
CommonKernels<float> common_row_kernels() {
  return row_kernels();
}

template <>
CommonKernels<double> common_row_kernels() {
  return row_kernel_sets().front().in_double;
}

const char* row_kernels_name() {
  return row_kernel_sets().front().name;
}

}  // namespace grokscope::fused
