// The multilayer perceptron. On pairs the first layer is two tables, one row a token, and an add: what it
// gives for [E(a); E(b)] or [onehot(a); onehot(b)] is the sum of a row for a and a row for b. Any thread.
#include "model/mlp.h"

#include <string>
#include <utility>

#include "data/target_vectors.h"
#include "model/activation.h"
#include "model/dropout.h"
#include "model/initialisation.h"

namespace grokscope {
namespace {

enum class MlpInput { embedding, one_hot, images };  // images: any row of numbers, features too

struct MlpShape {
  MlpInput input = MlpInput::embedding;
  std::int64_t tokens = 0, embedding_width = 0, features = 0;  // features: what the first layer reads
  std::int64_t width = 0, depth = 0, classes = 0;
  bool bias = true;
  Activation activation = Activation::relu;
};

struct MlpLayer {
  int W = -1, b = -1;  // (in, out), (out)
};

class Mlp final : public Model {
 public:
  Mlp(const MlpShape& shape, InitScheme scheme, double scale) : shape_(shape) {
    plan_.scheme = scheme;
    plan_.scale = scale;
    plan_.width = shape.width;
    plan_.vocabulary = shape.classes;
    if (shape.input == MlpInput::embedding) {
      plan_.parameters.push_back({ParameterRole::embedding, shape.embedding_width});
      W_E_ = layout_.add("embed.W_E", {shape.tokens, shape.embedding_width});
    }
    for (std::int64_t i = 0; i < shape.depth; ++i) {
      const std::int64_t in = i == 0 ? shape.features : shape.width;
      hidden_.push_back(add_layer("hidden." + std::to_string(i + 1), in, shape.width, ParameterRole::weight));
    }
    output_ = add_layer("output", shape.width, shape.classes, ParameterRole::unembedding);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override;
  ReadableWeights readable(const ParameterViews& views) const override;
  double flops_per_step(std::int64_t examples) const override;

 private:
  MlpLayer add_layer(const std::string& name, std::int64_t in, std::int64_t out, ParameterRole role);
  at::Tensor first_layer(const ParameterViews& views, const Batch& batch, Taps* taps) const;
  at::Tensor apply(const MlpLayer& layer, const ParameterViews& views, const at::Tensor& x) const;

  MlpShape shape_;
  InitPlan plan_;
  int W_E_ = -1;
  std::vector<MlpLayer> hidden_;
  MlpLayer output_;
};

MlpLayer Mlp::add_layer(const std::string& name, std::int64_t in, std::int64_t out, ParameterRole role) {
  MlpLayer layer;
  plan_.parameters.push_back({role, in});
  layer.W = layout_.add(name + ".W", {in, out});
  if (!shape_.bias) return layer;
  plan_.parameters.push_back({ParameterRole::bias, in});
  layer.b = layout_.add(name + ".b", {out});
  return layer;
}

at::Tensor Mlp::apply(const MlpLayer& layer, const ParameterViews& views, const at::Tensor& x) const {
  return layer.b < 0 ? at::mm(x, views[layer.W]) : at::addmm(views[layer.b], x, views[layer.W]);
}

/// Before the activation: (example, width).
at::Tensor Mlp::first_layer(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  if (shape_.input == MlpInput::images)
    return apply(hidden_[0], views, batch.images.to(views[hidden_[0].W].dtype()));
  const at::Tensor left = batch.pairs.select(1, 0).contiguous();   // (example)
  const at::Tensor right = batch.pairs.select(1, 1).contiguous();  // (example)
  const std::int64_t half = shape_.features / 2;
  at::Tensor left_table = views[hidden_[0].W].narrow(0, 0, half);      // (token or feature, width)
  at::Tensor right_table = views[hidden_[0].W].narrow(0, half, half);  // (token or feature, width)
  if (shape_.input == MlpInput::embedding) {
    const at::Tensor& W_E = views[W_E_];
    if (taps != nullptr) {
      taps->push_back({"embedding", at::cat({W_E.index({left}), W_E.index({right})}, 1).detach()});
    }
    left_table = at::mm(W_E, left_table);    // (token, width)
    right_table = at::mm(W_E, right_table);  // (token, width)
  }
  if (hidden_[0].b >= 0) left_table = left_table + views[hidden_[0].b];
  return left_table.index({left}) + right_table.index({right});
}

at::Tensor Mlp::forward(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  at::Tensor x;
  for (std::size_t i = 0; i < hidden_.size(); ++i) {
    const at::Tensor before = i == 0 ? first_layer(views, batch, taps) : apply(hidden_[i], views, x);
    x = activate(shape_.activation, before);  // (example, width)
    if (taps != nullptr) taps->push_back({"hidden." + std::to_string(i + 1), x.detach()});
    if (batch.dropout != nullptr) x = batch.dropout->apply(x, static_cast<int>(i));
  }
  return apply(output_, views, x);  // (example, class)
}

ReadableWeights Mlp::readable(const ParameterViews& views) const {
  ReadableWeights weights;
  const at::Tensor& first = views[hidden_[0].W];
  if (shape_.input == MlpInput::embedding) weights.token_embedding = views[W_E_];
  if (shape_.input == MlpInput::one_hot) weights.token_embedding = first.narrow(0, 0, shape_.tokens);
  if (shape_.input == MlpInput::images) weights.first_layer = first.t();  // (hidden, pixel)
  weights.unembedding = views[output_.W];                                 // (width, class)
  weights.neuron_to_logit = views[output_.W];
  return weights;
}

double Mlp::flops_per_step(std::int64_t examples) const {
  const auto width = static_cast<double>(shape_.width), rows = static_cast<double>(examples);
  double multiply_adds =
      rows * width * static_cast<double>((shape_.depth - 1) * shape_.width + shape_.classes);
  if (shape_.input == MlpInput::embedding) {
    multiply_adds += 2.0 * static_cast<double>(shape_.tokens * shape_.embedding_width) * width;
  }
  if (shape_.input == MlpInput::images) multiply_adds += rows * static_cast<double>(shape_.features) * width;
  const double inputs_have_no_gradient =
      shape_.input == MlpInput::images ? rows * static_cast<double>(shape_.features) * width : 0.0;
  return 2.0 * (3.0 * multiply_adds - inputs_have_no_gradient);
}

Result<MlpShape> mlp_shape(const RunConfig& config, const Dataset& data) {
  MlpShape shape;
  const auto activation = activation_from(config.model.activation);
  if (!activation) return activation.error();
  if (config.model.depth < 1) return usage_error("model.depth must be at least 1 for an MLP");
  shape.activation = *activation;
  shape.width = config.model.width;
  shape.depth = config.model.depth;
  shape.bias = config.model.bias;
  shape.classes = output_count(data, config.loss.kind);
  if (data.kind == InputKind::text || data.kind == InputKind::graphs) {
    return usage_error("model.kind 'mlp' reads pairs, images or features, not " +
                       std::string(data.kind == InputKind::text ? "text: use model.kind=lstm"
                                                                : "molecules: use model.kind=graph"));
  }
  if (data.kind != InputKind::pairs) {
    shape.input = MlpInput::images;
    shape.features = data.images.size(1);
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

}  // namespace

Result<std::shared_ptr<const Model>> make_mlp(const RunConfig& config, const Dataset& data) {
  const auto shape = mlp_shape(config, data);
  if (!shape) return shape.error();
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::torch);
  if (!scheme) return scheme.error();
  return std::shared_ptr<const Model>(std::make_shared<Mlp>(*shape, *scheme, config.init.scale));
}

}  // namespace grokscope
