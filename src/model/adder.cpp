// f(a, b) = Dec(E_a + E_b) (Liu et al. 2022, effective theory, section 3.1 and toy/train_add.py): the decoder
// is an MLP that sees nothing but the sum, so it can answer rightly what it was never shown only if the
// vectors lie on a line. Any thread.
#include "model/adder.h"

#include <string>

#include "data/target_vectors.h"
#include "model/activation.h"
#include "model/initialisation.h"

namespace grokscope {
namespace {

class Adder final : public Model {
 public:
  Adder(const RunConfig& config, const Dataset& data, Activation activation, InitScheme scheme)
      : outputs_(output_count(data, config.loss.kind)),
        width_(config.model.width),
        depth_(config.model.depth),
        embedding_width_(config.model.embedding_width),
        tokens_(data.token_count),
        activation_(activation) {
    plan_.scheme = scheme;
    plan_.scale = config.init.scale;
    plan_.width = width_;
    plan_.vocabulary = outputs_;
    plan_.parameters.push_back({ParameterRole::point, embedding_width_});
    layout_.add("embed.W_E", {tokens_, embedding_width_});
    for (std::int64_t i = 0; i < depth_; ++i) {
      add_layer("hidden." + std::to_string(i + 1), i == 0 ? embedding_width_ : width_, width_,
                config.model.bias);
    }
    add_layer("output", width_, outputs_, config.model.bias);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }

  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override {
    const at::Tensor& W_E = views[0];
    const at::Tensor& pairs = inputs_as<PairInputs>(batch.inputs).pairs;
    at::Tensor x = W_E.index({pairs.select(1, 0).contiguous()}) +
                   W_E.index({pairs.select(1, 1).contiguous()});  // (example, feature)
    if (taps != nullptr) taps->push_back({"embedding", x.detach()});
    std::size_t at = 1;
    for (std::int64_t i = 0; i < depth_; ++i) {
      const at::Tensor before = affine(views, at, x);
      const at::Tensor kept =
          taps == nullptr ? at::Tensor() : before.detach().clone();  // activate() overwrites it
      x = activate(activation_, before);                             // (example, width)
      if (taps != nullptr) taps->push_back({"hidden." + std::to_string(i + 1), x.detach(), kept});
    }
    return affine(views, at, x);  // (example, output)
  }

  ReadableWeights readable(const ParameterViews& views) const override {
    ReadableWeights weights;
    weights.token_embedding = views[0];
    return weights;
  }

 private:
  void add_layer(const std::string& name, std::int64_t in, std::int64_t out, bool bias) {
    plan_.parameters.push_back({ParameterRole::weight, in});
    layout_.add(name + ".W", {in, out});
    if (bias) {
      plan_.parameters.push_back({ParameterRole::bias, in});
      layout_.add(name + ".b", {out});
    }
    bias_ = bias;
  }

  /// The layer whose weights stand at `at`, which moves on to the next.
  at::Tensor affine(const ParameterViews& views, std::size_t& at, const at::Tensor& x) const {
    const at::Tensor& W = views[at++];
    return bias_ ? at::addmm(views[at++], x, W) : at::mm(x, W);
  }

  std::int64_t outputs_, width_, depth_, embedding_width_, tokens_;
  Activation activation_;
  bool bias_ = true;
  InitPlan plan_;
};

}  // namespace

Result<std::shared_ptr<const Model>> make_adder(const RunConfig& config, const Dataset& data) {
  if (kind_of(data.inputs) != InputKind::pairs) {
    return usage_error(
        "model.kind 'adder' adds the vectors of two tokens, and this task has none: use "
        "task.kind=addition");
  }
  if (config.model.depth < 1) return usage_error("model.depth must be at least 1 for an adder");
  const auto activation = activation_from(config.model.activation);
  if (!activation) return activation.error();
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::torch);
  if (!scheme) return scheme.error();
  return std::shared_ptr<const Model>(std::make_shared<Adder>(config, data, *activation, *scheme));
}

}  // namespace grokscope
