// Small tasks and configs by hand, and named access to weights. For tests of model and train.
#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"
#include "data/inputs.h"
#include "model/model.h"

namespace grokscope::toy {

/// All pairs of Z_p with answers a + 2b + 1 mod `classes`: not symmetric, so swapped operands cannot hide.
inline Dataset pairs_dataset(std::int64_t p, std::int64_t classes) {
  Dataset data;
  data.left_tokens = data.right_tokens = data.token_count = p;
  data.class_count = classes;
  data.pool_size = p * p;
  inputs_as<PairInputs>(data.inputs).pairs = at::empty({p * p, 2}, at::kLong);
  data.targets = at::empty({p * p}, at::kLong);
  auto* pairs = inputs_as<PairInputs>(data.inputs).pairs.data_ptr<std::int64_t>();
  auto* targets = data.targets.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < p * p; ++i) {
    pairs[2 * i] = i / p;
    pairs[2 * i + 1] = i % p;
    targets[i] = (i / p + 2 * (i % p) + 1) % classes;
  }
  data.train_targets = data.targets.clone();
  for (std::int64_t i = 0; i < p; ++i) data.token_names.push_back(std::to_string(i));
  for (std::int64_t i = 0; i < classes; ++i) data.class_names.push_back(std::to_string(i));
  return data;
}

/// Twelve images of 2 x 3 pixels in 4 classes, pixels from a fixed formula.
inline Dataset images_dataset() {
  Dataset data;
  data.inputs = ImageInputs{};
  data.class_count = 4;
  data.pool_size = 8;
  data.held_out = 4;
  inputs_as<ImageInputs>(data.inputs).height = 2;
  inputs_as<ImageInputs>(data.inputs).width = 3;
  const at::Tensor index = at::arange(72, at::kFloat);
  inputs_as<ImageInputs>(data.inputs).pixels =
      at::frac(index * 0.37 + at::square(index) * 0.013).view({12, 6}).contiguous();
  data.targets = at::remainder(at::arange(12, at::kLong) * 5, 4);
  data.train_targets = data.targets.clone();
  return data;
}

/// The same with three channels of other pixels: what a picture in colour is.
inline Dataset colour_dataset() {
  Dataset data = images_dataset();
  ImageInputs& images = inputs_as<ImageInputs>(data.inputs);
  const at::Tensor grey = images.pixels;
  images.channels = 3;
  images.pixels = at::cat({grey, 1.0 - grey, at::square(grey)}, 1).contiguous();
  return data;
}

/// The same examples with a vector of `outputs` numbers for every class; right is the nearest one.
inline Dataset with_vectors(Dataset data, std::int64_t outputs) {
  const at::Tensor index = at::arange(data.class_count * outputs, at::kFloat);
  data.target_vectors = at::sin(index * 1.3 + 0.7).view({data.class_count, outputs}).contiguous();
  return data;
}

/// Regression: twelve rows of 5 numbers, an answer of 3 numbers each.
inline Dataset features_dataset() {
  Dataset data;
  data.inputs = FeatureInputs{};
  data.class_count = 3;
  data.pool_size = 12;
  inputs_as<FeatureInputs>(data.inputs).rows =
      at::sin(at::arange(60, at::kFloat) * 0.9 + 0.2).view({12, 5}).contiguous();
  data.targets = at::arange(12, at::kLong);
  data.train_targets = data.targets.clone();
  data.target_vectors = at::cos(at::arange(36, at::kFloat) * 1.1).view({12, 3}).contiguous();
  data.tolerance = 0.3;
  return data;
}

/// A small transformer config with a smooth activation.
inline RunConfig transformer_config() {
  RunConfig config;
  config.model.kind = "transformer";
  config.model.width = 8;
  config.model.heads = 2;
  config.model.mlp_width = 12;
  config.model.activation = "gelu";
  return config;
}

inline RunConfig mlp_config(const std::string& input) {
  RunConfig config;
  config.model.kind = "mlp";
  config.model.input = input;
  config.model.width = 9;
  config.model.embedding_width = 4;
  config.model.activation = "tanh";
  return config;
}

inline std::shared_ptr<const Model> model_of(const RunConfig& config, const Dataset& data) {
  auto model = make_model(config, data);
  if (!model) throw std::runtime_error(model.error().message);
  return *model;
}

/// All examples, answers included.
inline Batch whole(const Dataset& data) {
  Batch batch;
  batch.inputs = data.inputs;
  batch.answers = data.targets;
  return batch;
}

/// Initial weights in float64, shaken so that biases and LayerNorm gains are not at their special values.
inline at::Tensor shaken_parameters(const Model& model, std::uint64_t seed) {
  const at::Tensor flat = model.initial_parameters(seed).to(at::kDouble);
  const at::Tensor index = at::arange(flat.numel(), at::kDouble);
  return flat + 0.1 * at::sin(index * 1.7 + 0.3);
}

inline at::Tensor named(const Model& model, const ParameterViews& views, const std::string& name) {
  const auto& specs = model.layout().specs();
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].name == name) return views[i];
  }
  return {};
}

inline double relative_difference(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.to(at::kDouble), y = b.to(at::kDouble);
  return (x - y).norm().item<double>() / std::max(y.norm().item<double>(), 1e-300);
}

}  // namespace grokscope::toy
