// Loss and accuracy of given logits, in float64, for the probes that score weights other than the trainer's
// own. Not the training loss of the stepper. Any thread; pure functions.
#pragma once

#include <string_view>

#include "data/dataset.h"

namespace grokscope {

/// s(x) = x + 1 for x >= 0, 1 / (1 - x) for x < 0, in float64: what StableMax puts in the place of exp
/// (Prieto et al. 2025, §4). Any shape.
at::Tensor stablemax_scores(const at::Tensor& logits);

/// Loss of each example of one piece, (n) float64; autograd can differentiate it. Arguments as below.
at::Tensor row_losses(const at::Tensor& logits, const at::Tensor& targets, std::string_view kind);

/// Loss of each example, (n) float64. `kind` as in LossConfig: cross_entropy in nats, stablemax: the same
/// with s(x) for exp(x), or mse: the mean over classes of (output - one-hot target)^2. logits (n, class),
/// targets (n) int64.
at::Tensor example_losses(const at::Tensor& logits, const at::Tensor& targets, std::string_view kind);

/// Means; NaN when there are no examples.
double mean_loss(const at::Tensor& logits, const at::Tensor& targets, std::string_view kind);
double accuracy(const at::Tensor& logits, const at::Tensor& targets);

/// The same for outputs that are compared with data.target_vectors (data/target_vectors.h).
double mean_vector_loss(const at::Tensor& outputs, const at::Tensor& targets, const Dataset& data);
double vector_accuracy(const at::Tensor& outputs, const at::Tensor& targets, const Dataset& data);

}  // namespace grokscope
