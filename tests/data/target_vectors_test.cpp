// Target vectors by hand: squared errors, what is right, and the two tasks that have them.
#include "data/target_vectors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "base/random.h"

namespace grokscope {
namespace {

at::Tensor rows_of(std::initializer_list<float> values, std::int64_t width) {
  at::Tensor rows = at::empty({static_cast<std::int64_t>(values.size()) / width, width}, at::kFloat);
  std::copy(values.begin(), values.end(), rows.data_ptr<float>());
  return rows;
}

TEST(TargetVectors, LossAndGradientByHand) {
  const at::Tensor vectors = rows_of({0, 0, 3, 4}, 2), targets = at::ones({1}, at::kLong);
  at::Tensor gradient;
  const at::Tensor losses = vector_losses(rows_of({1, 8}, 2), targets, vectors, 0.5, &gradient);
  EXPECT_DOUBLE_EQ(losses[0].item<double>(), (4.0 + 16.0) / 2.0);
  EXPECT_FLOAT_EQ(gradient[0][0].item<float>(), 0.5f * 2.0f * -2.0f / 2.0f);
  EXPECT_FLOAT_EQ(gradient[0][1].item<float>(), 0.5f * 2.0f * 4.0f / 2.0f);
}

TEST(TargetVectors, RightIsBelowTheToleranceOrTheNearest) {
  const at::Tensor vectors = rows_of({0, 0, 2, 0, 2, 0}, 2);
  const auto right = [&](std::initializer_list<float> output, std::int64_t target, double tolerance) {
    const at::Tensor targets = at::full({1}, target, at::kLong);
    return vector_right(rows_of(output, 2), targets, vectors, tolerance)[0].item<bool>();
  };
  EXPECT_TRUE(right({0.9f, 0.0f}, 0, 0.0));
  EXPECT_FALSE(right({1.1f, 0.0f}, 0, 0.0));
  EXPECT_TRUE(right({1.1f, 0.0f}, 1, 0.0));
  EXPECT_FALSE(right({1.1f, 0.0f}, 2, 0.0));   // as near as an earlier one
  EXPECT_TRUE(right({0.2f, 0.0f}, 0, 0.021));  // mean of 0.04 and 0 is 0.02
  EXPECT_FALSE(right({0.2f, 0.0f}, 0, 0.019));
  EXPECT_FALSE(right({std::nanf(""), 0.0f}, 0, 0.0));
  EXPECT_FALSE(right({std::nanf(""), 0.0f}, 0, 10.0));
}

TEST(TargetVectors, ScoresAreHalfTheSquaredDistancesBelowZero) {
  const at::Tensor scores = vector_scores(rows_of({1, 1}, 2), rows_of({1, 3, 4, 5}, 2));
  EXPECT_NEAR(scores[0][0].item<double>(), -2.0, 1e-12);
  EXPECT_NEAR(scores[0][1].item<double>(), -12.5, 1e-12);
}

TEST(TargetVectors, ConstantGuessIsTheVarianceOfTheAnswers) {
  const at::Tensor targets = at::arange(2, at::kLong);
  EXPECT_NEAR(constant_guess_loss(targets, rows_of({0, 1, 4, 1}, 2)), (4.0 + 0.0) / 2.0, 1e-12);
  EXPECT_TRUE(std::isnan(constant_guess_loss(targets.narrow(0, 0, 0), rows_of({0, 1}, 2))));
}

/// The layer of the teacher as at:: operations, drawn in the documented order: W (in, out), then b.
at::Tensor teacher_layer(const at::Tensor& x, std::int64_t out, RandomStream& random) {
  const std::int64_t in = x.size(1);
  at::Tensor W = at::empty({in, out}, at::kDouble), b = at::empty({out}, at::kDouble);
  const double bound = 1.0 / std::sqrt(static_cast<double>(in));
  for (at::Tensor* tensor : {&W, &b}) {
    for (std::int64_t i = 0; i < tensor->numel(); ++i)
      tensor->data_ptr<double>()[i] = (2.0 * random.uniform() - 1.0) * bound;
  }
  return at::addmm(b, x, W);
}

TEST(TeacherStudent, AnswersAreTheTeachersOwn) {
  const auto made = make_dataset({.kind = "teacher_student"}, 7);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const Dataset& data = **made;
  EXPECT_EQ(kind_of(data.inputs), InputKind::features);
  EXPECT_EQ(rows_of_numbers(data.inputs).sizes(), (at::IntArrayRef{200, 5}));
  EXPECT_EQ(data.target_vectors.sizes(), (at::IntArrayRef{200, 5}));
  EXPECT_EQ(data.pool_size, 200);
  EXPECT_EQ(data.class_count, 5);
  EXPECT_TRUE(is_regression(data));
  EXPECT_DOUBLE_EQ(data.tolerance, 0.01);
  EXPECT_TRUE(at::equal(data.targets, at::arange(200, at::kLong)));
  RandomStream random(7, "teacher");
  at::Tensor x = rows_of_numbers(data.inputs).to(at::kDouble);
  x = at::tanh(teacher_layer(x, 100, random));
  x = at::tanh(teacher_layer(x, 100, random));
  x = teacher_layer(x, 5, random);
  EXPECT_LT((x - data.target_vectors).abs().max().item<double>(), 1e-6);
}

TEST(TeacherStudent, InputsAreNormalAndDifferBySeed) {
  const auto many = make_dataset({.kind = "teacher_student", .examples = 20000}, 1);
  const at::Tensor x = rows_of_numbers((*many)->inputs).to(at::kDouble);
  EXPECT_NEAR(x.mean().item<double>(), 0.0, 0.02);
  EXPECT_NEAR(x.square().mean().item<double>(), 1.0, 0.03);
  EXPECT_NEAR((x.abs() < 1.0).to(at::kDouble).mean().item<double>(), 0.6827, 0.01);
  const auto other = make_dataset({.kind = "teacher_student", .examples = 20000}, 2);
  EXPECT_FALSE(at::equal(rows_of_numbers((*many)->inputs), rows_of_numbers((*other)->inputs)));
}

TEST(TeacherStudent, LabelNoiseGivesTheAnswersOfOtherExamples) {
  const auto made = make_dataset({.kind = "teacher_student", .label_noise = 1.0}, 3);
  const Dataset& data = **made;
  EXPECT_FALSE(data.train_targets.eq(data.targets).any().item<bool>());
  EXPECT_GT(data.train_targets.max().item<std::int64_t>(), 5);
  EXPECT_LT(data.train_targets.max().item<std::int64_t>(), 200);
}

TEST(TeacherStudent, RefusesOneExample) {
  EXPECT_FALSE(make_dataset({.kind = "teacher_student", .examples = 1}, 0).ok());
}

TEST(Addition, HasEveryUnorderedPairOnceAndAVectorForEverySum) {
  const auto made = make_dataset({.kind = "addition", .modulus = 10}, 5);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const Dataset& data = **made;
  EXPECT_EQ(data.pool_size, 55);
  EXPECT_EQ(data.class_count, 19);
  EXPECT_EQ(data.token_count, 10);
  EXPECT_EQ(data.target_vectors.sizes(), (at::IntArrayRef{19, 30}));
  EXPECT_FALSE(is_regression(data));
  EXPECT_EQ(output_count(data, "mse"), 30);
  EXPECT_EQ(output_count(data, "cross_entropy"), 19);
  EXPECT_TRUE(at::equal(inputs_as<PairInputs>(data.inputs).pairs.sum(1), data.targets));
  EXPECT_TRUE(inputs_as<PairInputs>(data.inputs)
                  .pairs.select(1, 0)
                  .le(inputs_as<PairInputs>(data.inputs).pairs.select(1, 1))
                  .all()
                  .item<bool>());
  EXPECT_NEAR(data.target_vectors.square().mean().item<double>(), 1.0, 0.2);
  std::set<std::int64_t> seen;
  for (std::int64_t i = 0; i < 55; ++i)
    seen.insert(10 * inputs_as<PairInputs>(data.inputs).pairs[i][0].item<std::int64_t>() +
                inputs_as<PairInputs>(data.inputs).pairs[i][1].item<std::int64_t>());
  EXPECT_EQ(seen.size(), 55u);
}

}  // namespace
}  // namespace grokscope
