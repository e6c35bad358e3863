// What holds for every fused family: evaluation, also that which prepares the next step, bit-identical
// repeats, loss curves.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/toy_real_data.h"
#include "train/fused_case.h"

namespace grokscope {
namespace {

/// One configuration a fused family, smooth so that rounding grows slowly.
std::vector<FusedCase> one_of_each_family() {
  std::vector<FusedCase> cases(10);
  for (FusedCase& test : cases) {
    test.data = toy::pairs_dataset(13, 13);
    test.config.optimizer.learning_rate = 1e-3;
    test.threads = 2;
  }
  cases[0].config.model = toy::transformer_config().model;
  cases[1].config.model = toy::mlp_config("embedding").model;
  cases[2].config.model = toy::mlp_config("one_hot").model;
  cases[2].config.model.depth = 3;
  cases[3].config.model.kind = "quadratic";
  cases[3].config.loss.kind = "mse";
  cases[3].config.init.kind = "gromov";
  cases[4].config.model = toy::mlp_config("embedding").model;
  cases[4].config.loss.kind = "mse";
  cases[4].config.optimizer.kind = "sgd";
  cases[4].config.optimizer.learning_rate = 0.05;
  cases[4].config.optimizer.weight_decay = 0.0;
  RandomStream random(9, "images");
  cases[4].data = random_images(random);
  cases[5].config.model = toy::mlp_config("embedding").model;
  cases[5].config.loss.kind = "mse";
  cases[5].data = toy::features_dataset();
  cases[6].config.model = toy::mlp_config("embedding").model;
  cases[6].config.loss.kind = "mse";
  cases[6].data = toy::with_vectors(toy::pairs_dataset(13, 13), 7);
  cases[7].config.model = toy::lstm_config().model;
  cases[7].data = toy::text_dataset();
  for (std::size_t at : {4, 5}) {
    cases[at + 4] = cases[at];
    cases[at + 4].config.train.precision = "float64";
  }
  return cases;
}

struct Trained {
  std::vector<double> losses;
  at::Tensor flat, logits;
  ClassScores scores;
};

/// 500 steps, full batch and smaller ones in turn, evaluated in between.
Trained train_case(FusedCase test, const std::string& engine, int threads) {
  test.config.train.engine = engine;
  test.threads = threads;
  const auto model = toy::model_of(test.config, test.data);
  auto stepper = fused_stepper_of(test, model, model->initial_parameters(3));
  Split split(test.data.pool_size, test.data.held_out, 1, test.data.pool_size / 2);
  split.set_train_count(test.data.pool_size / 3);  // some formerly trained examples
  Trained result;
  for (std::int64_t step = 0; step < 500; ++step) {
    const auto batch =
        split.train().subspan(0, step % 3 == 0 ? split.train().size() / 2 : split.train().size());
    result.losses.push_back(stepper->step(step, batch));
    if (step == 5) result.scores = stepper->evaluate(split, &result.logits);
  }
  result.flat = stepper->flat().clone();
  return result;
}

TEST(FusedSteppers, RepeatBitForBit) {
  for (const FusedCase& test : one_of_each_family()) {
    for (const int threads : {1, 2, 3}) {
      const Trained first = train_case(test, "fused", threads), second = train_case(test, "fused", threads);
      EXPECT_EQ(first.losses, second.losses) << test.config.model.kind;
      EXPECT_TRUE(at::equal(first.flat, second.flat)) << test.config.model.kind;
    }
  }
}

TEST(FusedSteppers, LossCurvesStayWithinRoundingGrowthOfAutograd) {
  for (const FusedCase& test : one_of_each_family()) {
    const Trained plain = train_case(test, "autograd", 1), shards = train_case(test, "autograd", 3);
    const Trained fused = train_case(test, "fused", 2);
    // How far two orders of summation drift apart is the yardstick.
    double drift = 0.0, difference = 0.0;
    for (std::size_t step = 0; step < plain.losses.size(); ++step) {
      drift = std::max(drift, std::abs(shards.losses[step] - plain.losses[step]));
      difference = std::max(difference, std::abs(fused.losses[step] - plain.losses[step]));
    }
    EXPECT_LE(difference, 10.0 * drift + 1e-6 * plain.losses.front()) << test.config.model.kind;
    EXPECT_LT(plain.losses.back(), plain.losses.front()) << test.config.model.kind;
  }
}

TEST(FusedSteppers, EvaluateLikeAutograd) {
  for (const FusedCase& test : one_of_each_family()) {
    const Trained plain = train_case(test, "autograd", 1), fused = train_case(test, "fused", 2);
    const std::string& kind = test.config.model.kind;
    EXPECT_NEAR(fused.scores.train_loss, plain.scores.train_loss, 1e-5 * plain.scores.train_loss) << kind;
    EXPECT_NEAR(fused.scores.test_loss, plain.scores.test_loss, 1e-5 * plain.scores.test_loss) << kind;
    if (test.data.held_out == 0) {  // image splits know no formerly trained examples to score
      EXPECT_NEAR(fused.scores.formerly_trained_loss, plain.scores.formerly_trained_loss,
                  1e-5 * plain.scores.formerly_trained_loss)
          << kind;
    }
    EXPECT_EQ(fused.scores.train_accuracy, plain.scores.train_accuracy) << kind;
    EXPECT_EQ(fused.scores.test_accuracy, plain.scores.test_accuracy) << kind;
    EXPECT_TRUE(at::equal(fused.logits.isnan(), plain.logits.isnan())) << kind;  // unused images
    EXPECT_LT(at::nan_to_num(fused.logits - plain.logits).abs().max().item<double>(), 1e-4) << kind;
  }
}

TEST(FusedSteppers, ANotANumberReachesTheLoss) {
  for (const char* activation : {"relu", "gelu", "tanh", "quadratic", "silu"}) {
    for (FusedCase test : one_of_each_family()) {
      test.config.model.activation = activation;
      test.config.train.engine = "fused";
      const auto model = toy::model_of(test.config, test.data);
      at::Tensor flat = model->initial_parameters(0);
      flat[0] = std::nan("");
      std::vector<std::int64_t> batch(static_cast<std::size_t>(test.data.pool_size));
      std::iota(batch.begin(), batch.end(), 0);
      double loss = 0.0;
      fused_stepper_of(test, model, flat)->gradient(batch, &loss);
      EXPECT_TRUE(std::isnan(loss)) << test.config.model.kind << " " << activation;
    }
  }
}

double multiplies_of(Stepper& stepper) {
  return stepper.multiply_time().flop;
}

/// A split with all three kinds of examples where the task has them.
Split split_of(const FusedCase& test) {
  Split split(test.data.pool_size, test.data.held_out, 1, test.data.pool_size / 2);
  split.set_train_count(test.data.pool_size / 3);
  return split;
}

TEST(FusedSteppers, AnEvaluationPreparesTheStepAndChangesNothingElse) {
  for (FusedCase test : one_of_each_family()) {
    test.config.train.engine = "fused";
    const std::string& kind = test.config.model.kind;
    const auto model = toy::model_of(test.config, test.data);
    const at::Tensor start = model->initial_parameters(3);
    const Split split = split_of(test);
    auto preparing = fused_stepper_of(test, model, start, true), plain = fused_stepper_of(test, model, start);
    for (std::int64_t step = 0; step < 5; ++step) {
      at::Tensor logits, expected;
      const ClassScores scores = preparing->evaluate(split, &logits),
                        wanted = plain->evaluate(split, &expected);
      EXPECT_NEAR(scores.train_loss, wanted.train_loss, 1e-5 * wanted.train_loss) << kind;
      EXPECT_EQ(scores.train_accuracy, wanted.train_accuracy) << kind;
      EXPECT_EQ(scores.test_loss, wanted.test_loss) << kind;
      EXPECT_EQ(scores.test_accuracy, wanted.test_accuracy) << kind;
      EXPECT_TRUE(at::equal(logits.isnan(), expected.isnan())) << kind;
      EXPECT_LT(at::nan_to_num(logits - expected).abs().max().item<double>(), 1e-4) << kind;

      const double before = multiplies_of(*preparing);
      EXPECT_GT(before, 0.0) << kind;
      const double loss = preparing->step(step, split.train());
      EXPECT_EQ(multiplies_of(*preparing), before) << kind << ": the step was computed again";
      EXPECT_EQ(loss, plain->step(step, split.train())) << kind;
    }
    EXPECT_TRUE(at::equal(preparing->flat(), plain->flat())) << kind;
  }
}

TEST(FusedSteppers, APreparedStepIsForgottenWhenItDoesNotFit) {
  FusedCase test = one_of_each_family()[0];
  test.config.train.engine = "fused";
  const auto model = toy::model_of(test.config, test.data);
  const at::Tensor start = model->initial_parameters(3);
  const Split split = split_of(test);
  const auto all = split.train(), fewer = all.subspan(1);
  for (const bool other_weights : {true, false}) {
    auto prepared = fused_stepper_of(test, model, start, true), fresh = fused_stepper_of(test, model, start);
    prepared->evaluate(split, nullptr);
    for (Stepper* stepper : {prepared.get(), fresh.get()}) {
      if (other_weights) stepper->flat().mul_(0.5);
    }
    const auto batch = other_weights ? all : fewer;
    EXPECT_EQ(prepared->step(0, batch), fresh->step(0, batch));
    EXPECT_TRUE(at::equal(prepared->flat(), fresh->flat()));
  }
}

TEST(FusedSteppers, SmallBatchesAndShakenWeightsAreNotPrepared) {
  for (const bool small_batch : {true, false}) {
    FusedCase test = one_of_each_family()[0];
    test.config.train.engine = "fused";
    test.config.train.batch_size = small_batch ? 10 : 0;
    test.config.optimizer.weight_noise = small_batch ? 0.0 : 0.01;
    const auto model = toy::model_of(test.config, test.data);
    auto stepper = fused_stepper_of(test, model, model->initial_parameters(3), true);
    auto plain = fused_stepper_of(test, model, model->initial_parameters(3));
    const Split split = split_of(test);
    stepper->evaluate(split, nullptr);
    plain->evaluate(split, nullptr);
    EXPECT_EQ(multiplies_of(*stepper), multiplies_of(*plain)) << "a gradient was computed";
  }
}

}  // namespace
}  // namespace grokscope
