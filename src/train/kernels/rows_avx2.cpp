// The row kernels for AVX2 and FMA (x86-64-v3): the flags stand in CMakeLists.txt.
#define GROKSCOPE_ROWS_ISA avx2
#include "train/kernels/rows_dispatch.h"
#include "train/kernels/rows_impl.h"

namespace grokscope::fused {

RowKernelSet row_kernels_avx2() {
  return avx2::kernel_set("AVX2");
}

}  // namespace grokscope::fused
