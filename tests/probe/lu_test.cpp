// Logits proportional to the weights: losses along the ray have closed forms.
#include "probe/lu.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "planted.h"

namespace grokscope {
namespace {

using planted::array;
using planted::value;

constexpr std::int64_t kRayTokens = 7;

/// Training pairs: logit `right` on the answer. Test pairs: logit `wrong` on the class after it. One
/// parameter.
ProbeInput ray_input(double right, double wrong, std::int64_t train_count = 20) {
  auto model = std::make_shared<planted::PlantedModel>(1);
  ProbeInput input = planted::input_of(planted::addition(kRayTokens), model, train_count);
  model->pair_stride = kRayTokens;
  model->table = at::zeros({kRayTokens * kRayTokens, kRayTokens}, at::kDouble);
  for (const std::int64_t i : input.split->train())
    model->table[i][input.data->targets[i].item<std::int64_t>()] = right;
  for (const std::int64_t i : input.split->test()) {
    model->table[i][(input.data->targets[i].item<std::int64_t>() + 1) % kRayTokens] = wrong;
  }
  input.flat = at::full({1}, 2.0);
  return input;
}

TEST(LossAlongTheRay, CrossEntropyInClosedForm) {
  const Frame frame = look_at_lu(ray_input(3.0, 1.5));
  ASSERT_EQ(frame.not_applicable, "");
  const Array norm = array(frame, "norm"), train = array(frame, "train_loss"),
              test = array(frame, "test_loss");
  ASSERT_EQ(norm.shape, (std::vector<std::int64_t>{34}));
  EXPECT_NEAR(norm.values.front(), 0.2, 1e-6);
  EXPECT_NEAR(norm.values.back(), 6.4, 1e-5);
  EXPECT_EQ(std::count(norm.values.begin(), norm.values.end(), 2.0F), 1)
      << "the present point is on the curve";
  EXPECT_TRUE(std::is_sorted(norm.values.begin(), norm.values.end()));
  for (std::size_t i = 0; i < norm.values.size(); ++i) {
    const double others = kRayTokens - 1.0, w = norm.values[i];
    EXPECT_NEAR(train.values[i], std::log(1.0 + others * std::exp(-3.0 * w)), 1e-5);
    EXPECT_NEAR(test.values[i], std::log(others + std::exp(1.5 * w)), 1e-5);
    EXPECT_EQ(array(frame, "train_accuracy").values[i], 1.0F);
    EXPECT_EQ(array(frame, "test_accuracy").values[i], 0.0F);
  }
  EXPECT_EQ(value(frame, "norm_now"), 2.0);
  EXPECT_EQ(frame.texts.at("subset"), "all 20 training examples, all 29 test examples");
}

TEST(LossAlongTheRay, TheValleyIsHalfwayDownFromChanceOnALogAxis) {
  ProbeInput input = ray_input(3.0, 0.0);
  auto model = std::make_shared<planted::PlantedModel>(1);
  model->pair_stride = kRayTokens;
  model->table = at::zeros({kRayTokens * kRayTokens, kRayTokens}, at::kDouble);
  for (std::int64_t i = 0; i < kRayTokens * kRayTokens; ++i) {
    model->table[i][input.data->targets[i].item<std::int64_t>()] = 3.0;  // test pairs as well
  }
  input.model = model;
  const Frame frame = look_at_lu(input);
  const Array norm = array(frame, "norm"), test = array(frame, "test_loss");
  const double halfway = std::sqrt(static_cast<double>(test.values.back()) * std::log(7.0));
  EXPECT_NEAR(value(frame, "valley_high"), 6.4, 1e-5);
  for (std::size_t i = 0; i < norm.values.size(); ++i) {
    EXPECT_EQ(norm.values[i] >= value(frame, "valley_low") * 0.9999, test.values[i] <= halfway)
        << norm.values[i];
  }
  EXPECT_GT(value(frame, "valley_low"), 3.0);
  // The end is where the curve crosses, not a point of the ray, which are 11 % apart: ln(1 + 6 e^(-3 w)) =
  // halfway.
  const double crossing = -std::log((std::exp(halfway) - 1.0) / 6.0) / 3.0;
  EXPECT_NEAR(value(frame, "valley_low") / crossing, 1.0, 0.01);
}

TEST(LossAlongTheRay, NoValleyWhereTestLossIsNoBetterThanChance) {
  const Frame frame = look_at_lu(ray_input(3.0, 1.5));
  EXPECT_EQ(frame.scalars.count("valley_low"), 0u);
}

TEST(LossAlongTheRay, MeanSquaredErrorInClosedForm) {
  ProbeInput input =
      ray_input(0.5, 0.0);  // at the present norm 2 the output of the answer is 1: an exact fit
  input.config.loss.kind = "mse";
  const Frame frame = look_at_lu(input);
  const Array norm = array(frame, "norm");
  for (std::size_t i = 0; i < norm.values.size(); ++i) {
    EXPECT_NEAR(array(frame, "train_loss").values[i], std::pow(0.5 * norm.values[i] - 1.0, 2) / kRayTokens,
                1e-6);
    EXPECT_NEAR(array(frame, "test_loss").values[i], 1.0 / kRayTokens, 1e-6);
  }
}

TEST(LossAlongTheRay, TrainsOnNoisyLabelsAndTestsOnCleanOnes) {
  ProbeInput input = ray_input(3.0, 0.0);
  auto noisy = std::make_shared<Dataset>(*input.data);
  noisy->train_targets = (noisy->targets + 2) % kRayTokens;
  input.data = noisy;
  const Frame frame = look_at_lu(input);
  EXPECT_EQ(array(frame, "train_accuracy").values[0], 0.0F);
  EXPECT_NEAR(array(frame, "test_loss").values[0], std::log(7.0), 1e-5);
}

TEST(LossAlongTheRay, StopsWhenCancelledAndSaysSo) {
  const std::atomic<bool> cancelled{true};
  ProbeInput input = ray_input(3.0, 1.0);
  input.cancelled = &cancelled;
  const Frame frame = look_at_lu(input);
  EXPECT_EQ(frame.not_applicable, "");
  EXPECT_EQ(frame.texts.at("cancelled"), "1");
  EXPECT_TRUE(array(frame, "norm").values.empty());
  EXPECT_EQ(frame.scalars.count("valley_low"), 0u);
}

TEST(LossAlongTheRay, IsPureAndDeterministic) {
  const ProbeInput input = ray_input(3.0, 1.5);
  const at::Tensor before = input.flat.clone();
  const Frame first = look_at_lu(input), second = look_at_lu(input);
  EXPECT_TRUE(planted::same(first, second));
  EXPECT_TRUE(input.flat.equal(before));
}

TEST(LossAlongTheRay, BigTasksUseAFixedSubset) {
  auto model = std::make_shared<planted::PlantedModel>(1);
  ProbeInput input = planted::input_of(planted::addition(71), model, 3000);
  model->pair_stride = 71;
  model->table = at::zeros({71 * 71, 71});
  EXPECT_EQ(look_at_lu(input).texts.at("subset"),
            "1024 of 3000 training examples, 1024 of 2041 test examples");
}

TEST(LossAlongTheRay, TakesFewerExamplesWhereOneIsDear) {
  auto model = std::make_shared<planted::PlantedModel>(1);
  ProbeInput input = planted::input_of(planted::addition(71), model, 3000);
  model->pair_stride = 71;
  model->table = at::zeros({71 * 71, 71});
  // One layer that counts is as dear as an example of 0.02 GFLOP: 400 GFLOP pay for 34 points of 2 * 294
  // examples.
  input.config.model = {.kind = "mlp", .width = 140'845, .depth = 1, .input = "one_hot"};
  EXPECT_EQ(look_at_lu(input).texts.at("subset"), "294 of 3000 training examples, 294 of 2041 test examples");
  input.config.model.width = 70'000'000;
  EXPECT_EQ(look_at_lu(input).texts.at("subset"), "64 of 3000 training examples, 64 of 2041 test examples");
}

TEST(LossAlongTheRay, NoValleyWhereTestLossIsLowButTrainingIsForgotten) {
  // An offset on a wrong class wins below norm 1; test loss has doubled by norm 0.63.
  auto model = std::make_shared<planted::PlantedModel>(1);
  ProbeInput input = ray_input(3.0, 6.0);
  model->pair_stride = kRayTokens;
  model->table = std::static_pointer_cast<const planted::PlantedModel>(input.model)->table;
  model->offset = at::zeros_like(model->table);
  for (const std::int64_t i : input.split->train()) {
    model->offset[i][(input.data->targets[i].item<std::int64_t>() + 3) % kRayTokens] = 3.0;
  }
  input.model = model;
  const Frame frame = look_at_lu(input);
  EXPECT_EQ(array(frame, "train_accuracy").values.front(), 0.0F);
  EXPECT_EQ(array(frame, "train_accuracy").values.back(), 1.0F);
  EXPECT_EQ(frame.scalars.count("valley_low"), 0u);
  EXPECT_EQ(frame.scalars.count("valley_high"), 0u);
}

TEST(LossAlongTheRay, DivergedWeights) {
  ProbeInput input = ray_input(3.0, 1.5);
  input.flat = at::full({1}, std::numeric_limits<float>::infinity());
  EXPECT_NE(look_at_lu(input).not_applicable.find("diverged"), std::string::npos);
}

}  // namespace
}  // namespace grokscope
