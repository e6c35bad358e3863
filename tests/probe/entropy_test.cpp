// Spectral entropy of planted features, and of real networks with nothing to measure.
#include "probe/entropy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "small_network.h"

namespace grokscope {
namespace {

using planted::mlp_input;
using planted::value;

/// Features of which `alike` of 8 directions have one variance, the others none.
ProbeInput with_directions(std::int64_t alike) {
  auto data = planted::addition(5);
  auto model = std::make_shared<planted::PlantedModel>(1);
  at::Tensor features = at::zeros({2 * alike, 8}, at::kDouble);
  for (std::int64_t i = 0; i < alike; ++i) {
    features[2 * i][i] = 3.0;
    features[2 * i + 1][i] = -3.0;
  }
  model->planted_taps = {{"first", at::ones({2 * alike, 8})}, {"last", features}};
  return planted::input_of(data, model, 10);
}

TEST(Entropy, CountsTheDirectionsOfTheLastFeatures) {
  const Frame one = look_at_entropy(with_directions(1)), four = look_at_entropy(with_directions(4)),
              all = look_at_entropy(with_directions(8));
  EXPECT_NEAR(value(one, "spectral"), 0.0, 1e-9);
  EXPECT_NEAR(value(four, "spectral"), std::log(4.0) / std::log(8.0), 1e-9);
  EXPECT_NEAR(value(four, "participation"), 4.0, 1e-9);
  EXPECT_NEAR(value(all, "spectral"), 1.0, 1e-9);
  EXPECT_EQ(four.texts.at("layer"), "last");
  EXPECT_EQ(value(four, "features"), 8.0);
}

TEST(Entropy, TakesWhatComesAfterTheActivation) {
  ProbeInput dead = mlp_input(16, 2);
  EXPECT_GT(value(look_at_entropy(dead), "spectral"), 0.1);
  planted::parameter(dead, "hidden.2.b").fill_(-100.0);
  const Frame frame = look_at_entropy(dead);
  EXPECT_TRUE(std::isnan(value(frame, "spectral")));
  EXPECT_NE(frame.texts.at("undefined"), "");
}

TEST(Entropy, AWidthOfOneHasNone) {
  ProbeInput narrow = mlp_input(1, 1);
  planted::parameter(narrow, "hidden.1.b").fill_(10.0);  // alive
  const Frame frame = look_at_entropy(narrow);
  EXPECT_TRUE(std::isnan(value(frame, "spectral")));
  EXPECT_EQ(frame.texts.at("undefined"), "a single feature has no entropy");
  EXPECT_NEAR(value(frame, "participation"), 1.0, 1e-9);
}

}  // namespace
}  // namespace grokscope
