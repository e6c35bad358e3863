// A network on a + b mod 11, whose parts a test may change before a probe looks.
#pragma once

#include "model/model.h"
#include "planted.h"

namespace grokscope::planted {

inline RunConfig mlp_config(std::int64_t width, std::int64_t depth) {
  RunConfig config;
  config.model.kind = "mlp";
  config.model.width = width;
  config.model.depth = depth;
  config.model.input = "one_hot";
  config.init.kind = "torch";
  config.seed = 7;
  return config;
}

/// The network of `config` at its first weights, in float32; `train_count` of the examples are trained on.
inline ProbeInput network_input(const RunConfig& config, std::shared_ptr<Dataset> data,
                                std::int64_t train_count) {
  ProbeInput input;
  input.config = config;
  input.split = std::make_shared<Split>(data->pool_size, data->held_out, 7, train_count);
  input.model = *make_model(input.config, *data);
  input.data = std::move(data);
  input.flat = input.model->initial_parameters(7);
  input.step = 42;
  return input;
}

inline ProbeInput mlp_input(std::int64_t width, std::int64_t depth) {
  return network_input(mlp_config(width, depth), addition(11), 60);
}

/// A parameter by its name, to be written to.
inline at::Tensor parameter(const ProbeInput& input, const std::string& name) {
  const ParameterViews views = views_of(input.model->layout(), input.flat);
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (input.model->layout().specs()[i].name == name) return views[i];
  }
  return {};
}

}  // namespace grokscope::planted
