// The LSTM classifier: a table of what every word gives to the first layer's gates, then layer by layer. Any
// thread.
#include "model/lstm.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/initialisation.h"
#include "model/lstm_layer.h"

namespace grokscope {
namespace {

struct LstmShape {
  std::int64_t tokens = 0, positions = 0, embedding_width = 0, width = 0, depth = 0;
};

struct LstmLayerWeights {
  int W_input = -1, W_hidden = -1, b_input = -1, b_hidden = -1;  // (in, 4 width), (width, 4 width), (4 width)
};

class LstmClassifier final : public Model {
 public:
  LstmClassifier(const LstmShape& shape, InitScheme scheme, double scale) : shape_(shape) {
    plan_.scheme = scheme;
    plan_.scale = scale;
    plan_.width = shape.width;
    plan_.vocabulary = shape.tokens;
    W_E_ = add("embed.W_E", {shape.tokens, shape.embedding_width}, ParameterRole::embedding);
    for (std::int64_t i = 0; i < shape.depth; ++i) {
      const std::string name = "lstm." + std::to_string(i + 1);
      const std::int64_t in = i == 0 ? shape.embedding_width : shape.width, gates = 4 * shape.width;
      layers_.push_back({add(name + ".W_input", {in, gates}, ParameterRole::weight),
                         add(name + ".W_hidden", {shape.width, gates}, ParameterRole::weight),
                         add(name + ".b_input", {gates}, ParameterRole::bias),
                         add(name + ".b_hidden", {gates}, ParameterRole::bias)});
    }
    W_out_ = add("output.W", {shape.width, 1}, ParameterRole::unembedding);
    b_out_ = add("output.b", {1}, ParameterRole::bias);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override;
  ReadableWeights readable(const ParameterViews& views) const override;
  double flops_per_step(std::int64_t examples) const override;

 private:
  // PyTorch draws every weight and bias of an LSTM and of the layer after it from U(±1/√width).
  int add(std::string name, std::vector<std::int64_t> shape, ParameterRole role) {
    plan_.parameters.push_back({role, shape_.width});
    return layout_.add(std::move(name), std::move(shape));
  }
  at::Tensor first_inputs(const ParameterViews& views, const at::Tensor& tokens) const;

  LstmShape shape_;
  InitPlan plan_;
  int W_E_ = -1, W_out_ = -1, b_out_ = -1;
  std::vector<LstmLayerWeights> layers_;
};

/// What the words of a text give to the gates of the first layer, (position, example, 4 * width). As long as
/// there are fewer words than positions, each word is multiplied once.
at::Tensor LstmClassifier::first_inputs(const ParameterViews& views, const at::Tensor& tokens) const {
  const LstmLayerWeights& layer = layers_[0];
  const at::Tensor bias = views[layer.b_input] + views[layer.b_hidden];
  if (shape_.tokens < tokens.numel()) {
    const at::Tensor table = at::addmm(bias, views[W_E_], views[layer.W_input]);  // (token, 4 * width)
    return at::embedding(table, tokens);
  }
  const at::Tensor words = at::embedding(views[W_E_], tokens.reshape({-1}));  // (position * example, feature)
  return at::addmm(bias, words, views[layer.W_input])
      .view({tokens.size(0), tokens.size(1), 4 * shape_.width});
}

at::Tensor LstmClassifier::forward(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  const at::Tensor tokens = batch.tokens.t().contiguous();  // (position, example)
  at::Tensor hidden;                                        // (position, example, width)
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const LstmLayerWeights& layer = layers_[i];
    at::Tensor inputs;
    if (i == 0) {
      inputs = first_inputs(views, tokens);
    } else {
      const at::Tensor bias = views[layer.b_input] + views[layer.b_hidden];
      inputs = at::addmm(bias, hidden.view({-1, shape_.width}), views[layer.W_input])
                   .view({tokens.size(0), tokens.size(1), 4 * shape_.width});
    }
    hidden = lstm_layer(inputs, views[layer.W_hidden]);
    if (taps != nullptr) taps->push_back({"lstm." + std::to_string(i + 1), hidden.select(0, -1).detach()});
  }
  const at::Tensor z = at::addmm(views[b_out_], hidden.select(0, -1), views[W_out_]);  // (example, 1)
  return at::cat({at::zeros_like(z), z}, 1);                                           // (example, 2)
}

ReadableWeights LstmClassifier::readable(const ParameterViews& views) const {
  ReadableWeights weights;
  weights.token_embedding = views[W_E_];                                             // (token, feature)
  weights.unembedding = at::cat({at::zeros_like(views[W_out_]), views[W_out_]}, 1);  // (width, 2)
  weights.neuron_to_logit = weights.unembedding;
  return weights;
}

double LstmClassifier::flops_per_step(std::int64_t examples) const {
  const auto width = static_cast<double>(shape_.width);
  const double rows = static_cast<double>(examples) * static_cast<double>(shape_.positions);
  const double recurrent = static_cast<double>(shape_.depth) * rows * 4.0 * width * width;
  const double between = static_cast<double>(shape_.depth - 1) * rows * 4.0 * width * width;
  const double words = std::min(rows, static_cast<double>(shape_.tokens)) *
                       static_cast<double>(shape_.embedding_width) * 4.0 * width;
  return 2.0 * 3.0 * (recurrent + between + words);
}

}  // namespace

Result<std::shared_ptr<const Model>> make_lstm(const RunConfig& config, const Dataset& data) {
  if (data.kind != InputKind::text) {
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
  const LstmShape shape{data.token_count, data.tokens.size(1), config.model.embedding_width,
                        config.model.width, config.model.depth};
  return std::shared_ptr<const Model>(std::make_shared<LstmClassifier>(shape, *scheme, config.init.scale));
}

}  // namespace grokscope
