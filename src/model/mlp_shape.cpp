// Reads a config into an MlpShape and lays its parameters out in the flat vector.
#include "model/mlp_shape.h"

#include <string>

#include "data/target_vectors.h"

namespace grokscope {

Result<MlpShape> mlp_shape(const RunConfig& config, const Dataset& data) {
  MlpShape shape;
  const auto activation = activation_from(config.model.activation);
  if (!activation) return activation.error();
  if (config.model.depth < 1) return usage_error("model.depth must be at least 1 for an MLP");
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::torch);
  if (!scheme) return scheme.error();
  shape.activation = *activation;
  shape.scheme = *scheme;
  shape.width = config.model.width;
  shape.depth = config.model.depth;
  shape.bias = config.model.bias;
  shape.classes = output_count(data, config.loss.kind);
  if (kind_of(data.inputs) == InputKind::text || kind_of(data.inputs) == InputKind::graphs) {
    return usage_error("model.kind 'mlp' reads pairs, images or features, not " +
                       std::string(kind_of(data.inputs) == InputKind::text
                                       ? "text: use model.kind=lstm"
                                       : "molecules: use model.kind=graph"));
  }
  if (kind_of(data.inputs) != InputKind::pairs) {
    shape.input = MlpInput::images;
    shape.features = rows_of_numbers(data.inputs).size(1);
    return shape;
  }
  if (config.model.input != "embedding" && config.model.input != "one_hot") {
    return usage_error("model.input '" + config.model.input + "' is unknown: use embedding or one_hot");
  }
  shape.input = config.model.input == "one_hot" ? MlpInput::one_hot : MlpInput::embedding;
  shape.tokens = data.token_count;
  shape.embedding_width = config.model.embedding_width;
  shape.features = 2 * (shape.input == MlpInput::one_hot ? shape.tokens : shape.embedding_width);
  return shape;
}

InitPlan add_mlp_parameters(const RunConfig& config, MlpShape& shape, ParameterLayout& layout) {
  InitPlan plan{shape.scheme, config.init.scale, shape.width, shape.classes, {}};
  const auto add_layer = [&](const std::string& name, std::int64_t in, std::int64_t out, ParameterRole role) {
    MlpLayer layer;
    plan.parameters.push_back({role, in});
    layer.W = layout.add(name + ".W", {in, out});
    if (!shape.bias) return layer;
    plan.parameters.push_back({ParameterRole::bias, in});
    layer.b = layout.add(name + ".b", {out});
    return layer;
  };
  if (shape.input == MlpInput::embedding) {
    plan.parameters.push_back({ParameterRole::embedding, shape.embedding_width});
    shape.W_E = layout.add("embed.W_E", {shape.tokens, shape.embedding_width});
  }
  for (std::int64_t i = 0; i < shape.depth; ++i) {
    const std::int64_t in = i == 0 ? shape.features : shape.width;
    shape.hidden.push_back(
        add_layer("hidden." + std::to_string(i + 1), in, shape.width, ParameterRole::weight));
  }
  shape.output = add_layer("output", shape.width, shape.classes, ParameterRole::unembedding);
  return plan;
}

}  // namespace grokscope
