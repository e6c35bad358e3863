// The fused MLPs (pairs embedded and one-hot, the quadratic network, images) against autograd.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/toy_real_data.h"
#include "train/fused_case.h"

namespace grokscope {
namespace {

/// Regression on rows of numbers, or on pairs whose classes have vectors.
Dataset random_vectors(RandomStream& random) {
  const std::int64_t outputs = between(random, 1, 40);
  if (random.below(2) == 0) {
    return toy::with_vectors(toy::pairs_dataset(between(random, 2, 20), between(random, 2, 20)), outputs);
  }
  Dataset data = random_images(random);
  data.inputs = FeatureInputs{4.0 * inputs_as<ImageInputs>(data.inputs).pixels - 2.0};
  const std::int64_t examples = data.targets.size(0);
  data.class_count = outputs;
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
  const bool rows = kind_of(test.data.inputs) != InputKind::pairs;
  if (rows && random.below(2) == 0) test.config.train.precision = "float64";
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
  at::Tensor& pixels = inputs_as<ImageInputs>(test.data.inputs).pixels;
  pixels = pixels.repeat({copies, 1}).contiguous();
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

}  // namespace
}  // namespace grokscope
