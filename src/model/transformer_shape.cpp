// Reads a config into a TransformerShape and lays its parameters out in the flat vector.
#include "model/transformer_shape.h"

#include <string>
#include <utility>

#include "data/target_vectors.h"

namespace grokscope {
namespace {

/// Whether the answers are written with the same tokens as the inputs (Z_p, S5), so that they share rows of
/// W_E.
bool transformer_answers_are_tokens(const Dataset& data) {
  return data.class_count == data.token_count && data.class_names == data.token_names;
}

/// a b =: Nanda et al. 2023. The '=' token has the id after the last value; its logit is never scored, so W_U
/// has no column for it.
void set_equals_sequence(TransformerShape& shape) {
  const std::int64_t equals = shape.tokens;
  shape.vocabulary = shape.tokens + 1;
  shape.slots = {
      {RowKind::left, 0, shape.tokens}, {RowKind::right, 0, shape.tokens}, {RowKind::one, equals, 1}};
  shape.answer_slot = 2;
}

/// <eos> a op b = c: Power et al. 2022, with the tokens that one task needs instead of all 239.
void set_power_sequence(TransformerShape& shape, bool answers_are_tokens) {
  const std::int64_t first_answer = answers_are_tokens ? 0 : shape.tokens;
  const std::int64_t operation = shape.tokens + (answers_are_tokens ? 0 : shape.classes);
  const std::int64_t equals = operation + 1, eos = operation + 2;
  shape.vocabulary = operation + 3;
  shape.slots = {{RowKind::one, eos, 1},       {RowKind::left, 0, shape.tokens},
                 {RowKind::one, operation, 1}, {RowKind::right, 0, shape.tokens},
                 {RowKind::one, equals, 1},    {RowKind::answer, first_answer, shape.classes}};
  shape.answer_slot = 4;
}

/// Adds a parameter with its initialisation; returns its index.
class TransformerParameters {
 public:
  TransformerParameters(ParameterLayout& layout, InitPlan& plan) : layout_(layout), plan_(plan) {}

  int add(std::string name, std::vector<std::int64_t> shape, ParameterRole role, std::int64_t fan_in) {
    plan_.parameters.push_back({role, fan_in});
    return layout_.add(std::move(name), std::move(shape));
  }
  int matrix(std::string name, std::int64_t in, std::int64_t out) {
    return add(std::move(name), {in, out}, ParameterRole::weight, in);
  }
  void norm(const std::string& name, std::int64_t width, int& gain, int& shift) {
    gain = add(name + ".w", {width}, ParameterRole::norm_gain, width);
    shift = add(name + ".b", {width}, ParameterRole::norm_shift, width);
  }

 private:
  ParameterLayout& layout_;
  InitPlan& plan_;
};

TransformerLayer add_transformer_layer(const TransformerShape& shape, bool bias, const std::string& prefix,
                                       TransformerParameters& parameters) {
  TransformerLayer layer;
  const std::int64_t width = shape.width, mlp = shape.mlp_width;
  const bool has_norm = shape.normalisation != Normalisation::none;
  if (has_norm) parameters.norm(prefix + "ln1", width, layer.attention_gain, layer.attention_shift);
  layer.W_Q = parameters.matrix(prefix + "attention.W_Q", width, width);
  layer.W_K = parameters.matrix(prefix + "attention.W_K", width, width);
  layer.W_V = parameters.matrix(prefix + "attention.W_V", width, width);
  layer.W_O = parameters.matrix(prefix + "attention.W_O", width, width);
  if (has_norm) parameters.norm(prefix + "ln2", width, layer.mlp_gain, layer.mlp_shift);
  layer.W_in = parameters.matrix(prefix + "mlp.W_in", width, mlp);
  if (bias) layer.b_in = parameters.add(prefix + "mlp.b_in", {mlp}, ParameterRole::bias, width);
  layer.W_out = parameters.matrix(prefix + "mlp.W_out", mlp, width);
  if (bias) layer.b_out = parameters.add(prefix + "mlp.b_out", {width}, ParameterRole::bias, mlp);
  return layer;
}

Status check_transformer(const RunConfig& config, const Dataset& data) {
  const ModelConfig& model = config.model;
  if (kind_of(data.inputs) != InputKind::pairs) {
    return usage_error(
        "model.kind 'transformer' reads pairs of tokens, and this task has none: choose another model.kind");
  }
  if (model.depth < 1) return usage_error("model.depth must be at least 1 for a transformer");
  if (model.heads < 1 || model.width % model.heads != 0) {
    return usage_error("model.width (" + std::to_string(model.width) +
                       ") must be a multiple of model.heads (" + std::to_string(model.heads) + ")");
  }
  if (model.sequence != "a_b_equals" && model.sequence != "power") {
    return usage_error("model.sequence '" + model.sequence + "' is unknown: use a_b_equals or power");
  }
  if (model.normalisation != "none" && model.normalisation != "pre" && model.normalisation != "post") {
    return usage_error("model.normalisation '" + model.normalisation + "' is unknown: use none, pre or post");
  }
  return {};
}

}  // namespace

std::int64_t TransformerShape::rows(RowKind kind, std::int64_t examples) const {
  switch (kind) {
    case RowKind::one:
      return 1;
    case RowKind::left:
    case RowKind::right:
      return tokens;
    case RowKind::answer:
      return classes;
    case RowKind::example:
      return examples;
  }
  return examples;
}

Result<TransformerShape> transformer_shape(const RunConfig& config, const Dataset& data) {
  if (Status status = check_transformer(config, data); !status) return status.error();
  const auto activation = activation_from(config.model.activation);
  if (!activation) return activation.error();
  TransformerShape shape;
  shape.width = config.model.width;
  shape.heads = config.model.heads;
  shape.mlp_width = config.model.mlp_width;
  shape.tokens = data.token_count;
  shape.classes = output_count(data, config.loss.kind);
  shape.activation = *activation;
  shape.normalisation = config.model.normalisation == "pre"    ? Normalisation::pre
                        : config.model.normalisation == "post" ? Normalisation::post
                                                               : Normalisation::none;
  shape.learned_positions = config.model.positions == "learned";
  shape.power_sequence = config.model.sequence == "power";
  if (shape.power_sequence) {
    set_power_sequence(shape, transformer_answers_are_tokens(data));
  } else {
    set_equals_sequence(shape);
  }
  const InitScheme papers = shape.power_sequence ? InitScheme::torch : InitScheme::nanda;
  const auto scheme = init_scheme_from(config.init.kind, papers);
  if (!scheme) return scheme.error();
  shape.scheme = *scheme;
  return shape;
}

InitPlan add_transformer_parameters(const RunConfig& config, TransformerShape& shape,
                                    ParameterLayout& layout) {
  InitPlan plan{shape.scheme, config.init.scale, shape.width, shape.vocabulary, {}};
  TransformerParameters parameters(layout, plan);
  const std::int64_t width = shape.width, positions = static_cast<std::int64_t>(shape.slots.size());
  shape.W_E = parameters.add("embed.W_E", {shape.vocabulary, width}, ParameterRole::embedding, width);
  if (shape.learned_positions) {
    shape.W_pos = parameters.add("embed.W_pos", {positions, width}, ParameterRole::position, width);
  }
  for (std::int64_t i = 0; i < config.model.depth; ++i) {
    const std::string prefix = "blocks." + std::to_string(i) + ".";
    shape.layers.push_back(add_transformer_layer(shape, config.model.bias, prefix, parameters));
  }
  if (shape.normalisation == Normalisation::pre) {
    parameters.norm("ln_final", width, shape.final_gain, shape.final_shift);
  }
  shape.W_U = parameters.add("unembed.W_U", {width, shape.logit_count()}, ParameterRole::unembedding, width);
  return plan;
}

}  // namespace grokscope
