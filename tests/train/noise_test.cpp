// Weight noise, gradient noise and dropout: which numbers they draw, that they do not depend on threads or on
// how a batch is cut, and what they do to one step.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/random.h"
#include "model/dropout.h"
#include "model/toy.h"
#include "train/step/device.h"
#include "train/step/noise.h"
#include "train/step/stepper.h"
#include "train/torch_side/loss.h"

namespace grokscope {
namespace {

at::Tensor noise_of(const NoiseKey& key, std::int64_t size, Team* team = nullptr) {
  at::Tensor noise = at::zeros({size}, at::kFloat);
  add_noise(key, 0.5, noise, team);
  return noise;
}

TEST(Noise, IsGaussianKeyedAndIndependentOfThreads) {
  const NoiseKey key{7, "weight noise", 12};
  const at::Tensor one = noise_of(key, 100'001);
  EXPECT_EQ(one[0].item<float>(), static_cast<float>(0.5 * RandomStream(7, "weight noise 12 0").normal()));
  EXPECT_NEAR(one.mean().item<double>(), 0.0, 0.01);
  EXPECT_NEAR(one.square().mean().item<double>(), 0.25, 0.005);
  EXPECT_NEAR(one.abs().gt(1.0).to(at::kDouble).mean().item<double>(), 0.0455,
              0.004);  // beyond two deviations
  for (const int threads : {2, 3}) {
    Team team(threads, limit_library_threads);
    EXPECT_TRUE(at::equal(noise_of(key, 100'001, &team), one)) << threads;
  }
  for (const NoiseKey& other : {NoiseKey{8, "weight noise", 12}, NoiseKey{7, "gradient noise", 12},
                                NoiseKey{7, "weight noise", 13}}) {
    const double correlation = (noise_of(other, 100'001) * one).mean().item<double>() / 0.25;
    EXPECT_NEAR(correlation, 0.0, 0.015);
  }
}

struct NoisySetup {
  RunConfig config;
  std::shared_ptr<const Dataset> data;
  std::shared_ptr<const Model> model;

  std::unique_ptr<Stepper> stepper(int threads) const {
    auto made =
        make_stepper(config, model, data, model->initial_parameters(7), {.cuda = false, .threads = threads});
    if (!made) throw std::runtime_error(made.error().message);
    return std::move(*made);
  }
};

/// Plain descent with rate 0.5, so that a step shows its gradient.
NoisySetup noisy_setup(RunConfig config, Dataset data, const std::string& engine) {
  config.optimizer.kind = "sgd";
  config.optimizer.learning_rate = 0.5;
  config.optimizer.weight_decay = 0.0;
  config.optimizer.warmup_steps = 0;
  config.train.engine = engine;
  config.seed = 11;
  NoisySetup setup{config, std::make_shared<const Dataset>(std::move(data)), nullptr};
  setup.model = toy::model_of(config, *setup.data);
  return setup;
}

std::vector<std::int64_t> some_examples() {
  return {3, 40, 8, 9, 10, 22, 1, 0, 48, 30, 31};
}

TEST(Noise, WeightNoiseMovesWhereTheGradientIsTakenAndNothingElse) {
  for (const char* engine : {"autograd", "fused"}) {
    NoisySetup setup = noisy_setup(toy::transformer_config(), toy::pairs_dataset(7, 7), engine);
    auto calm = setup.stepper(2);
    setup.config.optimizer.weight_noise = 0.05;
    auto noisy = setup.stepper(2);
    noisy->step(4, some_examples());
    const at::Tensor start = calm->flat().clone();
    add_noise({11, "weight noise", 4}, 0.05, calm->flat(), nullptr);
    const at::Tensor expected = start - 0.5 * calm->gradient(some_examples(), nullptr);
    EXPECT_LT(toy::relative_difference(noisy->flat() - start, expected - start), 1e-5) << engine;
    EXPECT_GT(toy::relative_difference(noisy->flat(), calm->flat()), 1e-3) << "the noise is still there";
    OptimizerConfig off = setup.config.optimizer;
    off.weight_noise = 0.0;
    off.learning_rate = 0.0;
    noisy->set_optimizer(off);
    const at::Tensor before = noisy->flat().clone();
    noisy->step(5, some_examples());
    EXPECT_TRUE(at::equal(noisy->flat(), before));
  }
}

TEST(Noise, WeightsComeBackToTheLastBit) {
  NoisySetup setup = noisy_setup(toy::transformer_config(), toy::pairs_dataset(7, 7), "fused");
  setup.config.optimizer.weight_noise = 3.0;
  setup.config.optimizer.learning_rate = 0.0;
  auto stepper = setup.stepper(1);
  const at::Tensor before = stepper->flat().clone();
  stepper->step(0, some_examples());
  EXPECT_TRUE(at::equal(stepper->flat(), before));
}

TEST(Noise, GradientNoiseIsAddedToTheGradient) {
  for (const char* engine : {"autograd", "fused"}) {
    NoisySetup setup = noisy_setup(toy::transformer_config(), toy::pairs_dataset(7, 7), engine);
    setup.config.optimizer.gradient_noise = 0.2;
    auto noisy = setup.stepper(3);
    const at::Tensor start = noisy->flat().clone();
    at::Tensor gradient = noisy->gradient(some_examples(), nullptr);  // without noise
    noisy->step(4, some_examples());
    add_noise({11, "gradient noise", 4}, 0.2, gradient, nullptr);
    EXPECT_LT(toy::relative_difference(noisy->flat(), start - 0.5 * gradient), 1e-6) << engine;
  }
}

TEST(Dropout, MasksFollowTheExampleAndKeepTheMean) {
  std::vector<std::int64_t> examples(2000);
  std::iota(examples.begin(), examples.end(), 100);
  const Dropout dropout(0.3, 9, 5, examples);
  const at::Tensor whole = dropout.apply(at::ones({2000, 7}), 1);
  RandomStream by_hand(9, "dropout 5 1 100");
  const std::uint64_t bits = by_hand.next();
  EXPECT_EQ(whole[0][0].item<float>() == 0.0f, static_cast<double>(bits & 0xffffffffu) < 0.3 * 4294967296.0);
  EXPECT_EQ(whole[0][1].item<float>() == 0.0f, static_cast<double>(bits >> 32) < 0.3 * 4294967296.0);
  EXPECT_NEAR(whole.eq(0.0).to(at::kDouble).mean().item<double>(), 0.3, 0.01);
  EXPECT_NEAR(whole.max().item<double>(), 1.0 / 0.7, 1e-6);
  EXPECT_TRUE(at::equal(dropout.apply(at::ones({1, 7}), 1), whole));  // one row stands for all
  const auto part = std::span(examples).subspan(700, 300);
  EXPECT_TRUE(at::equal(Dropout(0.3, 9, 5, part).apply(at::ones({300, 7}), 1), whole.narrow(0, 700, 300)));
  for (const at::Tensor& other :
       {dropout.apply(at::ones({2000, 7}), 2), Dropout(0.3, 9, 6, examples).apply(at::ones({2000, 7}), 1),
        Dropout(0.3, 8, 5, examples).apply(at::ones({2000, 7}), 1)}) {
    EXPECT_NEAR(other.eq(whole).to(at::kDouble).mean().item<double>(), 0.58, 0.02);  // 0.3² + 0.7²
  }
}

double mean_cross_entropy(const NoisySetup& setup, const at::Tensor& logits,
                          const std::vector<std::int64_t>& examples) {
  const at::Tensor targets = setup.data->train_targets.index_select(0, at::tensor(examples, at::kLong));
  return loss_rows(LossKind::cross_entropy, logits, targets, 1.0, nullptr).mean().item<double>();
}

TEST(Dropout, ForgetsTheHiddenUnitsOfAnMlp) {
  NoisySetup setup = noisy_setup(toy::mlp_config("one_hot"), toy::pairs_dataset(7, 7), "auto");
  setup.config.model.dropout = 0.5;
  const std::vector<std::int64_t> batch = some_examples();
  auto stepper = setup.stepper(2);
  EXPECT_EQ(stepper->engine(), "autograd");
  const at::Tensor flat = stepper->flat().clone();
  const ParameterViews views = views_of(setup.model->layout(), flat);
  const auto weight = [&](const char* name) { return toy::named(*setup.model, views, name); };
  const at::Tensor pairs =
      inputs_as<PairInputs>(setup.data->inputs).pairs.index_select(0, at::tensor(batch, at::kLong));
  const at::Tensor hidden = at::tanh(weight("hidden.1.W").index({pairs.select(1, 0)}) +
                                     weight("hidden.1.W").index({pairs.select(1, 1) + 7}) +
                                     weight("hidden.1.b"));  // (example, unit)
  const at::Tensor kept = hidden * Dropout(0.5, 11, 3, batch).apply(at::ones({11, 9}), 0);
  const at::Tensor logits = at::mm(kept, weight("output.W")) + weight("output.b");
  EXPECT_NEAR(stepper->step(3, batch), mean_cross_entropy(setup, logits, batch), 1e-6);
}

TEST(Dropout, ForgetsWhatTheTransformerAddsToItsResidual) {
  RunConfig config = toy::transformer_config();
  config.model.dropout = 0.5;
  const std::vector<std::int64_t> batch = some_examples();
  const NoisySetup setup = noisy_setup(config, toy::pairs_dataset(7, 7), "auto");
  const at::Tensor pairs =
      inputs_as<PairInputs>(setup.data->inputs).pairs.index_select(0, at::tensor(batch, at::kLong));
  // One of the two blocks adds nothing, so that the other one's mask is all there is.
  for (const bool attention : {true, false}) {
    auto stepper = setup.stepper(2);
    const ParameterViews views = views_of(setup.model->layout(), stepper->flat());
    const auto weight = [&](const std::string& name) { return toy::named(*setup.model, views, name); };
    weight(attention ? "blocks.0.mlp.W_out" : "blocks.0.attention.W_O").zero_();
    Taps taps;
    Batch inputs;
    inputs_as<PairInputs>(inputs.inputs).pairs = pairs;
    setup.model->forward(views, inputs, &taps);
    const auto tapped = [&](const std::string& name) {
      for (const Tap& tap : taps) {
        if (tap.name == name) return tap.activation;
      }
      return at::Tensor();
    };
    const at::Tensor added = attention
                                 ? tapped("attention")
                                 : at::mm(tapped("mlp"), weight("blocks.0.mlp.W_out"));  // (example, width)
    const at::Tensor mask = Dropout(0.5, 11, 3, batch).apply(at::ones({11, 8}), attention ? 4 : 5);
    const at::Tensor residual = tapped("residual") - added + added * mask;
    const double expected = mean_cross_entropy(setup, at::mm(residual, weight("unembed.W_U")), batch);
    EXPECT_NEAR(stepper->step(3, batch), expected, 1e-6) << attention;
  }
}

TEST(Dropout, StepsDoNotDependOnThreadsAndEvaluationForgetsNothing) {
  RunConfig power = toy::transformer_config();
  power.model.sequence = "power";
  power.model.depth = 2;
  power.model.normalisation = "post";
  for (const RunConfig& shape : {toy::transformer_config(), power, toy::mlp_config("embedding")}) {
    NoisySetup setup = noisy_setup(shape, toy::pairs_dataset(7, 7), "auto");
    Split split(49, 0, 5, 30);
    const ClassScores plain = setup.stepper(1)->evaluate(split, nullptr);
    const at::Tensor plain_gradient = setup.stepper(1)->gradient(some_examples(), nullptr);
    setup.config.model.dropout = 0.4;
    auto one = setup.stepper(1);
    const at::Tensor start = one->flat().clone();
    EXPECT_NEAR(one->evaluate(split, nullptr).train_loss, plain.train_loss, 1e-5);
    EXPECT_LT(toy::relative_difference(one->gradient(some_examples(), nullptr), plain_gradient), 1e-5);
    const double loss = one->step(2, some_examples());
    EXPECT_GT(toy::relative_difference(one->flat() - start, -0.5 * plain_gradient), 0.05);
    for (const int threads : {2, 3}) {
      auto many = setup.stepper(threads);
      EXPECT_NEAR(many->step(2, some_examples()), loss, 1e-6) << threads;
      EXPECT_LT(toy::relative_difference(many->flat() - start, one->flat() - start), 1e-5) << threads;
    }
  }
}

}  // namespace
}  // namespace grokscope
