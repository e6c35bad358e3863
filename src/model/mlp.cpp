// The multilayer perceptron. On pairs the first layer is two tables, one row a token, and an add: what it
// gives for [E(a); E(b)] or [onehot(a); onehot(b)] is the sum of a row for a and a row for b. Any thread.
#include "model/mlp.h"

#include <string>
#include <utility>

#include "model/activation.h"
#include "model/dropout.h"
#include "model/mlp_shape.h"

namespace grokscope {
namespace {

class Mlp final : public Model {
 public:
  Mlp(const RunConfig& config, MlpShape shape) : shape_(std::move(shape)) {
    plan_ = add_mlp_parameters(config, shape_, layout_);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override;
  ReadableWeights readable(const ParameterViews& views) const override;

 private:
  at::Tensor first_layer(const ParameterViews& views, const Batch& batch, Taps* taps) const;
  at::Tensor apply(const MlpLayer& layer, const ParameterViews& views, const at::Tensor& x) const;

  MlpShape shape_;
  InitPlan plan_;
};

at::Tensor Mlp::apply(const MlpLayer& layer, const ParameterViews& views, const at::Tensor& x) const {
  return layer.b < 0 ? at::mm(x, views[layer.W]) : at::addmm(views[layer.b], x, views[layer.W]);
}

/// Before the activation: (example, width).
at::Tensor Mlp::first_layer(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  if (shape_.input == MlpInput::images)
    return apply(shape_.hidden[0], views,
                 rows_of_numbers(batch.inputs).to(views[shape_.hidden[0].W].dtype()));
  const at::Tensor& pairs = inputs_as<PairInputs>(batch.inputs).pairs;
  const at::Tensor left = pairs.select(1, 0).contiguous();   // (example)
  const at::Tensor right = pairs.select(1, 1).contiguous();  // (example)
  const std::int64_t half = shape_.features / 2;
  at::Tensor left_table = views[shape_.hidden[0].W].narrow(0, 0, half);      // (token or feature, width)
  at::Tensor right_table = views[shape_.hidden[0].W].narrow(0, half, half);  // (token or feature, width)
  if (shape_.input == MlpInput::embedding) {
    const at::Tensor& W_E = views[shape_.W_E];
    if (taps != nullptr) {
      taps->push_back({"embedding", at::cat({W_E.index({left}), W_E.index({right})}, 1).detach()});
    }
    left_table = at::mm(W_E, left_table);    // (token, width)
    right_table = at::mm(W_E, right_table);  // (token, width)
  }
  if (shape_.hidden[0].b >= 0) left_table = left_table + views[shape_.hidden[0].b];
  return left_table.index({left}) + right_table.index({right});
}

at::Tensor Mlp::forward(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  at::Tensor x;
  for (std::size_t i = 0; i < shape_.hidden.size(); ++i) {
    const at::Tensor before = i == 0 ? first_layer(views, batch, taps) : apply(shape_.hidden[i], views, x);
    const at::Tensor kept =
        taps == nullptr ? at::Tensor() : before.detach().clone();  // activate() overwrites it
    x = activate(shape_.activation, before);                       // (example, width)
    if (taps != nullptr) {
      taps->push_back({"hidden." + std::to_string(i + 1), x.detach(), kept});
      if (taps->back().name == batch.last_tap) return {};
    }
    if (batch.dropout != nullptr) x = batch.dropout->apply(x, static_cast<int>(i));
  }
  return apply(shape_.output, views, x);  // (example, class)
}

ReadableWeights Mlp::readable(const ParameterViews& views) const {
  ReadableWeights weights;
  const at::Tensor& first = views[shape_.hidden[0].W];
  if (shape_.input == MlpInput::embedding) weights.token_embedding = views[shape_.W_E];
  if (shape_.input == MlpInput::one_hot) weights.token_embedding = first.narrow(0, 0, shape_.tokens);
  if (shape_.input == MlpInput::images) weights.first_layer = first.t();  // (hidden, pixel)
  weights.unembedding = views[shape_.output.W];                           // (width, class)
  weights.neuron_to_logit = views[shape_.output.W];
  return weights;
}

}  // namespace

Result<std::shared_ptr<const Model>> make_mlp(const RunConfig& config, const Dataset& data) {
  auto shape = mlp_shape(config, data);
  if (!shape) return shape.error();
  return std::shared_ptr<const Model>(std::make_shared<Mlp>(config, std::move(*shape)));
}

}  // namespace grokscope
