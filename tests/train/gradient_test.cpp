// Gradients of every model and loss against central finite differences in float64, and of the stepper against
// those.
#include <gtest/gtest.h>

#include "model/toy.h"
#include "train/loss.h"

namespace grokscope {
namespace {

at::Tensor scored_targets(const Model& model, const Dataset& data) {
  if (model.eos_class() < 0) return data.targets;
  return at::cat({data.targets, at::full_like(data.targets, model.eos_class())}, 0);
}

double mean_loss(const Model& model, const Dataset& data, LossKind kind, const at::Tensor& flat) {
  const at::Tensor logits = model.forward_sequence(views_of(model.layout(), flat), toy::whole(data));
  return loss_rows(kind, logits, scored_targets(model, data), 1.0, nullptr).mean().item<double>();
}

at::Tensor autograd_gradient(const Model& model, const Dataset& data, LossKind kind, const at::Tensor& flat) {
  at::Tensor gradient = at::zeros_like(flat);
  const ParameterViews leaves = leaves_of(model.layout(), flat, gradient);
  const at::Tensor logits = model.forward_sequence(leaves, toy::whole(data));
  at::Tensor logits_gradient;
  loss_rows(kind, logits, scored_targets(model, data), 1.0 / static_cast<double>(logits.size(0)),
            &logits_gradient);
  logits.backward(logits_gradient);
  return gradient;
}

at::Tensor finite_differences(const Model& model, const Dataset& data, LossKind kind,
                              const at::Tensor& flat) {
  constexpr double kStep = 1e-5;
  at::Tensor point = flat.clone(), gradient = at::zeros_like(flat);
  double* x = point.data_ptr<double>();
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    const double here = x[i];
    x[i] = here + kStep;
    const double above = mean_loss(model, data, kind, point);
    x[i] = here - kStep;
    const double below = mean_loss(model, data, kind, point);
    x[i] = here;
    gradient.data_ptr<double>()[i] = (above - below) / (2.0 * kStep);
  }
  return gradient;
}

void expect_right_gradient(const RunConfig& config, const Dataset& data, LossKind kind) {
  const auto model = toy::model_of(config, data);
  const at::Tensor flat = toy::shaken_parameters(*model, 11);
  const at::Tensor expected = finite_differences(*model, data, kind, flat);
  const at::Tensor found = autograd_gradient(*model, data, kind, flat);
  EXPECT_GT(expected.norm().item<double>(), 1e-5);
  EXPECT_LT(toy::relative_difference(found, expected), 1e-6)
      << config.model.kind << " " << config.model.sequence << " " << config.model.normalisation << " "
      << config.model.input << " " << config.model.activation << " depth " << config.model.depth;
}

TEST(Gradient, TransformerOfBothSequencesAndAllNorms) {
  for (const char* sequence : {"a_b_equals", "power"}) {
    for (const char* normalisation : {"none", "pre", "post"}) {
      for (const std::int64_t depth : {1, 2}) {
        RunConfig config = toy::transformer_config();
        config.model.width = 4;
        config.model.mlp_width = 3;
        config.model.sequence = sequence;
        config.model.normalisation = normalisation;
        config.model.depth = depth;
        config.model.bias = depth == 1;
        config.model.positions = depth == 1 ? "learned" : "sinusoidal";
        expect_right_gradient(config, toy::pairs_dataset(3, depth == 1 ? 3 : 2), LossKind::cross_entropy);
      }
    }
  }
}

TEST(Gradient, EveryActivation) {
  for (const char* activation : {"relu", "gelu", "tanh", "quadratic", "silu"}) {
    RunConfig config = toy::mlp_config("one_hot");
    config.model.activation = activation;
    config.model.depth = 2;
    expect_right_gradient(config, toy::pairs_dataset(4, 4), LossKind::cross_entropy);
    config = toy::transformer_config();
    config.model.width = 4;
    config.model.mlp_width = 3;
    config.model.activation = activation;
    expect_right_gradient(config, toy::pairs_dataset(4, 4), LossKind::mean_squared);
  }
}

TEST(Gradient, MlpOnEmbeddingsAndImagesWithBothLosses) {
  for (const LossKind kind : {LossKind::cross_entropy, LossKind::mean_squared, LossKind::stablemax}) {
    expect_right_gradient(toy::mlp_config("embedding"), toy::pairs_dataset(5, 4), kind);
    expect_right_gradient(toy::mlp_config("embedding"), toy::images_dataset(), kind);
  }
}

TEST(Gradient, QuadraticNetworkWithBothLosses) {
  RunConfig config;
  config.model.kind = "quadratic";
  config.model.width = 6;
  config.init.scale = 2.0;
  expect_right_gradient(config, toy::pairs_dataset(5, 5), LossKind::mean_squared);
  expect_right_gradient(config, toy::pairs_dataset(5, 5), LossKind::cross_entropy);
}

}  // namespace
}  // namespace grokscope
