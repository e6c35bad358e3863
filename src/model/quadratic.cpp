// f(a, b) = 1/(2pN) · W_2 (W_1 [onehot(a); onehot(b)])², no biases, all weights N(0, 1) (Gromov 2023, eqs.
// 1-4). A one-hot input picks a row of W_1, so the first layer is two row look-ups and an add. Any thread.
#include "model/quadratic.h"

#include "data/target_vectors.h"
#include "model/dropout.h"
#include "model/initialisation.h"

namespace grokscope {
namespace {

class QuadraticNetwork final : public Model {
 public:
  QuadraticNetwork(const Dataset& data, std::int64_t outputs, std::int64_t width, InitScheme scheme,
                   double scale)
      : tokens_(data.token_count), width_(width), classes_(outputs) {
    plan_.scheme = scheme;
    plan_.scale = scale;
    plan_.width = width;
    plan_.vocabulary = classes_;
    plan_.parameters = {{ParameterRole::weight, 2 * tokens_}, {ParameterRole::unembedding, width}};
    W_1_ = layout_.add("hidden.W", {2 * tokens_, width_});  // rows of a, then rows of b
    W_2_ = layout_.add("output.W", {width_, classes_});
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }

  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override {
    const at::Tensor left = batch.pairs.select(1, 0).contiguous();                     // (example)
    const at::Tensor right = (batch.pairs.select(1, 1) + tokens_).contiguous();        // (example)
    const at::Tensor before = views[W_1_].index({left}) + views[W_1_].index({right});  // (example, width)
    at::Tensor neurons = at::square(before);
    if (taps != nullptr) taps->push_back({"hidden.1", neurons.detach()});
    if (batch.dropout != nullptr) neurons = batch.dropout->apply(neurons, 0);
    const double factor = 1.0 / (2.0 * static_cast<double>(tokens_) * static_cast<double>(width_));
    return at::mm(neurons, views[W_2_]) * factor;  // (example, class)
  }

  ReadableWeights readable(const ParameterViews& views) const override {
    ReadableWeights weights;
    weights.token_embedding = views[W_1_].narrow(0, 0, tokens_);  // (token, width)
    weights.unembedding = views[W_2_];                            // (width, class)
    weights.neuron_to_logit = views[W_2_];
    return weights;
  }

  double flops_per_step(std::int64_t examples) const override {
    return 2.0 * 3.0 * static_cast<double>(examples) * static_cast<double>(width_ * classes_);
  }

 private:
  std::int64_t tokens_, width_, classes_;
  InitPlan plan_;
  int W_1_ = -1, W_2_ = -1;
};

}  // namespace

Result<std::shared_ptr<const Model>> make_quadratic(const RunConfig& config, const Dataset& data) {
  if (data.kind != InputKind::pairs) {
    return usage_error(
        "model.kind 'quadratic' reads pairs of tokens, and this task has none: choose another model.kind");
  }
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::normal);
  if (!scheme) return scheme.error();
  return std::shared_ptr<const Model>(std::make_shared<QuadraticNetwork>(
      data, output_count(data, config.loss.kind), config.model.width, *scheme, config.init.scale));
}

}  // namespace grokscope
