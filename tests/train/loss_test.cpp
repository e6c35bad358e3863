// Losses by hand, their precision at the end of training, and what counts as a right answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "train/torch_side/loss.h"

namespace grokscope {
namespace {

at::Tensor classes_of(std::initializer_list<std::int64_t> values) {
  at::Tensor result = at::empty({static_cast<std::int64_t>(values.size())}, at::kLong);
  std::copy(values.begin(), values.end(), result.data_ptr<std::int64_t>());
  return result;
}

at::Tensor row_of(std::initializer_list<float> values) {
  at::Tensor result = at::empty({1, static_cast<std::int64_t>(values.size())}, at::kFloat);
  std::copy(values.begin(), values.end(), result.data_ptr<float>());
  return result;
}

TEST(Loss, CrossEntropyByHand) {
  at::Tensor gradient;
  const at::Tensor loss =
      loss_rows(LossKind::cross_entropy, row_of({0.0f, std::log(3.0f)}), classes_of({0}), 10.0, &gradient);
  EXPECT_NEAR(loss[0].item<double>(), std::log(4.0), 1e-7);  // softmax = (1/4, 3/4)
  EXPECT_NEAR(gradient[0][0].item<double>(), 10.0 * (0.25 - 1.0), 1e-6);
  EXPECT_NEAR(gradient[0][1].item<double>(), 10.0 * 0.75, 1e-6);
}

TEST(Loss, StableMaxByHand) {
  // s(1, -1, 0) = (2, 1/2, 1), their sum 3.5; s' = (1, 1/4, 1).
  at::Tensor gradient;
  at::Tensor loss =
      loss_rows(LossKind::stablemax, row_of({1.0f, -1.0f, 0.0f}), classes_of({0}), 1.0, &gradient);
  EXPECT_NEAR(loss[0].item<double>(), 0.5596157879, 1e-9);          // log(3.5 / 2)
  EXPECT_NEAR(gradient[0][0].item<double>(), -0.2142857143, 1e-7);  // 1/3.5 - 1/2
  EXPECT_NEAR(gradient[0][1].item<double>(), 0.0714285714, 1e-7);   // 0.25/3.5
  EXPECT_NEAR(gradient[0][2].item<double>(), 0.2857142857, 1e-7);   // 1/3.5
  loss = loss_rows(LossKind::stablemax, row_of({1.0f, -1.0f, 0.0f}), classes_of({1}), 10.0, &gradient);
  EXPECT_NEAR(loss[0].item<double>(), 1.9459101491, 1e-9);          // log 7
  EXPECT_NEAR(gradient[0][1].item<double>(), -4.2857142857, 1e-6);  // 10 (0.25/3.5 - 0.25/0.5)
  // A logit of 1e6 leaves a gradient where softmax has none: 3 others of s = 1 share 1e6 + 4 with it.
  loss = loss_rows(LossKind::stablemax, row_of({1e6f, 0.0f, 0.0f, 0.0f}), classes_of({0}), 1.0, &gradient);
  EXPECT_NEAR(loss[0].item<double>() / 2.9999925e-6, 1.0, 1e-6);  // log1p(3 / 1000001)
  EXPECT_LT(gradient[0][0].item<double>(), -2.9e-12);
  EXPECT_NEAR(loss_rows(LossKind::stablemax, row_of({1.0f, -1.0f, 0.0f}), classes_of({0}), 1.0, nullptr)[0]
                  .item<double>(),
              0.5596157879, 1e-9);
}

TEST(Loss, CrossEntropyStaysExactWhereFloat32Stops) {
  at::Tensor gradient;
  const at::Tensor logits = row_of({30.0f, 0.0f});
  const at::Tensor loss = loss_rows(LossKind::cross_entropy, logits, classes_of({0}), 1.0, &gradient);
  EXPECT_NEAR(loss[0].item<double>() / std::exp(-30.0), 1.0, 1e-6);
  EXPECT_NEAR(gradient[0][0].item<double>() / -std::exp(-30.0), 1.0, 1e-6);  // float32 would give 0
  const at::Tensor hopeless =
      loss_rows(LossKind::cross_entropy, row_of({2000.0f, 0.0f}), classes_of({1}), 1.0, nullptr);
  EXPECT_EQ(hopeless[0].item<double>(), 2000.0);
}

TEST(Loss, CrossEntropyEqualsLogSoftmaxOnManyRows) {
  const at::Tensor index = at::arange(300 * 53, at::kFloat);  // more than one block, no multiple of a vector
  const at::Tensor logits = (at::sin(index * 0.91) * 12.0f).view({300, 53});
  const at::Tensor targets = at::remainder(at::arange(300, at::kLong) * 17, 53);
  at::Tensor gradient;
  const at::Tensor losses = loss_rows(LossKind::cross_entropy, logits, targets, 0.5, &gradient);
  const at::Tensor log_share = at::log_softmax(logits, 1, at::kDouble);
  EXPECT_LT((losses + log_share.gather(1, targets.unsqueeze(1)).squeeze(1)).abs().max().item<double>(),
            1e-12);
  const at::Tensor expected = 0.5 * (log_share.exp() - at::one_hot(targets, 53));
  EXPECT_LT((gradient.to(at::kDouble) - expected).abs().max().item<double>(), 1e-7);
}

TEST(Loss, MeanSquaredByHand) {
  at::Tensor gradient;
  const at::Tensor loss =
      loss_rows(LossKind::mean_squared, row_of({0.5f, 2.0f}), classes_of({1}), 1.0, &gradient);
  EXPECT_NEAR(loss[0].item<double>(), (0.25 + 1.0) / 2.0, 1e-12);
  EXPECT_NEAR(gradient[0][0].item<double>(), 0.5, 1e-7);
  EXPECT_NEAR(gradient[0][1].item<double>(), 1.0, 1e-7);
}

TEST(Loss, RightMeansTheFirstLargestLogitAndNeverNan) {
  const auto right = [](std::initializer_list<float> logits, std::int64_t target) {
    return right_rows(row_of(logits), classes_of({target}))[0].item<bool>();
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(right({1.0f, 3.0f, 2.0f}, 1));
  EXPECT_FALSE(right({1.0f, 3.0f, 2.0f}, 2));
  EXPECT_TRUE(right({3.0f, 3.0f}, 0));   // of equals the first,
  EXPECT_FALSE(right({3.0f, 3.0f}, 1));  // as argmax does
  EXPECT_FALSE(right({nan, nan}, 0));
  EXPECT_FALSE(right({1.0f, nan}, 0));
}

TEST(Loss, UnknownNamesAreUsageErrors) {
  EXPECT_EQ(loss_kind_from("hinge").error().exit_code(), 2);
  EXPECT_EQ(*loss_kind_from("mse"), LossKind::mean_squared);
}

}  // namespace
}  // namespace grokscope
