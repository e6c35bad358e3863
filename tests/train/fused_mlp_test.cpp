// The fused MLPs (pairs embedded and one-hot, the quadratic network, images) against autograd; and what holds
// for every fused family: evaluation, bit-identical repeats, loss curves.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/toy_real_data.h"
#include "train/fused_case.h"

namespace grokscope {
namespace {

Dataset random_images(RandomStream& random) {
  Dataset data = toy::images_dataset();
  const std::int64_t examples = between(random, 4, 300), pixels = between(random, 1, 50);
  data.class_count = between(random, 2, 20);
  data.held_out = examples / 4;
  data.pool_size = examples - data.held_out;
  const at::Tensor index = at::arange(examples * pixels, at::kFloat);
  data.images = at::frac(index * 0.37 + at::square(index) * 0.0013).view({examples, pixels}).contiguous();
  data.targets = at::remainder(at::arange(examples, at::kLong) * 5, data.class_count);
  data.train_targets = at::remainder(data.targets + 1, data.class_count);
  return data;
}

/// Regression on rows of numbers, or on pairs whose classes have vectors.
Dataset random_vectors(RandomStream& random) {
  const std::int64_t outputs = between(random, 1, 40);
  if (random.below(2) == 0) {
    return toy::with_vectors(toy::pairs_dataset(between(random, 2, 20), between(random, 2, 20)), outputs);
  }
  Dataset data = random_images(random);
  data.kind = InputKind::features;
  const std::int64_t examples = data.images.size(0);
  data.class_count = outputs;
  data.images = 4.0 * data.images - 2.0;
  data.targets = at::arange(examples, at::kLong);
  data.train_targets = at::remainder(data.targets + 1, examples);
  data.target_vectors = at::sin(at::arange(examples * outputs, at::kFloat) * 0.7).view({examples, outputs});
  data.tolerance = 0.2;
  return data;
}

FusedCase random_mlp_case(std::uint64_t seed) {
  RandomStream random(seed, "fused mlp test");
  FusedCase test;
  ModelConfig& model = test.config.model;
  const std::uint64_t family = random.below(5);
  test.data = family == 0   ? random_images(random)
              : family == 4 ? random_vectors(random)
                            : toy::pairs_dataset(between(random, 2, 40), between(random, 2, 40));
  model.kind = family == 1 ? "quadratic" : "mlp";
  model.input = family == 2 ? "one_hot" : "embedding";
  model.embedding_width = between(random, 1, 20);
  model.width = between(random, 1, 70);
  model.depth = between(random, 1, 5);
  draw_common(random, test);
  if (family == 1) test.config.init.kind = "gromov";
  if (family == 4) test.config.loss.kind = "mse";
  if (model.activation == "quadratic") model.depth = 1;  // squares of squares leave float32's range
  return test;
}

TEST(FusedMlp, EveryGradientEqualsAutogradOnRandomConfigurations) {
  int checked = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    checked += expect_the_reference_gradient(random_mlp_case(seed), seed);
  EXPECT_GT(checked, 900);
}

/// One hidden layer on pairs, every activation with every loss and input in turn.
FusedCase one_hidden_layer_case(std::uint64_t seed) {
  RandomStream random(seed, "one hidden layer");
  FusedCase test;
  const std::int64_t classes = between(random, 2, 40);
  test.data = toy::pairs_dataset(between(random, 2, 40), classes);
  if (seed % 3 == 2) test.data = toy::with_vectors(std::move(test.data), between(random, 1, 40));
  ModelConfig& model = test.config.model;
  model.kind = "mlp";
  model.input = seed % 2 == 0 ? "one_hot" : "embedding";
  model.embedding_width = between(random, 1, 20);
  model.width = between(random, 1, 150);
  model.depth = 1;
  draw_common(random, test);
  const char* activations[] = {"relu", "gelu", "tanh", "quadratic", "silu"};
  model.activation = activations[seed % 5];
  test.config.loss.kind = seed % 3 == 0 ? "cross_entropy" : "mse";
  return test;
}

TEST(PairMlp, OneHiddenLayerEqualsAutogradOnRandomConfigurations) {
  for (std::uint64_t seed = 0; seed < 120; ++seed)
    expect_the_reference_gradient(one_hidden_layer_case(seed), seed);
}

TEST(PairMlp, LogitsTimesAScaleHaveItsGradient) {
  RandomStream random(3, "quadratic");
  FusedCase test;
  for (const std::int64_t tokens : {33, 48, 50}) {  // one class more than whole vectors, none, two
    test.data = toy::pairs_dataset(tokens, tokens);
    test.config.model.kind = "quadratic";
    test.config.model.width = 70;
    draw_common(random, test);
    test.config.init.kind = "gromov";
    for (const char* loss : {"mse", "cross_entropy"}) {
      test.config.loss.kind = loss;
      expect_the_reference_gradient(test, 6);
    }
  }
}

TEST(PairMlp, WorkersWithoutExamplesAddNothing) {
  RandomStream random(2, "few");
  FusedCase test;
  test.data = toy::pairs_dataset(5, 5);
  for (const char* input : {"one_hot", "embedding"}) {
    test.config.model = toy::mlp_config(input).model;
    draw_common(random, test);
    test.threads = 3;
    test.batch = {7, 8};  // one first token
    expect_the_reference_gradient(test, 5);
  }
}

TEST(FusedMlp, ABatchLargerThanAChunkIsSummedOverAllChunks) {
  RandomStream random(4, "image chunks");
  FusedCase test;
  test.data = random_images(random);
  const std::int64_t copies = 1024 / test.data.targets.size(0) + 1;  // more than a chunk
  test.data.images = test.data.images.repeat({copies, 1}).contiguous();
  test.data.targets = test.data.targets.repeat({copies});
  test.data.train_targets = test.data.train_targets.repeat({copies});
  const std::int64_t examples = test.data.targets.size(0);
  test.config.model = toy::mlp_config("embedding").model;
  draw_common(random, test);
  test.threads = 2;
  test.batch.resize(static_cast<std::size_t>(examples));
  std::iota(test.batch.begin(), test.batch.end(), 0);
  expect_the_reference_gradient(test, 5);
}

TEST(PairMlp, ABatchLargerThanABlockIsSummedOverAllBlocks) {
  RandomStream random(1, "chunks");
  FusedCase test;
  test.data = toy::pairs_dataset(47, 47);  // 2209 examples: more than ten blocks
  test.config.model = toy::mlp_config("embedding").model;
  draw_common(random, test);
  test.threads = 2;
  test.batch.resize(2209);
  std::iota(test.batch.begin(), test.batch.end(), 0);
  expect_the_reference_gradient(test, 5);
  test.config.model.input = "one_hot";
  expect_the_reference_gradient(test, 5);
}

/// One configuration a fused family, smooth so that rounding grows slowly.
std::vector<FusedCase> one_of_each_family() {
  std::vector<FusedCase> cases(8);
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

}  // namespace
}  // namespace grokscope
