// The defect of quadratic losses in closed form, and of a real network against finite differences.
#include "probe/commutator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "probe/loss_gradient.h"
#include "probe/losses.h"
#include "probe/probe_tools.h"
#include "small_network.h"

namespace grokscope {
namespace {

using planted::mlp_input;
using planted::value;

constexpr double kRate = 1e-3;

/// ∇ ½ (θ − c)ᵀ H (θ − c)
GradientOf quadratic(at::Tensor hessian, at::Tensor centre) {
  return [hessian, centre](const at::Tensor& weights) { return at::mv(hessian, weights - centre); };
}

TEST(CommutatorDefect, OfTwoQuadraticsInClosedForm) {
  const at::Tensor h_a = at::tensor({2.0, 0.5, 0.5, 1.0}, at::kDouble).view({2, 2}),
                   h_b = at::tensor({1.0, -1.0, -1.0, 3.0}, at::kDouble).view({2, 2});
  const at::Tensor c_a = at::tensor({1.0, -1.0}, at::kDouble), c_b = at::tensor({0.0, 2.0}, at::kDouble);
  const at::Tensor theta = at::tensor({3.0, 5.0}, at::kDouble);
  // θ_AB − θ_BA = η² (H_B g_A − H_A g_B), exactly.
  const at::Tensor g_a = at::mv(h_a, theta - c_a), g_b = at::mv(h_b, theta - c_b);
  const double expected = (at::mv(h_b, g_a) - at::mv(h_a, g_b)).norm().item<double>() /
                          (g_a.norm().item<double>() * g_b.norm().item<double>());
  EXPECT_NEAR(commutator_defect(theta, quadratic(h_a, c_a), quadratic(h_b, c_b), kRate), expected,
              1e-9 * expected);
}

TEST(CommutatorDefect, IsZeroForOneLossAndForLossesOfDifferentWeights) {
  const at::Tensor theta = at::tensor({3.0, 5.0}, at::kDouble), zero = at::zeros({2}, at::kDouble);
  const GradientOf one = quadratic(at::eye(2, at::kDouble), zero);
  EXPECT_NEAR(commutator_defect(theta, one, one, kRate), 0.0, 1e-12);
  const GradientOf first = quadratic(at::diag(at::tensor({1.0, 0.0}, at::kDouble)), zero),
                   second = quadratic(at::diag(at::tensor({0.0, 1.0}, at::kDouble)), zero);
  EXPECT_NEAR(commutator_defect(theta, first, second, kRate), 0.0, 1e-12);
}

TEST(CommutatorDefect, IsNotDefinedWhereNothingIsLearned) {
  const at::Tensor theta = at::ones({2}, at::kDouble);
  const GradientOf flat = [](const at::Tensor& weights) { return at::zeros_like(weights); };
  const GradientOf broken = [](const at::Tensor& weights) {
    return at::full_like(weights, std::numeric_limits<double>::infinity());
  };
  EXPECT_TRUE(std::isnan(commutator_defect(theta, flat, flat, kRate)));
  EXPECT_TRUE(std::isnan(commutator_defect(theta, broken, broken, kRate)));
}

/// Mean loss of all training examples, in float64.
double loss_at(const ProbeInput& input, const at::Tensor& flat) {
  ProbeInput there = input;
  there.flat = flat;
  const at::Tensor indices = index_tensor(input.split->train());
  return mean_loss(forward_logits(there, flat, indices), input.data->targets.index_select(0, indices),
                   input.config.loss.kind);
}

void expect_gradient_of_differences(const ProbeInput& input) {
  const at::Tensor flat = input.flat.to(at::kDouble);
  const at::Tensor gradient = loss_gradient(input, flat, index_tensor(input.split->train()));
  ASSERT_GT(gradient.norm().item<double>(), 1e-3);
  for (const std::int64_t i : {0L, 7L, 100L, flat.size(0) - 1}) {
    constexpr double kStep = 1e-6;
    at::Tensor up = flat.clone(), down = flat.clone();
    up[i] += kStep;
    down[i] -= kStep;
    const double slope = (loss_at(input, up) - loss_at(input, down)) / (2.0 * kStep);
    EXPECT_NEAR(gradient[i].item<double>(), slope, 1e-8) << "parameter " << i;
  }
}

TEST(LossGradient, AgreesWithFiniteDifferences) {
  for (const char* kind : {"cross_entropy", "mse", "stablemax"}) {
    SCOPED_TRACE(kind);
    ProbeInput input = mlp_input(16, 2);
    input.config.model.activation = "gelu";
    input.config.loss.kind = kind;
    input.model = *make_model(input.config, *input.data);
    expect_gradient_of_differences(input);
  }
}

TEST(Commutator, LooksAtANetwork) {
  const ProbeInput input = mlp_input(16, 2);
  const Frame frame = look_at_commutator(input);
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(value(frame, "batch"), 30.0) << "half of the 60 training pairs";
  EXPECT_GT(value(frame, "defect"), 0.0);
  EXPECT_LE(value(frame, "defect_low"), value(frame, "defect"));
  EXPECT_GE(value(frame, "defect_high"), value(frame, "defect"));
  EXPECT_TRUE(planted::same(frame, look_at_commutator(input)));
  ProbeInput later = input;
  later.step += 1;
  EXPECT_NE(value(look_at_commutator(later), "defect"), value(frame, "defect")) << "fresh mini-batches";
}

TEST(Commutator, SaysWhatIsMissing) {
  EXPECT_NE(look_at_commutator(planted::network_input(planted::mlp_config(4, 1), planted::addition(11), 1))
                .not_applicable,
            "");
  ProbeInput dead = mlp_input(4, 1);
  planted::parameter(dead, "hidden.1.b").fill_(-100.0);
  planted::parameter(dead, "output.b").fill_(0.0);
  EXPECT_TRUE(look_at_commutator(dead).not_applicable.empty()) << "the output's bias still learns";
}

}  // namespace
}  // namespace grokscope
