// Losses with their gradient by hand: the loss is the last operation, so autograd starts at the logits.
// Cross-entropy takes its log-softmax in float64: in float32 it stops at 1.2e-7 and makes late training spike
// (Nanda et al. 2023). Any thread.
#pragma once

#include "grokscope_aten.h"
#include "train/step/loss_kind.h"

namespace grokscope {

/// Loss of each row, (row) float64. cross_entropy: -log softmax(logits)[target]; mse: mean over classes of
/// (logit - onehot)²; stablemax: -log(s(target) / Σ s), s as in probe/losses.h, in float64 (Prieto et al.
/// 2025). If `gradient` is not nullptr it becomes factor * d(sum of the rows)/d(logits), in their dtype.
at::Tensor loss_rows(LossKind kind, const at::Tensor& logits, const at::Tensor& targets, double factor,
                     at::Tensor* gradient);

/// Whether the largest logit (the first of equals) is the target's: (row) bool. A row with a NaN is wrong.
at::Tensor right_rows(const at::Tensor& logits, const at::Tensor& targets);

}  // namespace grokscope
