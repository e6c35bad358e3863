// Small texts and molecules by hand. For tests of model and train.
#pragma once

#include <vector>

#include "model/toy.h"

namespace grokscope::toy {

inline Dataset text_dataset() {
  Dataset data;
  data.inputs = TextInputs{};
  data.class_count = 2;
  data.pool_size = 6;
  data.token_count = 9;
  inputs_as<TextInputs>(data.inputs).tokens =
      at::remainder(at::arange(42, at::kLong) * 5 + 2, 9).view({6, 7}).contiguous();
  inputs_as<TextInputs>(data.inputs).tokens.narrow(1, 0, 2).zero_();
  data.targets = at::remainder(at::arange(6, at::kLong), 2);
  data.train_targets = data.targets.clone();
  return data;
}

inline RunConfig lstm_config() {
  RunConfig config;
  config.model.kind = "lstm";
  config.model.width = 5;
  config.model.depth = 2;
  config.model.embedding_width = 4;
  return config;
}

/// Three molecules: a triangle with two kinds of bonds, a chain, a lone atom.
inline Dataset graphs_dataset() {
  Dataset data;
  data.inputs = GraphInputs{};
  data.class_count = 1;
  data.pool_size = 3;
  inputs_as<GraphInputs>(data.inputs).nodes =
      at::frac(at::arange(132, at::kFloat) * 0.37).view({3, 4, 11}).contiguous();
  inputs_as<GraphInputs>(data.inputs).node_mask =
      at::tensor(std::vector<float>{1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0}).view({3, 4});
  inputs_as<GraphInputs>(data.inputs).nodes =
      (inputs_as<GraphInputs>(data.inputs).nodes * inputs_as<GraphInputs>(data.inputs).node_mask.unsqueeze(2))
          .contiguous();
  const std::vector<std::int64_t> source = {0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 3, 0, 0, 0, 0, 0, 0};
  const std::vector<std::int64_t> target = {1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 3, 2, 0, 0, 0, 0, 0, 0};
  const std::vector<std::int64_t> kind = {0, 0, 1, 1, 3, 3, 2, 2, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0};
  inputs_as<GraphInputs>(data.inputs).edge_source = at::tensor(source).view({3, 6});
  inputs_as<GraphInputs>(data.inputs).edge_target = at::tensor(target).view({3, 6});
  inputs_as<GraphInputs>(data.inputs).edge_mask = at::cat({at::ones({2, 6}), at::zeros({1, 6})});
  inputs_as<GraphInputs>(data.inputs).edges =
      at::one_hot(at::tensor(kind), 4).view({3, 6, 4}).to(at::kFloat) *
      inputs_as<GraphInputs>(data.inputs).edge_mask.unsqueeze(2);
  data.targets = at::arange(3, at::kLong);
  data.train_targets = data.targets.clone();
  data.target_vectors = at::tensor(std::vector<float>{0.3f, -1.0f, 0.7f}).view({3, 1});
  data.tolerance = 0.1;
  return data;
}

inline RunConfig graph_config() {
  RunConfig config;
  config.model.kind = "graph";
  config.model.width = 6;
  config.loss.kind = "mse";
  return config;
}

}  // namespace grokscope::toy
