// Scoring: how the outputs of one run become losses and right or wrong answers: classes, or the task's target
// vectors. Not the losses themselves (train/torch_side/scoring_rows.h, data/target_vectors.h). Any thread;
// const after making.
#pragma once

#include "config/run_config.h"
#include "data/dataset.h"
#include "train/step/loss_kind.h"

namespace grokscope {

struct Scoring {
  LossKind loss = LossKind::cross_entropy;
  at::Tensor vectors;        ///< (vector, output) on the device of the outputs; undefined: logits of classes
  double tolerance = 0.0;    ///< as Dataset::tolerance
  std::int64_t outputs = 0;  ///< numbers the network gives for an example
};

/// Errors: an unknown loss, a loss of classes on a task that has none.
Result<Scoring> scoring_of(const LossConfig& loss, const Dataset& data, const at::Device& device);

}  // namespace grokscope
