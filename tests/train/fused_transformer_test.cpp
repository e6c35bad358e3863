// The fused transformer against autograd in float64: loss and every gradient, on random shapes, batches and
// weights.
#include <gtest/gtest.h>

#include <cmath>

#include "train/fused_case.h"

namespace grokscope {
namespace {

FusedCase random_transformer_case(std::uint64_t seed) {
  RandomStream random(seed, "fused test");
  FusedCase test;
  test.data = toy::pairs_dataset(between(random, 2, 23), between(random, 2, 40));
  ModelConfig& model = test.config.model;
  model.heads = between(random, 1, 9);
  model.width = model.heads * between(random, 1, 9);
  model.mlp_width = between(random, 1, 70);
  draw_common(random, test);
  test.config.init.kind = random.below(2) == 0 ? "default" : "nanda";
  return test;
}

TEST(FusedTransformer, EveryGradientEqualsAutogradOnRandomConfigurations) {
  int checked = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    checked += expect_the_reference_gradient(random_transformer_case(seed), seed);
  EXPECT_GT(checked, 1500);
}

TEST(FusedTransformer, WideRowsAreMixedTileByTile) {
  FusedCase test = random_transformer_case(2);
  test.config.model.mlp_width = 700;  // more than two tiles of columns
  test.config.model.activation = "gelu";
  expect_the_reference_gradient(test, 4);
}

TEST(FusedTransformer, ConfidentAnswersKeepTheirTinyLoss) {
  // Logits 40 apart: 1 + exp(-40) is 1 in float and in double; the loss must still be about exp(-40) a wrong
  // class.
  FusedCase test;
  test.data = toy::pairs_dataset(5, 5);
  test.config = toy::transformer_config();
  test.config.train.engine = "fused";
  const auto model = toy::model_of(test.config, test.data);
  at::Tensor flat = at::zeros({model->layout().total()}, at::kFloat);
  for (const ParameterSpec& spec : model->layout().specs()) {
    if (spec.name == "embed.W_pos") flat[spec.offset + 2 * 8] = 1.0f;  // the '=' row reads feature 0
    if (spec.name == "unembed.W_U") flat[spec.offset] = 40.0f;         // feature 0 votes for class 0
  }
  std::vector<std::int64_t> batch;
  for (std::int64_t i = 0; i < 25; ++i) {
    if (test.data.targets[i].item<std::int64_t>() == 0) batch.push_back(i);
  }
  double loss = 0.0;
  fused_stepper_of(test, model, flat)->gradient(batch, &loss);
  EXPECT_NEAR(loss / (4.0 * std::exp(-40.0)), 1.0, 1e-5);
}

}  // namespace
}  // namespace grokscope
