// Reads a config into an LstmShape and lays its parameters out in the flat vector.
#include "model/lstm_shape.h"

#include <string>
#include <utility>

namespace grokscope {

Result<LstmShape> lstm_shape(const RunConfig& config, const Dataset& data) {
  if (kind_of(data.inputs) != InputKind::text) {
    return usage_error("model.kind 'lstm' reads text: set task.kind=text, or choose another model.kind");
  }
  if (data.class_count != 2) return usage_error("model.kind 'lstm' answers with one of two classes");
  if (config.loss.kind == "mse") {
    return usage_error(
        "model.kind 'lstm' gives the log-odds of one class, for which the squared error has no meaning: set "
        "loss.kind=cross_entropy");
  }
  if (config.model.dropout > 0.0) {
    return usage_error("model.kind 'lstm' has no dropout: set model.dropout=0");
  }
  if (config.model.depth < 1) return usage_error("model.depth must be at least 1 for an LSTM");
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::torch);
  if (!scheme) return scheme.error();
  LstmShape shape;
  shape.tokens = data.token_count;
  shape.positions = inputs_as<TextInputs>(data.inputs).tokens.size(1);
  shape.embedding_width = config.model.embedding_width;
  shape.width = config.model.width;
  shape.depth = config.model.depth;
  shape.scheme = *scheme;
  return shape;
}

InitPlan add_lstm_parameters(const RunConfig& config, LstmShape& shape, ParameterLayout& layout) {
  InitPlan plan{shape.scheme, config.init.scale, shape.width, shape.tokens, {}};
  // PyTorch draws every weight and bias of an LSTM and of the layer after it from U(±1/√width).
  const auto add = [&](std::string name, std::vector<std::int64_t> extents, ParameterRole role) {
    plan.parameters.push_back({role, shape.width});
    return layout.add(std::move(name), std::move(extents));
  };
  shape.W_E = add("embed.W_E", {shape.tokens, shape.embedding_width}, ParameterRole::embedding);
  for (std::int64_t i = 0; i < shape.depth; ++i) {
    const std::string name = "lstm." + std::to_string(i + 1);
    const std::int64_t in = i == 0 ? shape.embedding_width : shape.width, gates = 4 * shape.width;
    LstmLayerWeights layer;
    layer.W_input = add(name + ".W_input", {in, gates}, ParameterRole::weight);
    layer.W_hidden = add(name + ".W_hidden", {shape.width, gates}, ParameterRole::weight);
    layer.b_input = add(name + ".b_input", {gates}, ParameterRole::bias);
    layer.b_hidden = add(name + ".b_hidden", {gates}, ParameterRole::bias);
    shape.layers.push_back(layer);
  }
  shape.W_out = add("output.W", {shape.width, 1}, ParameterRole::unembedding);
  shape.b_out = add("output.b", {1}, ParameterRole::bias);
  return plan;
}

}  // namespace grokscope
