// Planted embeddings of plain addition: on a line, bent, in the plane; and what does not apply.
#include "probe/representation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "planted.h"

namespace grokscope {
namespace {

using planted::array;
using planted::value;

/// The ten unordered pairs of 0..3; the first `train` of the split are trained on.
ProbeInput representation_input(const at::Tensor& embedding, std::int64_t train) {
  auto data = std::make_shared<Dataset>();
  const std::int64_t p = embedding.size(0);
  std::vector<std::int64_t> pairs;
  for (std::int64_t a = 0; a < p; ++a) {
    for (std::int64_t b = a; b < p; ++b) pairs.insert(pairs.end(), {a, b});
  }
  data->left_tokens = data->right_tokens = data->token_count = p;
  data->class_count = 2 * p - 1;
  data->pool_size = static_cast<std::int64_t>(pairs.size() / 2);
  inputs_as<PairInputs>(data->inputs).pairs = at::tensor(pairs, at::kLong).view({-1, 2});
  data->targets = data->train_targets = inputs_as<PairInputs>(data->inputs).pairs.sum(1);
  auto model = std::make_shared<planted::PlantedModel>(1);
  model->weights.token_embedding = embedding;
  ProbeInput input = planted::input_of(data, model, train);
  input.config.task.kind = "addition";
  return input;
}

TEST(Representation, OfALine) {
  const at::Tensor line = at::arange(4, at::kDouble).unsqueeze(1) * -3.0 + 5.0;
  const Frame frame = look_at_representation(representation_input(line, 9));
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(value(frame, "rqi"), 1.0);
  EXPECT_NEAR(value(frame, "on_a_line"), 1.0, 1e-12);
  const Array places = array(frame, "line");
  ASSERT_EQ(places.shape, (std::vector<std::int64_t>{4}));
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(places.values[i], (i - 1.5) / std::sqrt(5.0 / 3.0), 1e-6);
  EXPECT_EQ(array(frame, "embedding").values[1], 2.0f);
}

TEST(Representation, OfABentLineCountsWhatStillFollows) {
  const at::Tensor bent = at::tensor({0.0, 1.0, 2.0, 4.0}, at::kDouble).unsqueeze(1);
  const ProbeInput input = representation_input(bent, 4);
  const Frame frame = look_at_representation(input);
  EXPECT_NEAR(value(frame, "rqi"), 1.0 / 3.0, 1e-12);
  // Only 0 + 2 = 1 + 1 is kept: of these two pairs one that is trained on gives the other.
  bool first = false, second = false;
  for (const std::int64_t example : input.split->train()) {
    const std::int64_t a = inputs_as<PairInputs>(input.data->inputs).pairs[example][0].item<std::int64_t>();
    const std::int64_t b = inputs_as<PairInputs>(input.data->inputs).pairs[example][1].item<std::int64_t>();
    first = first || (a == 0 && b == 2);
    second = second || (a == 1 && b == 1);
  }
  const double follows = first != second ? 1.0 : 0.0;
  EXPECT_NEAR(value(frame, "predicted_accuracy"), (4.0 + follows) / 10.0, 1e-12);
  EXPECT_NEAR(value(frame, "predicted_test_accuracy"), follows / 6.0, 1e-12);
}

TEST(Representation, InThePlaneTheFirstComponentIsThePlace) {
  at::Tensor plane = at::zeros({4, 2}, at::kDouble);
  plane.select(1, 0).copy_(at::arange(4, at::kDouble));
  plane[1][1] = 0.1;
  const Frame frame = look_at_representation(representation_input(plane, 5));
  EXPECT_GT(value(frame, "on_a_line"), 0.99);
  EXPECT_LT(value(frame, "on_a_line"), 1.0);
  EXPECT_LT(array(frame, "line").values[0], array(frame, "line").values[3]);
}

TEST(Representation, SaysWhereItDoesNotApply) {
  ProbeInput input = representation_input(at::rand({4, 1}, at::kDouble), 5);
  input.config.task.kind = "modular";
  EXPECT_EQ(look_at_representation(input).not_applicable,
            "Parallelograms i + j = m + n belong to plain addition (task.kind=addition; Liu et al. 2022, "
            "effective theory).");
  EXPECT_EQ(look_at_representation(representation_input(at::Tensor(at::zeros({4, 1})), 5)).probe,
            "representation");
}

}  // namespace
}  // namespace grokscope
