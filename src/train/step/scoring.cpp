// See scoring.h.
#include "train/step/scoring.h"

#include "data/target_vectors.h"
#include "train/step/tensor_tools.h"

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
  scoring.vectors = on_device(data.target_vectors, device);
  scoring.tolerance = data.tolerance;
  return scoring;
}

}  // namespace grokscope
