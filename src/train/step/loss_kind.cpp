#include "train/step/loss_kind.h"

#include <string>

namespace grokscope {

Result<LossKind> loss_kind_from(std::string_view name) {
  if (name == "cross_entropy") return LossKind::cross_entropy;
  if (name == "mse") return LossKind::mean_squared;
  if (name == "stablemax") return LossKind::stablemax;
  return usage_error("loss.kind '" + std::string(name) + "' is unknown: use cross_entropy, mse or stablemax");
}

}  // namespace grokscope
