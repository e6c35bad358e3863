// A real MLP on a + b mod 11, untrained: what probes of real networks are tried on.
#pragma once

#include "model/model.h"
#include "planted.h"

namespace grokscope::planted {

inline ProbeInput mlp_input(std::int64_t width, std::int64_t depth, std::int64_t train_count = 80) {
  auto data = addition(11);
  ProbeInput input;
  input.config.model.kind = "mlp";
  input.config.model.width = width;
  input.config.model.depth = depth;
  input.config.model.input = "one_hot";
  input.config.init.kind = "torch";
  input.config.seed = 7;
  input.split = std::make_shared<Split>(data->pool_size, data->held_out, 7, train_count);
  input.model = *make_model(input.config, *data);
  input.data = std::move(data);
  input.flat = input.model->initial_parameters(7);
  input.step = 42;
  input.seed = 7;
  return input;
}

/// Sets every parameter of that name.
inline void fill_parameter(ProbeInput& input, const std::string& name, double value) {
  const ParameterLayout& layout = input.model->layout();
  ParameterViews views = views_of(layout, input.flat);
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (layout.specs()[i].name == name) views[i].fill_(value);
  }
}

}  // namespace grokscope::planted
