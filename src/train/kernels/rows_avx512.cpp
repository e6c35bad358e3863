// The row kernels for AVX-512 (x86-64-v4): the flags stand in CMakeLists.txt.
#define GROKSCOPE_ROWS_ISA avx512
#include "train/kernels/rows_dispatch.h"
#include "train/kernels/rows_impl.h"

namespace grokscope::fused {

RowKernelSet row_kernels_avx512() {
  return avx512::kernel_set("AVX-512");
}

}  // namespace grokscope::fused
