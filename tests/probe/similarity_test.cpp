// Linear CKA against its definition on features, and the similarity probe on a real network.
#include "probe/similarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "probe/kernel_similarity.h"
#include "small_network.h"

namespace grokscope {
namespace {

using planted::array;
using planted::mlp_input;
using planted::value;

at::Tensor waves(std::int64_t rows, std::int64_t columns, double pace) {
  return at::arange(rows * columns, at::kDouble).mul(pace).sin().view({rows, columns});
}

double cka(const at::Tensor& x, const at::Tensor& y) {
  return kernel_cosine(centred_gram(x, 1e-16), centred_gram(y, 1e-16));
}

TEST(LinearCka, IsThatOfTheFeatures) {
  const at::Tensor x = waves(30, 4, 0.71), y = waves(30, 7, 1.37) + 2.0;
  const at::Tensor xc = x - x.mean(0, true), yc = y - y.mean(0, true);
  const auto norm = [](const at::Tensor& a, const at::Tensor& b) {
    return at::mm(a.t(), b).norm().item<double>();
  };
  EXPECT_NEAR(cka(x, y), norm(yc, xc) * norm(yc, xc) / (norm(xc, xc) * norm(yc, yc)), 1e-12);
}

TEST(LinearCka, DoesNotSeeRotationsScalesAndShifts) {
  const at::Tensor x = waves(30, 4, 0.71);
  const at::Tensor rotation = std::get<0>(at::linalg_qr(waves(4, 4, 2.3)));
  EXPECT_NEAR(cka(x, at::mm(x, rotation) * 5.0 - 3.0), 1.0, 1e-12);
  EXPECT_LT(cka(x, x.square()), 0.999);
  EXPECT_FALSE(centred_gram(at::ones({30, 4}), 1e-7).defined());
}

TEST(Similarity, OfTheLayersOfARealNetwork) {
  ProbeInput input = mlp_input(16, 3);
  const Frame first = look_at_similarity(input);
  ASSERT_EQ(first.not_applicable, "");
  EXPECT_EQ(first.texts.at("layers"), "hidden.1,hidden.2,hidden.3,output");
  const Array layers = array(first, "layers");
  ASSERT_EQ(layers.shape, (std::vector<std::int64_t>{4, 4}));
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(layers.values[5 * i], 1.0, 1e-6);
    for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(layers.values[4 * i + j], layers.values[4 * j + i]);
  }
  EXPECT_LT(layers.values[3], layers.values[1])
      << "the answers are less like the first layer than the second is";
  EXPECT_EQ(first.texts.at("from_start_undefined"),
            "Not defined here, because the weights of step 0 are not known.");
  EXPECT_EQ(first.texts.at("from_before_undefined"), "Not defined here, because this is the first look.");
}

TEST(Similarity, FollowsALayerThroughTheRun) {
  ProbeInput input = mlp_input(16, 3);
  input.start = {input.flat.clone(), {}, 0};
  input.previous = {input.flat.clone(), {}, 30};
  planted::parameter(input, "hidden.1.W").mul_(2.0);
  planted::parameter(input, "hidden.1.b").mul_(2.0);
  ParameterViews then = views_of(input.model->layout(), input.previous.flat);
  then[4].neg_();  // hidden.3.W
  const Frame frame = look_at_similarity(input);
  EXPECT_NEAR(value(frame, "hidden.1.from_start"), 1.0, 1e-5) << "a scale only";
  EXPECT_LT(value(frame, "hidden.2.from_start"), 1.0 - 1e-6) << "its bias did not grow";
  EXPECT_NEAR(value(frame, "hidden.1.from_before"), 1.0, 1e-5);
  EXPECT_LT(value(frame, "hidden.3.from_before"), 0.99);
  EXPECT_EQ(value(frame, "before_step"), 30.0);
  EXPECT_EQ(value(frame, "samples"), 61.0);
  EXPECT_TRUE(planted::same(frame, look_at_similarity(input)));
}

TEST(Similarity, DeadLayersWidthOneAndNumbers) {
  ProbeInput dead = mlp_input(16, 2);
  planted::parameter(dead, "hidden.1.b").fill_(-100.0);
  const Frame none = look_at_similarity(dead);
  EXPECT_EQ(none.texts.count("hidden.1.undefined"), 1u);
  EXPECT_TRUE(std::isnan(array(none, "layers").values[0]));
  EXPECT_EQ(value(look_at_similarity(mlp_input(1, 1)), "samples"), 61.0);

  auto numbers = planted::addition(11);
  numbers->target_vectors = at::rand({11, 2});
  numbers->tolerance = 0.1;
  const Frame regression = look_at_similarity(planted::network_input(planted::mlp_config(4, 1), numbers, 60));
  EXPECT_EQ(regression.not_applicable, "") << "layers are compared without classes";
  ProbeInput broken = mlp_input(4, 1);
  broken.flat[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(look_at_similarity(broken).not_applicable, "");
}

TEST(Similarity, StopsWhenNobodyWaits) {
  const std::atomic<bool> cancelled{true};
  ProbeInput input = mlp_input(16, 2);
  input.cancelled = &cancelled;
  EXPECT_EQ(array(look_at_similarity(input), "layers").values.size(), 0u);
}

}  // namespace
}  // namespace grokscope
