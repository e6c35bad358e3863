// Planted logits: guesses, probabilities, membership, missing pairs; the fixed pictures.
#include "probe/answers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "planted.h"

namespace grokscope {
namespace {

using planted::array;
using planted::value;

constexpr std::int64_t kGridTokens = 5;

ProbeInput grid_input() {
  auto model = std::make_shared<planted::PlantedModel>(1);
  ProbeInput input = planted::input_of(planted::addition(kGridTokens), model, 10);
  model->pair_stride = kGridTokens;
  model->table = at::zeros({kGridTokens * kGridTokens, kGridTokens});
  for (std::int64_t i = 0; i < kGridTokens * kGridTokens; ++i) {
    const std::int64_t answer = input.data->targets[i].item<std::int64_t>();
    model->table[i][answer] = i == 7 ? 0.0 : 3.0;  // pair (1, 2) is answered wrongly
    model->table[i][(answer + 1) % kGridTokens] = 2.0;
    model->table[i][(answer + 2) % kGridTokens] = 1.0;
  }
  return input;
}

TEST(Answers, GridOfEveryPair) {
  const ProbeInput input = grid_input();
  const Frame frame = look_at_answers(input);
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(frame.texts.at("kind"), "grid");
  EXPECT_EQ(frame.texts.at("probability"), "softmax");
  const double sum = std::exp(3.0) + std::exp(2.0) + std::exp(1.0) + 2.0;
  const auto members = input.split->membership();
  for (std::int64_t i = 0; i < 25; ++i) {
    const auto answer = static_cast<float>((i / 5 + i % 5) % 5);
    EXPECT_EQ(array(frame, "target").values[i], answer);
    EXPECT_EQ(array(frame, "membership").values[i], static_cast<float>(members[i]));
    if (i == 7) continue;
    EXPECT_EQ(array(frame, "guess").values[i], answer);
    EXPECT_NEAR(array(frame, "confidence").values[i], std::exp(3.0) / sum, 1e-6);
    for (int place = 0; place < 3; ++place) {
      EXPECT_EQ(array(frame, "top_classes").values[3 * i + place],
                static_cast<float>((static_cast<int>(answer) + place) % 5));
      EXPECT_NEAR(array(frame, "top_probabilities").values[3 * i + place], std::exp(3.0 - place) / sum, 1e-6);
    }
  }
  EXPECT_EQ(array(frame, "guess").values[7], 4.0F);
  EXPECT_NEAR(array(frame, "confidence").values[7], 1.0 / (std::exp(2.0) + std::exp(1.0) + 3.0), 1e-6);
  EXPECT_DOUBLE_EQ(value(frame, "right_share"), 24.0 / 25.0);
}

TEST(Answers, WhatIsTrainedOnIsRightByTheLabelItIsTrainedOn) {
  ProbeInput input = grid_input();
  auto noisy = std::make_shared<Dataset>(*input.data);
  const auto members = input.split->membership();
  const auto is_train = [&](std::int64_t i) {
    return members[static_cast<std::size_t>(i)] == Membership::train;
  };
  noisy->train_targets = (noisy->targets + 2) % kGridTokens;  // every label is wrong
  input.data = noisy;
  const Frame frame = look_at_answers(input);
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < 25; ++i) {
    const auto truth = static_cast<float>((i / 5 + i % 5) % 5);
    const auto label = static_cast<float>((static_cast<int>(truth) + 2) % 5);
    EXPECT_EQ(array(frame, "target").values[i], is_train(i) ? label : truth) << i;
    EXPECT_EQ(array(frame, "true_target").values[i], truth) << i;
    right += array(frame, "guess").values[i] == array(frame, "target").values[i] ? 1 : 0;
  }
  EXPECT_DOUBLE_EQ(value(frame, "right_share"), static_cast<double>(right) / 25.0);
  EXPECT_EQ(value(frame, "wrong_labels"), 10.0);
  EXPECT_EQ(look_at_answers(grid_input()).scalars.count("wrong_labels"), 0u) << "where all labels are true";
}

TEST(Answers, GivenLogitsEqualAForwardPass) {
  ProbeInput input = grid_input();
  const Frame forward = look_at_answers(input);
  input.logits = std::static_pointer_cast<const planted::PlantedModel>(input.model)->table;
  EXPECT_TRUE(planted::same(forward, look_at_answers(input)));
}

TEST(Answers, PairsThatDoNotExistAndTokensWithAnOffset) {
  ProbeInput input = grid_input();
  auto data = std::make_shared<Dataset>();
  data->left_tokens = 2;
  data->right_tokens = 3;
  data->class_count = 2;
  data->pool_size = 4;
  inputs_as<PairInputs>(data->inputs).pairs = at::empty({4, 2}, at::kLong);
  const std::int64_t pairs[4][2] = {{0, 2}, {0, 3}, {1, 2}, {1, 4}};  // b has tokens 2, 3, 4
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 2; ++j) inputs_as<PairInputs>(data->inputs).pairs[i][j] = pairs[i][j];
  }
  data->targets = data->train_targets = at::zeros({4}, at::kLong);
  input.data = data;
  input.split = std::make_shared<Split>(4, 0, 1, 2);
  input.logits = at::zeros({4, 2});
  input.logits.select(1, 0).fill_(1.0);
  const Frame frame = look_at_answers(input);
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(array(frame, "guess").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(array(frame, "guess").values, (std::vector<float>{0, 0, -1, 0, -1, 0}));
  EXPECT_EQ(array(frame, "membership").values[2], -1.0F);
  EXPECT_EQ(array(frame, "confidence").values[4], 0.0F);
  EXPECT_EQ(array(frame, "top_classes").values[2], -1.0F);  // there are two classes only
}

TEST(Answers, SquaredErrorOutputsAreProbabilitiesThemselves) {
  ProbeInput input = grid_input();
  input.config.loss.kind = "mse";
  input.logits = at::full({25, 5}, -0.5);
  input.logits.select(1, 0).fill_(0.25);
  const Frame frame = look_at_answers(input);
  EXPECT_EQ(frame.texts.at("probability"), "clamped output");
  EXPECT_EQ(array(frame, "confidence").values[0], 0.25F);
  EXPECT_EQ(array(frame, "confidence").values[1], 0.0F);
}

TEST(Answers, DivergedLogits) {
  ProbeInput input = grid_input();
  input.logits = at::zeros({25, 5});
  input.logits[3][2] = std::nan("");
  EXPECT_NE(look_at_answers(input).not_applicable.find("diverged"), std::string::npos);
}

ProbeInput picture_input(std::int64_t train_count) {
  auto data = std::make_shared<Dataset>();
  data->inputs = ImageInputs{};
  data->pool_size = 200;
  data->held_out = 100;
  data->class_count = 10;
  inputs_as<ImageInputs>(data->inputs).height = inputs_as<ImageInputs>(data->inputs).width = 2;
  inputs_as<ImageInputs>(data->inputs).pixels = at::zeros({300, 4});
  inputs_as<ImageInputs>(data->inputs).pixels.select(1, 0).copy_(at::arange(300));
  data->targets = data->train_targets = at::arange(300, at::kLong) % 10;
  auto model = std::make_shared<planted::PlantedModel>(1);
  model->table = at::zeros({300, 10});
  model->table.select(1, 3).fill_(20.0);
  return planted::input_of(data, model, train_count);
}

TEST(Answers, PicturesAreHalfTrainingHalfTest) {
  const Frame frame = look_at_answers(picture_input(80));
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(frame.texts.at("kind"), "images");
  const Array samples = array(frame, "samples");
  ASSERT_EQ(samples.shape, (std::vector<std::int64_t>{64, 2, 2}));
  std::set<float> names;
  for (std::int64_t i = 0; i < 64; ++i) {
    const float name = samples.values[4 * i];
    names.insert(name);
    EXPECT_EQ(name >= 200.0F, i >= 32);
    EXPECT_EQ(array(frame, "sample_membership").values[i], i < 32 ? 0.0F : 2.0F);
    EXPECT_EQ(array(frame, "sample_target").values[i], static_cast<float>(static_cast<int>(name) % 10));
    EXPECT_EQ(array(frame, "sample_guess").values[i], 3.0F);
    EXPECT_NEAR(array(frame, "sample_confidence").values[i], static_cast<int>(name) % 10 == 3 ? 1.0 : 0.0,
                1e-6);
  }
  EXPECT_EQ(names.size(), 64u);
}

TEST(Answers, PicturesStayWhenTheSplitChanges) {
  const ProbeInput before = picture_input(80);
  ProbeInput after = before;
  auto split = std::make_shared<Split>(*before.split);
  split->set_train_count(20);
  after.split = split;
  EXPECT_EQ(array(look_at_answers(before), "samples").values,
            array(look_at_answers(after), "samples").values);
  const Array membership = array(look_at_answers(after), "sample_membership");
  EXPECT_EQ(std::count(membership.values.begin(), membership.values.end(), 0.0F), 20);
  EXPECT_EQ(std::count(membership.values.begin(), membership.values.end(), 1.0F), 12);
}

}  // namespace
}  // namespace grokscope
