// How alike two kernels over the same examples are: cosines of matrices, linear CKA, alignment with labels.
// Not a probe: arithmetic in float64. Any thread; pure functions.
#pragma once

#include <cstdint>

#include "grokscope_aten.h"

namespace grokscope {

/// H K H with H = I - 11ᵀ/n. `kernel` (example, example).
at::Tensor centred_kernel(const at::Tensor& kernel);

/// H X Xᵀ H of features (example, feature), float64. Undefined where nothing can be compared: a feature that
/// is not finite, or rows that are all alike as far as `epsilon` of the precision that computed them tells.
at::Tensor centred_gram(const at::Tensor& features, double epsilon);

/// <A, B>_F / (‖A‖_F ‖B‖_F); NaN if one is 0. Of centred Gram matrices it is the linear CKA of Kornblith et
/// al. 2019, ‖YcᵀXc‖²_F / (‖XcᵀXc‖_F ‖YcᵀYc‖_F).
double kernel_cosine(const at::Tensor& a, const at::Tensor& b);

/// <HKH, H Y Yᵀ H>_F / (‖HKH‖_F ‖H Y Yᵀ H‖_F) of the one-hot labels Y; `labels` (example) int64. NaN where
/// one of them is 0 but for rounding: the same kernel value for all pairs, one class.
double label_alignment(const at::Tensor& kernel, const at::Tensor& labels);

}  // namespace grokscope
