// The fused LSTM against autograd; what holds for every fused family stands in fused_mlp_test.cpp.
#include <gtest/gtest.h>

#include "model/toy_real_data.h"
#include "train/fused_case.h"

namespace grokscope {
namespace {

Dataset random_texts(RandomStream& random) {
  Dataset data = toy::text_dataset();
  const std::int64_t examples = between(random, 1, 40), positions = between(random, 1, 30);
  data.token_count = between(random, 2, 60);
  data.pool_size = examples;
  const at::Tensor index = at::arange(examples * positions, at::kLong);
  inputs_as<TextInputs>(data.inputs).tokens =
      at::remainder(index * 7 + index * index * 3, data.token_count).view({examples, positions});
  data.targets = at::remainder(at::arange(examples, at::kLong) * 3, 2);
  data.train_targets = at::remainder(data.targets + 1, 2);
  return data;
}

FusedCase random_lstm_case(std::uint64_t seed) {
  RandomStream random(seed, "fused lstm test");
  FusedCase test;
  test.data = random_texts(random);
  draw_common(random, test);
  test.config.loss.kind = "cross_entropy";
  ModelConfig& model = test.config.model;
  model.kind = "lstm";
  model.width = between(random, 1, 40);
  model.depth = between(random, 1, 3);
  model.embedding_width = between(random, 1, 20);
  return test;
}

TEST(FusedLstm, EveryGradientEqualsAutogradOnRandomConfigurations) {
  int checked = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    checked += expect_the_reference_gradient(random_lstm_case(seed), seed);
  EXPECT_GT(checked, 2000);
}

TEST(FusedLstm, ABatchLargerThanABlockIsSummedOverAllBlocks) {
  RandomStream random(1, "blocks");
  FusedCase test = random_lstm_case(3);
  test.data.pool_size = 200;  // more than 64 texts for each of two workers
  inputs_as<TextInputs>(test.data.inputs).tokens =
      at::remainder(at::arange(200 * 5, at::kLong) * 7, 31).view({200, 5}).contiguous();
  test.data.token_count = 31;
  test.data.targets = at::remainder(at::arange(200, at::kLong), 2);
  test.data.train_targets = test.data.targets;
  test.threads = 2;
  test.batch = random.permutation(200);
  expect_the_reference_gradient(test, 5);
}

}  // namespace
}  // namespace grokscope
