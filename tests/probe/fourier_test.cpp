// Planted embeddings: power shares, key frequencies, the circle, principal components; filters; what does not
// apply.
#include "probe/fourier.h"

#include <gtest/gtest.h>

#include <cmath>

#include "planted.h"
#include "probe/probe_tools.h"

namespace grokscope {
namespace {

using planted::array;
using planted::value;

constexpr std::int64_t kWaveTokens = 31;

ProbeInput embedding_input(const at::Tensor& embedding, std::int64_t p = kWaveTokens) {
  auto model = std::make_shared<planted::PlantedModel>(3);
  model->weights.token_embedding = embedding;
  return planted::input_of(planted::addition(p), model, 100);
}

TEST(Fourier, TwoPlantedFrequencies) {
  // Power p/2 a^2 for each component: 3^2 + 3^2 = 18 and 1 + 1 = 2.
  const Frame frame =
      look_at_fourier(embedding_input(planted::waves(kWaveTokens, {{5, 3.0, 3.0}, {11, 1.0, 1.0}}) + 10.0));
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(frame.probe, "fourier");
  EXPECT_EQ(frame.step, 42);
  EXPECT_EQ(frame.texts.at("kind"), "cyclic");
  const Array power = array(frame, "power");
  ASSERT_EQ(power.shape, (std::vector<std::int64_t>{15}));
  EXPECT_NEAR(power.values[4], 0.9, 1e-6);
  EXPECT_NEAR(power.values[10], 0.1, 1e-6);
  EXPECT_NEAR(array(frame, "cos_norm").values[4], 3.0 * std::sqrt(kWaveTokens / 2.0), 1e-5);
  EXPECT_NEAR(array(frame, "sin_norm").values[10], std::sqrt(kWaveTokens / 2.0), 1e-5);
  EXPECT_NEAR(array(frame, "sin_norm").values[0], 0.0, 1e-6);
  EXPECT_EQ(array(frame, "key_frequencies").values, (std::vector<float>{5.0F, 11.0F}));
  EXPECT_EQ(value(frame, "key_count"), 2.0);
  EXPECT_EQ(value(frame, "strongest"), 5.0);
  EXPECT_NEAR(value(frame, "key_share"), 1.0, 1e-12);
  EXPECT_NEAR(value(frame, "top8_share"), 1.0, 1e-12);
  // Norms 3, 3, 1, 1 and 26 zeros: half the sum of differences = 104 * 2 + ... = (2 * 26 * 8 + 2 * 4 * 2)
  // / 2.
  EXPECT_NEAR(value(frame, "gini"), (2 * 26 * 8 + 2 * 4 * 2) / (30.0 * 30.0) / (2 * 8 / 30.0), 1e-9);
}

TEST(Fourier, TheCircleIsACircle) {
  // Rotated and mirrored in feature space, with a weaker frequency and an offset: still the unit circle of
  // frequency 5.
  const at::Tensor plain = planted::waves(kWaveTokens, {{5, 2.0, 2.0}, {3, 0.7, 0.7}}) + 4.0;
  const at::Tensor mixed =
      at::matmul(plain, std::get<0>(at::linalg_qr(at::arange(16, at::kDouble).view({4, 4}).cos())));
  const Array circle = array(look_at_fourier(embedding_input(mixed)), "circle");
  ASSERT_EQ(circle.shape, (std::vector<std::int64_t>{kWaveTokens, 2}));
  for (std::int64_t n = 0; n < kWaveTokens; ++n) {
    const double angle = 2.0 * std::numbers::pi * 5.0 * static_cast<double>(n) / kWaveTokens;
    EXPECT_NEAR(circle.values[2 * n], std::cos(angle), 1e-5) << n;
    EXPECT_NEAR(circle.values[2 * n + 1], std::sin(angle), 1e-5) << n;
  }
}

TEST(Fourier, PrincipalComponentsHaveTheirVarianceAndSign) {
  const at::Tensor embedding = planted::waves(kWaveTokens, {{2, 4.0, 2.0}, {7, 1.0, 0.0}}) - 3.0;
  const Frame frame = look_at_fourier(embedding_input(embedding));
  const Array variance = array(frame, "pca_variance"), points = array(frame, "pca");
  EXPECT_NEAR(variance.values[0], 16.0 / 21.0, 1e-6);
  EXPECT_NEAR(variance.values[1], 4.0 / 21.0, 1e-6);
  EXPECT_NEAR(points.values[0], 4.0, 1e-5);  // token 0: 4 cos 0, and the largest loading is +1, not -1
  EXPECT_NEAR(points.values[1], 0.0, 1e-5);
  const Frame wide =
      look_at_fourier(embedding_input(at::cat({embedding, at::zeros({kWaveTokens, 60}, at::kDouble)}, 1)));
  for (std::size_t i = 0; i < points.values.size(); ++i) {
    EXPECT_NEAR(array(wide, "pca").values[i], points.values[i], 1e-5);  // the other Gram matrix
  }
}

TEST(Fourier, EvenOrderWithOnlyTheNyquistFrequency) {
  at::Tensor embedding = at::ones({12, 3});
  for (std::int64_t n = 1; n < 12; n += 2) embedding[n] = -1.0;
  const Frame frame = look_at_fourier(embedding_input(embedding, 12));
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(value(frame, "strongest"), 6.0);
  EXPECT_NEAR(array(frame, "power").values[5], 1.0, 1e-6);
  const Array circle = array(frame, "circle");
  EXPECT_NEAR(circle.values[0], 1.0, 1e-6);
  EXPECT_NEAR(circle.values[2], -1.0, 1e-6);
  EXPECT_NEAR(circle.values[1], 0.0, 1e-6);
}

TEST(Fourier, ConstantEmbeddingHasNoPower) {
  const Frame frame = look_at_fourier(embedding_input(at::full({kWaveTokens, 4}, 2.5)));
  ASSERT_EQ(frame.not_applicable, "");
  for (const float share : array(frame, "power").values) EXPECT_TRUE(std::isfinite(share));
  for (const float x : array(frame, "circle").values) EXPECT_TRUE(std::isfinite(x));
  EXPECT_EQ(value(frame, "key_count"), 0.0);
}

TEST(Fourier, ExtraTokensAreLeftOut) {
  const at::Tensor embedding = planted::waves(kWaveTokens, {{5, 1.0, 1.0}});
  const Frame plain = look_at_fourier(embedding_input(embedding));
  const Frame extra =
      look_at_fourier(embedding_input(at::cat({embedding, at::full({1, 2}, 99.0, at::kDouble)}, 0)));
  EXPECT_TRUE(planted::same(plain, extra));
  EXPECT_TRUE(planted::same(plain, look_at_fourier(embedding_input(embedding))));
}

TEST(Fourier, NotCyclicShowsTheSpectrum) {
  auto data = planted::addition(6);
  data->cyclic_order = 0;
  data->is_modular_addition = false;
  auto model = std::make_shared<planted::PlantedModel>(1);
  model->weights.token_embedding = at::zeros({6, 2});
  for (std::int64_t n = 0; n < 6; ++n) model->weights.token_embedding[n][0] = n % 2 == 0 ? 5.0 : 1.0;
  const Frame frame = look_at_fourier(planted::input_of(data, model, 10));
  EXPECT_EQ(frame.texts.at("kind"), "spectrum");
  EXPECT_NEAR(array(frame, "singular_values").values[0], 2.0 * std::sqrt(6.0),
              1e-5);  // centred: the offset 3 is gone
  EXPECT_EQ(frame.arrays.count("power"), 0u);
}

std::shared_ptr<Dataset> pictures() {
  auto data = std::make_shared<Dataset>();
  data->inputs = ImageInputs{};
  data->pool_size = 100;
  data->held_out = 60;
  data->class_count = 10;
  inputs_as<ImageInputs>(data->inputs).height = 2;
  inputs_as<ImageInputs>(data->inputs).width = 3;
  inputs_as<ImageInputs>(data->inputs).pixels = at::zeros({160, 6});
  data->targets = at::zeros({160}, at::kLong);
  data->train_targets = data->targets;
  return data;
}

TEST(Fourier, ImagesShowTheLargestFiltersInPlace) {
  auto model = std::make_shared<planted::PlantedModel>(1);
  model->weights.first_layer = at::zeros({50, 6});
  for (std::int64_t unit = 0; unit < 50; ++unit)
    model->weights.first_layer[unit][unit % 6] = -(unit < 14 ? 0.5 : 2.0 + unit);
  const Frame frame = look_at_fourier(planted::input_of(pictures(), model, 50));
  EXPECT_EQ(frame.texts.at("kind"), "filters");
  const Array filters = array(frame, "filters"), units = array(frame, "filter_units");
  ASSERT_EQ(filters.shape, (std::vector<std::int64_t>{36, 2, 3}));
  for (std::int64_t i = 0; i < 36; ++i) {
    EXPECT_EQ(units.values[i], static_cast<float>(14 + i));
    EXPECT_EQ(filters.values[i * 6 + (14 + i) % 6], -1.0F);
  }
}

TEST(Fourier, SaysWhyItDoesNotApply) {
  EXPECT_NE(look_at_fourier(ProbeInput{}).not_applicable, "");
  EXPECT_NE(look_at_fourier(embedding_input(at::Tensor{})).not_applicable.find("token embedding"),
            std::string::npos);
  ProbeInput diverged = embedding_input(planted::waves(kWaveTokens, {{5, 1.0, 1.0}}));
  diverged.flat[1] = std::nan("");
  EXPECT_NE(look_at_fourier(diverged).not_applicable.find("diverged"), std::string::npos);
  const ProbeInput broken = embedding_input(at::zeros({4}));  // LibTorch throws: one dimension only
  const Frame frame = look_at_fourier(broken);
  EXPECT_NE(frame.not_applicable, "");
  EXPECT_TRUE(frame.arrays.empty());
}

}  // namespace
}  // namespace grokscope
