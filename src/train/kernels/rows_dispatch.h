// The three builds of the row kernels; row_kernels() chooses. Private to this folder.
#pragma once

#include "train/kernels/rows.h"

namespace grokscope::fused {

RowKernelSet row_kernels_avx512();
RowKernelSet row_kernels_avx2();
RowKernelSet row_kernels_baseline();

}  // namespace grokscope::fused
