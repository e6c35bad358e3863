// The row kernels for any processor of the build: the flags stand in CMakeLists.txt.
#define GROKSCOPE_ROWS_ISA baseline
#include "train/kernels/rows_dispatch.h"
#include "train/kernels/rows_impl.h"

namespace grokscope::fused {

RowKernelSet row_kernels_baseline() {
  return baseline::kernel_set("baseline");
}

}  // namespace grokscope::fused
