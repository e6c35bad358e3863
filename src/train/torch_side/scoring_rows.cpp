#include "train/torch_side/scoring_rows.h"

#include "data/target_vectors.h"
#include "train/torch_side/loss.h"

namespace grokscope {

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
