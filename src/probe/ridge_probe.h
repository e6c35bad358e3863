// A linear probe that is cheap enough to run live: ridge regression of one-hot labels on a layer's features,
// its penalty chosen on a part of the training examples that it is not fitted to. Not a probe of the list:
// arithmetic. Any thread; pure functions.
#pragma once

#include <optional>

#include "grokscope_aten.h"

namespace grokscope {

struct RidgeProbe {
  double penalty = 0.0;  ///< λ of ‖F W + b − Y‖² / n + λ ‖W‖², features scaled to unit variance on average
  double chosen_accuracy = 0.0;  ///< on the fold that chose the penalty; what a layer may be chosen by
  double train_accuracy = 0.0;   ///< on all training examples
  double test_accuracy = 0.0;    ///< NaN without test examples
};

/// Features (example, feature) and labels (example) int64 in 0 .. classes - 1. Every fifth training example
/// chooses the penalty among 1e-6, 1e-4, 1e-2, 1 (the largest among equals), the others fit, as four fifths
/// fit the published probe. Nothing with fewer than 10 training examples, or when a feature is not finite or
/// all are constant.
std::optional<RidgeProbe> ridge_probe(const at::Tensor& train_features, const at::Tensor& train_labels,
                                      const at::Tensor& test_features, const at::Tensor& test_labels,
                                      std::int64_t classes);

}  // namespace grokscope
