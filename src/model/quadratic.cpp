// f(a, b) = 1/(2pN) · W_2 (W_1 [onehot(a); onehot(b)])², no biases, all weights N(0, 1) (Gromov 2023, eqs.
// 1-4). A one-hot input picks a row of W_1, so the first layer is two row look-ups and an add. Any thread.
#include "model/quadratic.h"

#include "model/dropout.h"
#include "model/quadratic_shape.h"

namespace grokscope {
namespace {

constexpr int kW_1 = 0, kW_2 = 1;  // as add_quadratic_parameters() registers them

class QuadraticNetwork final : public Model {
 public:
  QuadraticNetwork(const RunConfig& config, const QuadraticShape& shape)
      : tokens_(shape.tokens), width_(shape.width), classes_(shape.classes) {
    plan_ = add_quadratic_parameters(config, shape, layout_);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }

  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override {
    const at::Tensor& pairs = inputs_as<PairInputs>(batch.inputs).pairs;
    const at::Tensor left = pairs.select(1, 0).contiguous();                           // (example)
    const at::Tensor right = (pairs.select(1, 1) + tokens_).contiguous();              // (example)
    const at::Tensor before = views[kW_1].index({left}) + views[kW_1].index({right});  // (example, width)
    at::Tensor neurons = at::square(before);
    if (taps != nullptr) taps->push_back({"hidden.1", neurons.detach()});
    if (batch.dropout != nullptr) neurons = batch.dropout->apply(neurons, 0);
    const double factor = 1.0 / (2.0 * static_cast<double>(tokens_) * static_cast<double>(width_));
    return at::mm(neurons, views[kW_2]) * factor;  // (example, class)
  }

  ReadableWeights readable(const ParameterViews& views) const override {
    ReadableWeights weights;
    weights.token_embedding = views[kW_1].narrow(0, 0, tokens_);  // (token, width)
    weights.unembedding = views[kW_2];                            // (width, class)
    weights.neuron_to_logit = views[kW_2];
    return weights;
  }

 private:
  std::int64_t tokens_, width_, classes_;
  InitPlan plan_;
};

}  // namespace

Result<std::shared_ptr<const Model>> make_quadratic(const RunConfig& config, const Dataset& data) {
  const auto shape = quadratic_shape(config, data);
  if (!shape) return shape.error();
  return std::shared_ptr<const Model>(std::make_shared<QuadraticNetwork>(config, *shape));
}

}  // namespace grokscope
