// The LSTM classifier: a table of what every word gives to the first layer's gates, then layer by layer. Any
// thread.
#include "model/lstm.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/lstm_layer.h"
#include "model/lstm_shape.h"

namespace grokscope {
namespace {

class LstmClassifier final : public Model {
 public:
  LstmClassifier(const RunConfig& config, LstmShape shape) : shape_(std::move(shape)) {
    plan_ = add_lstm_parameters(config, shape_, layout_);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override;
  ReadableWeights readable(const ParameterViews& views) const override;

 private:
  at::Tensor first_inputs(const ParameterViews& views, const at::Tensor& tokens) const;

  LstmShape shape_;
  InitPlan plan_;
};

/// What the words of a text give to the gates of the first layer, (position, example, 4 * width). As long as
/// there are fewer words than positions, each word is multiplied once.
at::Tensor LstmClassifier::first_inputs(const ParameterViews& views, const at::Tensor& tokens) const {
  const LstmLayerWeights& layer = shape_.layers[0];
  const at::Tensor bias = views[layer.b_input] + views[layer.b_hidden];
  if (shape_.tokens < tokens.numel()) {
    const at::Tensor table = at::addmm(bias, views[shape_.W_E], views[layer.W_input]);  // (token, 4 * width)
    return at::embedding(table, tokens);
  }
  const at::Tensor words =
      at::embedding(views[shape_.W_E], tokens.reshape({-1}));  // (position * example, feature)
  return at::addmm(bias, words, views[layer.W_input])
      .view({tokens.size(0), tokens.size(1), 4 * shape_.width});
}

at::Tensor LstmClassifier::forward(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  const at::Tensor tokens =
      inputs_as<TextInputs>(batch.inputs).tokens.t().contiguous();  // (position, example)
  at::Tensor hidden;                                                // (position, example, width)
  for (std::size_t i = 0; i < shape_.layers.size(); ++i) {
    const LstmLayerWeights& layer = shape_.layers[i];
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
  const at::Tensor z =
      at::addmm(views[shape_.b_out], hidden.select(0, -1), views[shape_.W_out]);  // (example, 1)
  return at::cat({at::zeros_like(z), z}, 1);                                      // (example, 2)
}

ReadableWeights LstmClassifier::readable(const ParameterViews& views) const {
  ReadableWeights weights;
  weights.token_embedding = views[shape_.W_E];  // (token, feature)
  weights.unembedding = at::cat({at::zeros_like(views[shape_.W_out]), views[shape_.W_out]}, 1);  // (width, 2)
  weights.neuron_to_logit = weights.unembedding;
  return weights;
}

}  // namespace

Result<std::shared_ptr<const Model>> make_lstm(const RunConfig& config, const Dataset& data) {
  auto shape = lstm_shape(config, data);
  if (!shape) return shape.error();
  return std::shared_ptr<const Model>(std::make_shared<LstmClassifier>(config, std::move(*shape)));
}

}  // namespace grokscope
