// See scoring.h.
#include "train/scoring.h"

#include "data/target_vectors.h"

namespace grokscope {

Result<Scoring> scoring_of(const LossConfig& loss, const Dataset& data, const at::Device& device) {
  const auto kind = loss_kind_from(loss.kind);
  if (!kind) return kind.error();
  if (is_regression(data) && *kind != LossKind::mean_squared) {
    return usage_error("loss.kind = " + loss.kind +
                       " needs classes, but the answers of this task are numbers: set loss.kind=mse");
  }
  Scoring scoring;
  scoring.loss = *kind;
  scoring.outputs = output_count(data, loss.kind);
  if (!compares_vectors(data, loss.kind)) return scoring;
  scoring.vectors = data.target_vectors.to(device).contiguous();
  scoring.tolerance = data.tolerance;
  return scoring;
}

at::Tensor loss_rows(const Scoring& scoring, const at::Tensor& outputs, const at::Tensor& targets,
                     double factor, at::Tensor* gradient) {
  if (!scoring.vectors.defined()) return loss_rows(scoring.loss, outputs, targets, factor, gradient);
  return vector_losses(outputs.detach(), targets, scoring.vectors, factor, gradient);
}

at::Tensor right_rows(const Scoring& scoring, const at::Tensor& outputs, const at::Tensor& targets) {
  if (!scoring.vectors.defined()) return right_rows(outputs, targets);
  return vector_right(outputs.detach(), targets, scoring.vectors, scoring.tolerance);
}

}  // namespace grokscope
