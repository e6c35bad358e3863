// See target_vectors.h.
#include "data/target_vectors.h"

#include <limits>

namespace grokscope {

at::Tensor vector_losses(const at::Tensor& outputs, const at::Tensor& targets, const at::Tensor& vectors,
                         double factor, at::Tensor* gradient) {
  at::Tensor difference = outputs - vectors.index_select(0, targets).to(outputs.scalar_type());
  const auto count = static_cast<double>(outputs.size(1));
  const at::Tensor rows = difference.to(at::kDouble).square().sum(1) / count;  // (row)
  if (gradient != nullptr) *gradient = difference.mul_(2.0 * factor / count);
  return rows;
}

at::Tensor vector_right(const at::Tensor& outputs, const at::Tensor& targets, const at::Tensor& vectors,
                        double tolerance) {
  if (tolerance > 0.0) return vector_losses(outputs, targets, vectors, 1.0, nullptr).lt(tolerance);
  const at::Tensor scores = vector_scores(outputs, vectors);  // (row, vector)
  return at::logical_and(scores.argmax(1).eq(targets), scores.isnan().any(1).logical_not());
}

at::Tensor vector_scores(const at::Tensor& outputs, const at::Tensor& vectors) {
  const at::Tensor rows = outputs.to(at::kDouble), known = vectors.to(at::kDouble);
  const at::Tensor squares = rows.square().sum(1, true) + known.square().sum(1).unsqueeze(0);
  return at::matmul(rows, known.t()) - 0.5 * squares;
}

double constant_guess_loss(const at::Tensor& targets, const at::Tensor& vectors) {
  if (targets.size(0) == 0) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor answers = vectors.index_select(0, targets).to(at::kDouble);  // (example, output)
  return (answers - answers.mean(0, true)).square().mean().item<double>();
}

}  // namespace grokscope
