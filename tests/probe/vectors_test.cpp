// The probes on tasks whose answers are vectors: regression (no classes), and classes with a vector each.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "planted.h"
#include "probe/answers.h"
#include "probe/fourier.h"
#include "probe/lu.h"
#include "probe/progress.h"
#include "probe/ranks.h"

namespace grokscope {
namespace {

using planted::array;
using planted::value;

constexpr std::int64_t kVectorExamples = 12;

/// Rows of numbers whose first is the example's own, answers (sin, cos); outputs: scale times the answers.
ProbeInput regression_input() {
  auto data = std::make_shared<Dataset>();
  data->inputs = FeatureInputs{};
  data->class_count = 2;
  data->pool_size = kVectorExamples;
  inputs_as<FeatureInputs>(data->inputs).rows = at::zeros({kVectorExamples, 3});
  inputs_as<FeatureInputs>(data->inputs).rows.select(1, 0).copy_(at::arange(kVectorExamples, at::kFloat));
  data->targets = data->train_targets = at::arange(kVectorExamples, at::kLong);
  const at::Tensor angle = at::arange(kVectorExamples, at::kFloat) * 0.9;
  data->target_vectors = at::stack({at::sin(angle), at::cos(angle)}, 1);
  data->tolerance = 0.01;
  auto model = std::make_shared<planted::PlantedModel>(1);
  model->table = data->target_vectors;
  model->planted_taps = {{"hidden.1", data->target_vectors}};
  ProbeInput input = planted::input_of(data, model, 6);
  input.config.loss.kind = "mse";
  input.config.task.kind = "teacher_student";
  return input;
}

TEST(VectorAnswers, RegressionSaysWhyThereIsNothingToShow) {
  const ProbeInput input = regression_input();
  EXPECT_EQ(look_at_answers(input).not_applicable,
            "The answers of this task are numbers, not classes: right means a squared error below the "
            "tolerance, so there is no grid of guesses to show.");
  EXPECT_EQ(
      look_at_fourier(input).not_applicable,
      "The inputs of this task are numbers, not tokens: there is no embedding to take apart into waves.");
  EXPECT_EQ(look_at_progress(input).not_applicable,
            "Restricted and excluded loss belong to a + b mod p; the answers of this task are numbers, not "
            "classes.");
  EXPECT_EQ(look_at_ranks(input).not_applicable, "");
  EXPECT_EQ(value(look_at_ranks(input), "hidden.1.numerical"), 2.0);
}

TEST(VectorAnswers, TheRayOfARegressionInClosedForm) {
  const Frame frame = look_at_lu(regression_input());  // outputs c · answer: error (c - 1)² |answer|² / 2
  ASSERT_EQ(frame.not_applicable, "");
  const Array scale = array(frame, "scale"), test = array(frame, "test_loss"),
              right = array(frame, "train_accuracy");
  for (std::size_t i = 0; i < scale.values.size(); ++i) {
    const double loss = (scale.values[i] - 1.0) * (scale.values[i] - 1.0) / 2.0;
    EXPECT_NEAR(test.values[i], loss, 1e-6);
    EXPECT_EQ(right.values[i], loss < 0.01 ? 1.0f : 0.0f);
  }
  // Chance is the variance of the answers, about 1/2; its valley holds the present point.
  EXPECT_LE(value(frame, "valley_low"), 1.0);
  EXPECT_GE(value(frame, "valley_high"), 1.0);
}

TEST(VectorAnswers, TheGridShowsTheNearestVector) {
  auto data = planted::addition(3);
  data->target_vectors = at::eye(3) * 2.0;
  auto model = std::make_shared<planted::PlantedModel>(1);
  model->pair_stride = 3;
  model->table = data->target_vectors.index_select(0, data->targets).clone();  // (9, 3): the very answers
  model->table[4] = at::eye(3)[0] * 2.0;                                       // pair (1, 1) is 2, says 0
  ProbeInput input = planted::input_of(data, model, 5);
  input.config.loss.kind = "mse";
  const Frame frame = look_at_answers(input);
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(frame.texts.at("probability"), "nearest vector");
  EXPECT_NEAR(value(frame, "right_share"), 8.0 / 9.0, 1e-12);
  EXPECT_EQ(array(frame, "guess").values[4], 0.0f);
  EXPECT_EQ(array(frame, "guess").values[5], 0.0f);  // 1 + 2 mod 3
  // The others are at a squared distance of 8: softmax of 0, -4, -4.
  EXPECT_NEAR(array(frame, "confidence").values[5], 1.0 / (1.0 + 2.0 * std::exp(-4.0)), 1e-6);
}

}  // namespace
}  // namespace grokscope
