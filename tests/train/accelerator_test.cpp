// Every accelerator and regulariser of optimizer.* against one step worked out by hand from its paper's
// formula: the numbers below were computed with a pencil, not by the code.
#include <gtest/gtest.h>

#include "train/step/device.h"
#include "train/step/optimizer.h"

namespace grokscope {
namespace {

using Numbers = std::vector<double>;

at::Tensor tensor_of_numbers(const Numbers& values) {
  return at::tensor(values, at::kDouble).to(at::kFloat);
}

void expect_numbers(const at::Tensor& flat, const Numbers& expected, double tolerance = 1e-6) {
  ASSERT_EQ(flat.numel(), static_cast<std::int64_t>(expected.size()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(flat[static_cast<std::int64_t>(i)].item<double>(), expected[i], tolerance) << "entry " << i;
  }
}

/// Two vectors: the first an embedding.
ParameterLayout two_tensors() {
  ParameterLayout layout;
  layout.add("embed.W_E", {1, 2});
  layout.add("hidden.b", {2});
  return layout;
}

const Numbers kWeights = {3.0, -4.0, 0.0, 2.0};
const Numbers kGradient = {1.0, 2.0, -2.0, 4.0};  // of length 5

/// θ -= 0.1 g and nothing else.
OptimizerConfig plain_descent() {
  OptimizerConfig config;
  config.kind = "sgd";
  config.learning_rate = 0.1;
  config.weight_decay = 0.0;
  config.momentum = 0.0;
  config.warmup_steps = 0;
  return config;
}

/// AdamW whose step is η · sign(g): no averaging.
OptimizerConfig sign_descent() {
  OptimizerConfig config = plain_descent();
  config.kind = "adamw";
  config.beta1 = config.beta2 = 0.0;
  config.epsilon = 1e-30;
  return config;
}

/// The weights after a step with each gradient.
at::Tensor after_steps(const OptimizerConfig& config, const ParameterLayout& layout, const Numbers& weights,
                       const std::vector<Numbers>& gradients) {
  at::Tensor flat = tensor_of_numbers(weights);
  auto optimizer = Optimizer::make(config, layout, 5, flat);
  EXPECT_TRUE(optimizer);
  std::int64_t step = 0;
  for (const Numbers& gradient : gradients) optimizer->step(step++, flat, tensor_of_numbers(gradient));
  return flat;
}

at::Tensor after_step(const OptimizerConfig& config) {
  return after_steps(config, two_tensors(), kWeights, {kGradient});
}

TEST(Accelerators, L1AddsTheSignAndNothingAtZero) {
  OptimizerConfig config = plain_descent();
  config.l1 = 0.5;  // g becomes 1.5, 1.5, -2, 4.5
  expect_numbers(after_step(config), {2.85, -4.15, 0.2, 1.55});
}

TEST(Accelerators, ClippingShortensTheWholeGradient) {
  OptimizerConfig config = plain_descent();
  config.gradient_clip = 2.5;  // half of 5
  expect_numbers(after_step(config), {2.95, -4.1, 0.1, 1.8});
  config.gradient_clip = 6.0;  // long enough
  expect_numbers(after_step(config), {2.9, -4.2, 0.2, 1.6});
}

TEST(Accelerators, OrthogonalGradientTurnsEachTensorsAndKeepsItsLength) {
  OptimizerConfig config = plain_descent();
  config.orthogonal_gradient = true;
  // First tensor: θ·g = -5, θ·θ = 25: g⊥ = (1.6, 1.2) of length 2, rescaled by √5/2 = 1.1180340.
  // Second: θ·g = 8, θ·θ = 4: g⊥ = (-2, 0), rescaled to √20 = 4.4721360.
  expect_numbers(after_step(config), {3.0 - 0.17888544, -4.0 - 0.13416408, 0.4472136, 2.0});
}

TEST(Accelerators, OrthogonalGradientWithoutADirectionIsZeroAndOfZeroWeightsItself) {
  OptimizerConfig config = plain_descent();
  config.orthogonal_gradient = true;
  // (0.3, 0.6) lies along (0.1, 0.2), which float32 does not hold exactly; weights of 0 have no direction.
  const at::Tensor flat = after_steps(config, two_tensors(), {0.1, 0.2, 0.0, 0.0}, {{0.3, 0.6, 5.0, -7.0}});
  expect_numbers(flat, {0.1, 0.2, -0.5, 0.7});
}

TEST(Accelerators, GrokfastEmaBeginsWithTheFirstGradient) {
  OptimizerConfig config = plain_descent();
  config.gradient_filter = "grokfast_ema";
  config.filter_strength = 2.0;
  config.filter_memory = 0.75;
  const Numbers first = {4.0, 0.0, -4.0, 8.0}, second = {8.0, 4.0, 0.0, 0.0};
  expect_numbers(after_steps(config, two_tensors(), kWeights, {first}), {1.8, -4.0, 1.2, -0.4});  // 3g
  // μ = 0.75 first + 0.25 second = (5, 1, -3, 6); g becomes (18, 6, -6, 12).
  expect_numbers(after_steps(config, two_tensors(), kWeights, {first, second}), {0.0, -4.6, 1.8, -1.6});
}

TEST(Accelerators, GrokfastMaWaitsForItsWindowAndForgetsWhatIsOlder) {
  OptimizerConfig config = plain_descent();
  config.gradient_filter = "grokfast_ma";
  config.filter_strength = 3.0;
  config.filter_window = 2;
  const Numbers first = {4.0, 0.0, -4.0, 8.0}, second = {8.0, 4.0, 0.0, 0.0}, third = {0.0, 0.0, 2.0, 2.0};
  expect_numbers(after_steps(config, two_tensors(), kWeights, {first}), {2.6, -4.0, 0.4, 1.2});
  // The mean of two is (6, 2, -2, 4): g becomes (26, 10, -6, 12).
  expect_numbers(after_steps(config, two_tensors(), kWeights, {first, second}), {0.0, -5.0, 1.0, 0.0});
  // The mean of the last two is (4, 2, 1, 1): g becomes (12, 6, 5, 5).
  expect_numbers(after_steps(config, two_tensors(), kWeights, {first, second, third}),
                 {-1.2, -5.6, 0.5, -0.5});
}

TEST(Accelerators, DecayTowardsInitialisationPullsBack) {
  OptimizerConfig config = plain_descent();
  config.weight_decay = 0.5;
  config.decay_towards = "initialisation";
  const Numbers first = {4.0, 0.0, -4.0, 8.0}, none = {0.0, 0.0, 0.0, 0.0};
  expect_numbers(after_steps(config, two_tensors(), kWeights, {first}), {2.6, -4.0, 0.4, 1.2});
  // θ - θ₀ = (-0.4, 0, 0.4, -0.8), a twentieth of it is taken back.
  expect_numbers(after_steps(config, two_tensors(), kWeights, {first, none}), {2.62, -4.0, 0.38, 1.24});
  OptimizerConfig decoupled = sign_descent();
  decoupled.weight_decay = 0.5;
  decoupled.decay_towards = "initialisation";
  expect_numbers(after_steps(decoupled, two_tensors(), kWeights, {first}), {2.9, -4.0, 0.1, 1.9});
  expect_numbers(after_steps(decoupled, two_tensors(), kWeights, {first, none}), {2.905, -4.0, 0.095, 1.905});
}

TEST(Accelerators, EmbeddingsHaveARateAndADecayOfTheirOwn) {
  OptimizerConfig config = plain_descent();
  config.weight_decay = 0.5;
  config.embedding_learning_rate = 0.01;
  config.embedding_weight_decay = 0.2;
  // Embedding: g + 0.1 θ = (1.3, 1.6), times 0.01. The rest: g + 0.5 θ = (-2, 5), times 0.1.
  expect_numbers(after_step(config), {2.987, -4.016, 0.2, 1.5});
  config.kind = "adamw";
  config.beta1 = config.beta2 = 0.0;
  config.epsilon = 1e-30;
  // Embedding: 0.999 θ - 0.01 sign g. The rest: 0.95 θ - 0.1 sign g.
  expect_numbers(after_step(config), {2.987, -4.006, 0.1, 1.8});
  config.embedding_learning_rate = 0.0;  // the common rate; the decay stays its own
  expect_numbers(after_step(config), {2.87, -4.06, 0.1, 1.8});
}

/// A matrix for muon between what it leaves to AdamW.
ParameterLayout muon_layout(std::int64_t rows) {
  ParameterLayout layout;
  layout.add("embed.W_E", {1, 2});
  layout.add("hidden.1.W", {rows, 2});
  layout.add("hidden.1.b", {2});
  layout.add("unembed.W_U", {2, 1});
  return layout;
}

TEST(Accelerators, MuonMakesMatricesOrthogonalAndIsAdamWForTheRest) {
  OptimizerConfig config = sign_descent();
  config.kind = "muon";
  config.weight_decay = 0.5;
  // diag(3, 4) / 5 = diag(0.6, 0.8); five times x ← 3.4445x - 4.7750x³ + 2.0315x⁵ on each: 0.7228761 and
  // 1.1192039. The step is 0.1 · 0.2 · √2 of that, after 0.95 θ.
  expect_numbers(after_steps(config, muon_layout(2), {1, -1, 1, 2, 3, 4, 1, -1, 1, -1},
                             {{2, 2, 3, 0, 0, 4, 5, -5, 7, -7}}),
                 {0.85, -1.05, 0.9295540, 1.9, 2.85, 3.7683441, 0.85, -0.85, 0.85, -0.85}, 3e-6);
  // A third row of zeros: the same singular values, √3 for the longer side.
  expect_numbers(after_steps(config, muon_layout(3), {1, -1, 1, 2, 3, 4, 5, 6, 1, -1, 1, -1},
                             {{2, 2, 3, 0, 0, 4, 0, 0, 5, -5, 7, -7}}),
                 {0.85, -1.05, 0.9249588, 1.9, 2.85, 3.7612296, 4.75, 5.7, 0.85, -0.85, 0.85, -0.85}, 3e-6);
}

TEST(Accelerators, MuonsMomentumLooksAhead) {
  OptimizerConfig config = sign_descent();
  config.kind = "muon";
  config.beta1 = 0.5;
  ParameterLayout layout;
  layout.add("hidden.1.W", {2, 2});
  // m = diag(1.5, 2) then diag(1.25, 4); ahead = diag(2.25, 3), then diag(1.125, 5), which becomes
  // diag(0.7050136, 0.7296392).
  expect_numbers(after_steps(config, layout, {1, 0, 0, 4}, {{3, 0, 0, 4}}), {0.9795540, 0, 0, 3.9683441},
                 3e-6);
  expect_numbers(after_steps(config, layout, {1, 0, 0, 4}, {{3, 0, 0, 4}, {1, 0, 0, 6}}),
                 {0.9596132, 0, 0, 3.9477068}, 3e-6);
}

TEST(Accelerators, TheyComeInTheOrderThatIsWrittenDown) {
  OptimizerConfig config = plain_descent();
  config.l1 = 0.5;             // (1.5, 1.5, -2, 4.5): length² 28.75
  config.gradient_clip = 2.5;  // times 2.5/√28.75 = 0.46625240
  config.gradient_filter = "grokfast_ema";
  config.filter_strength = 1.0;  // twice that
  // 0.1 · 2 · 0.46625240 = 0.09325048 of it.
  expect_numbers(after_step(config), {2.86012428, -4.13987572, 0.18650096, 1.58037284});
}

}  // namespace
}  // namespace grokscope
