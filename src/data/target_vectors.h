// Target vectors: answers that are rows of numbers instead of classes, or classes with a row each. Whether a
// run compares with them, the squared error to them, and when an answer counts as right. Pure functions; any
// thread, any device: the tensors of one call lie on the same one.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/dataset.h"

namespace grokscope {

/// The answers are numbers and nothing else: there are no classes to choose from.
inline bool is_regression(const Dataset& data) {
  return data.target_vectors.defined() && data.tolerance > 0.0;
}

/// Whether outputs are compared with target_vectors under this loss.kind; otherwise they are logits.
inline bool compares_vectors(const Dataset& data, std::string_view loss_kind) {
  return data.target_vectors.defined() && (loss_kind == "mse" || is_regression(data));
}

/// How many numbers the network gives for an example under this loss.kind.
inline std::int64_t output_count(const Dataset& data, std::string_view loss_kind) {
  return compares_vectors(data, loss_kind) ? data.target_vectors.size(1) : data.class_count;
}

/// Mean over outputs of (output - vectors[target])² of each row, (row) float64. outputs (row, output),
/// targets (row) int64, vectors (vector, output). If `gradient` is not nullptr it becomes factor * d(sum of
/// the rows)/d(outputs), in their dtype.
at::Tensor vector_losses(const at::Tensor& outputs, const at::Tensor& targets, const at::Tensor& vectors,
                         double factor, at::Tensor* gradient);

/// tolerance > 0: whether the mean squared error is below it; 0: whether no other vector is nearer, nor an
/// earlier one as near: (row) bool. A row with a NaN is wrong.
at::Tensor vector_right(const at::Tensor& outputs, const at::Tensor& targets, const at::Tensor& vectors,
                        double tolerance);

/// -½ Σ (output - vector)² to every vector, (row, vector) float64: the largest is the nearest, and their
/// softmax is the posterior over the vectors under noise of unit variance.
at::Tensor vector_scores(const at::Tensor& outputs, const at::Tensor& vectors);

/// The loss of a network that gives the mean of the vectors of `targets` to everything; NaN for none.
double constant_guess_loss(const at::Tensor& targets, const at::Tensor& vectors);

}  // namespace grokscope
