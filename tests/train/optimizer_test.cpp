// Each update rule against steps worked out by hand in float64, warm-up, and the norm clamp.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "train/step/optimizer.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

constexpr std::int64_t kOptimizerTestSize = 19;  // not a multiple of a vector register

at::Tensor start_weights() {
  return at::sin(at::arange(kOptimizerTestSize, at::kDouble) + 0.5).to(at::kFloat);
}
at::Tensor gradient_at(std::int64_t step) {
  return at::cos(at::arange(kOptimizerTestSize, at::kDouble) * 0.7 + static_cast<double>(step))
      .to(at::kFloat);
}

OptimizerConfig optimizer_config_of(const std::string& kind) {
  OptimizerConfig config;
  config.kind = kind;
  config.learning_rate = 0.01;
  config.weight_decay = 0.5;
  config.momentum = 0.9;
  config.warmup_steps = 0;
  return config;
}

ParameterLayout one_tensor() {
  ParameterLayout layout;
  layout.add("weights", {kOptimizerTestSize});
  return layout;
}

/// Five steps of the textbook formulas, one number at a time in float64.
at::Tensor by_hand(const OptimizerConfig& c, std::int64_t steps) {
  at::Tensor weights = start_weights().to(at::kDouble);  // of float32
  std::array<double, kOptimizerTestSize> m{}, v{};
  for (std::int64_t step = 0; step < steps; ++step) {
    const at::Tensor gradient = gradient_at(step).to(at::kDouble);
    const double t = static_cast<double>(step + 1);
    for (std::int64_t i = 0; i < kOptimizerTestSize; ++i) {
      double& w = weights.data_ptr<double>()[i];
      double g = gradient.data_ptr<double>()[i];
      if (c.kind != "adamw") g += c.weight_decay * w;
      if (c.kind == "sgd") {
        m[i] = c.momentum * m[i] + g;
        w -= c.learning_rate * m[i];
        continue;
      }
      m[i] = c.beta1 * m[i] + (1.0 - c.beta1) * g;
      v[i] = c.beta2 * v[i] + (1.0 - c.beta2) * g * g;
      if (c.kind == "adamw") w -= c.learning_rate * c.weight_decay * w;
      const double m_hat = m[i] / (1.0 - std::pow(c.beta1, t)), v_hat = v[i] / (1.0 - std::pow(c.beta2, t));
      w -= c.learning_rate * m_hat / (std::sqrt(v_hat) + c.epsilon);
    }
  }
  return weights;
}

class UpdateRules : public testing::TestWithParam<const char*> {};

TEST_P(UpdateRules, EqualTheTextbook) {
  const OptimizerConfig config = optimizer_config_of(GetParam());
  at::Tensor flat = start_weights();
  auto optimizer = Optimizer::make(config, one_tensor(), 0, flat);
  ASSERT_TRUE(optimizer);
  for (std::int64_t step = 0; step < 5; ++step) optimizer->step(step, flat, gradient_at(step));
  const at::Tensor expected = by_hand(config, 5);
  EXPECT_LT((flat.to(at::kDouble) - expected).abs().max().item<double>(), 1e-6);
  EXPECT_GT((start_weights().to(at::kDouble) - expected).abs().max().item<double>(), 1e-3);
}

TEST_P(UpdateRules, InDoubleEqualTheTextbookToItsRounding) {
  const OptimizerConfig config = optimizer_config_of(GetParam());
  at::Tensor flat = start_weights().to(at::kDouble);
  auto optimizer = Optimizer::make(config, one_tensor(), 0, flat);
  ASSERT_TRUE(optimizer);
  for (std::int64_t step = 0; step < 5; ++step)
    optimizer->step(step, flat, gradient_at(step).to(at::kDouble));
  EXPECT_LT((flat - by_hand(config, 5)).abs().max().item<double>(), 1e-15);
  for (const auto& [name, tensor] : optimizer->state()) EXPECT_EQ(tensor.scalar_type(), at::kDouble) << name;
}

INSTANTIATE_TEST_SUITE_P(All, UpdateRules, testing::Values("sgd", "adam", "adamw"));

TEST(Optimizer, WarmUpStartsAtZeroAsThePapersDo) {
  EXPECT_EQ(warmup_factor(0, 10), 0.0);
  EXPECT_EQ(warmup_factor(5, 10), 0.5);
  EXPECT_EQ(warmup_factor(10, 10), 1.0);
  EXPECT_EQ(warmup_factor(1000, 10), 1.0);
  EXPECT_EQ(warmup_factor(0, 0), 1.0);
  OptimizerConfig config = optimizer_config_of("adamw");
  config.warmup_steps = 10;
  at::Tensor flat = start_weights();
  auto optimizer = Optimizer::make(config, one_tensor(), 0, flat);
  optimizer->step(0, flat, gradient_at(0));
  EXPECT_TRUE(at::equal(flat, start_weights()));  // decay is scaled by the rate too
}

TEST(Optimizer, InverseSqrtFallsInStairsAndTimesWarmUp) {
  OptimizerConfig config = optimizer_config_of("sgd");
  config.learning_rate = 0.1;
  EXPECT_EQ(update_rule(config, 100'000).rate, 0.1);  // constant
  config.schedule = "inverse_sqrt";
  config.schedule_steps = 512;
  EXPECT_EQ(update_rule(config, 0).rate, 0.1);
  EXPECT_EQ(update_rule(config, 511).rate, 0.1);
  EXPECT_DOUBLE_EQ(update_rule(config, 512).rate, 0.1 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(update_rule(config, 1023).rate, 0.1 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(update_rule(config, 3 * 512).rate, 0.05);
  config.schedule_steps = 1;
  config.warmup_steps = 10;
  EXPECT_DOUBLE_EQ(update_rule(config, 8).rate, 0.1 * 0.8 / 3.0);
}

TEST(Optimizer, ClampKeepsTheNormAtAMultipleOfTheInitialOne) {
  OptimizerConfig config = optimizer_config_of("adamw");
  config.clamp_norm = 0.8;
  at::Tensor flat = start_weights();
  const double initial = norm_of(flat);
  auto optimizer = Optimizer::make(config, one_tensor(), 0, flat);
  for (std::int64_t step = 0; step < 3; ++step) {
    optimizer->step(step, flat, gradient_at(step));
    EXPECT_NEAR(norm_of(flat), 0.8 * initial, 1e-6);
  }
  config.clamp_norm = 0.0;
  optimizer->set(config);
  optimizer->step(3, flat, gradient_at(3));
  EXPECT_GT(std::abs(norm_of(flat) - 0.8 * initial), 1e-4);
}

TEST(Optimizer, CopiedStateContinuesBitForBit) {
  const OptimizerConfig config = optimizer_config_of("adam");
  at::Tensor flat = start_weights();
  auto optimizer = Optimizer::make(config, one_tensor(), 0, flat);
  for (std::int64_t step = 0; step < 3; ++step) optimizer->step(step, flat, gradient_at(step));
  at::Tensor resumed = flat.clone();
  auto other = Optimizer::make(config, one_tensor(), 0, resumed);
  for (std::size_t i = 0; i < other->state().size(); ++i) {
    at::Tensor target = other->state()[i].second;
    target.copy_(optimizer->state()[i].second);
  }
  optimizer->step(3, flat, gradient_at(3));
  other->step(3, resumed, gradient_at(3));
  EXPECT_TRUE(at::equal(flat, resumed));
}

TEST(Optimizer, UnknownNamesAreUsageErrors) {
  const at::Tensor flat = start_weights();
  EXPECT_EQ(Optimizer::make(optimizer_config_of("lion"), one_tensor(), 0, flat).error().exit_code(), 2);
  OptimizerConfig config = optimizer_config_of("adam");
  config.gradient_filter = "grokslow";
  EXPECT_EQ(Optimizer::make(config, one_tensor(), 0, flat).error().exit_code(), 2);
  config.gradient_filter = "none";
  config.decay_towards = "nowhere";
  EXPECT_EQ(Optimizer::make(config, one_tensor(), 0, flat).error().exit_code(), 2);
}

}  // namespace
}  // namespace grokscope
