// The row kernels for any processor of the build: the flags stand in CMakeLists.txt.
#define GROKSCOPE_ROWS_ISA baseline
#include "train/kernels/rows_dispatch.h"
#include "train/kernels/rows_impl.h"

namespace grokscope::fused {

RowKernels row_kernels_baseline() {
  return baseline::kernels();
}

}  // namespace grokscope::fused
