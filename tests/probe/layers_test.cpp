// Feature measures of planted covariances, ridge probes of planted classes, and the layers probe on a real
// network.
#include "probe/layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "probe/feature_measures.h"
#include "probe/layer_turns.h"
#include "probe/ridge_probe.h"
#include "small_network.h"

namespace grokscope {
namespace {

using planted::array;
using planted::mlp_input;
using planted::value;

constexpr double kEpsilon32 = std::numeric_limits<float>::epsilon();
constexpr double kEpsilon64 = std::numeric_limits<double>::epsilon();

/// (2 n, d) float64 whose covariance is exactly diag(variances) rotated: ± √(variance · (2 n − 1) / 2) along
/// each axis in turn, n = d.
at::Tensor with_variances(const std::vector<double>& variances) {
  const auto d = static_cast<std::int64_t>(variances.size());
  at::Tensor rows = at::zeros({2 * d, d}, at::kDouble);
  for (std::int64_t i = 0; i < d; ++i) {
    const double far =
        std::sqrt(variances[static_cast<std::size_t>(i)] * (2.0 * static_cast<double>(d) - 1.0) / 2.0);
    rows[2 * i][i] = far;
    rows[2 * i + 1][i] = -far;
  }
  const at::Tensor rotation = std::get<0>(at::linalg_qr(at::arange(d * d, at::kDouble).view({d, d}).sin()));
  return at::mm(rows, rotation);
}

TEST(FeatureMeasures, OfAPlantedCovariance) {
  const auto measures = feature_measures(with_variances({4.0, 2.0, 1.0, 1.0}) + 30.0, kEpsilon64);
  ASSERT_TRUE(measures);
  ASSERT_EQ(measures->eigenvalues.size(), 4u);
  EXPECT_NEAR(measures->eigenvalues[0], 4.0, 1e-9);
  EXPECT_NEAR(measures->eigenvalues[3], 1.0, 1e-9);
  EXPECT_EQ(measures->rank, 4.0);
  EXPECT_NEAR(measures->stable_rank, 2.0, 1e-9);
  EXPECT_NEAR(measures->participation_ratio, 64.0 / 22.0, 1e-9);
  const double entropy = 0.5 * std::log(2.0) + 0.25 * std::log(4.0) + 0.25 * std::log(8.0);
  EXPECT_NEAR(measures->effective_rank, std::exp(entropy), 1e-9);
  EXPECT_NEAR(measures->spectral_entropy, entropy / std::log(4.0), 1e-9);
}

TEST(FeatureMeasures, TheThresholdIsThatOfThePrecision) {
  // d = 4: 4 ε is 4.8e-7 in float32 and 8.9e-16 in float64.
  const at::Tensor features = with_variances({1.0, 1e-3, 1e-6, 1e-8});
  EXPECT_EQ(feature_measures(features, kEpsilon32)->rank, 3.0);
  EXPECT_EQ(feature_measures(features, kEpsilon64)->rank, 4.0);
}

TEST(FeatureMeasures, OneDirectionAndAllAlike) {
  const auto one = feature_measures(with_variances({3.0, 0.0, 0.0}), kEpsilon64);
  EXPECT_EQ(one->rank, 1.0);
  EXPECT_NEAR(one->spectral_entropy, 0.0, 1e-9);
  EXPECT_NEAR(feature_measures(with_variances({3.0, 3.0, 3.0}), kEpsilon64)->spectral_entropy, 1.0, 1e-9);
}

TEST(FeatureMeasures, SayNothingWhereThereIsNothing) {
  EXPECT_FALSE(feature_measures(at::full({30, 4}, 0.1), kEpsilon32)) << "a layer of constant output";
  EXPECT_FALSE(feature_measures(at::zeros({30, 4}), kEpsilon32)) << "dead units";
  EXPECT_FALSE(feature_measures(at::ones({1, 4}), kEpsilon32)) << "one example";
  at::Tensor broken = with_variances({1.0, 2.0});
  broken[0][0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(feature_measures(broken, kEpsilon64));
}

TEST(FeatureMeasures, AWidthOfOneHasNoEntropy) {
  const auto measures = feature_measures(with_variances({2.0}), kEpsilon64);
  ASSERT_TRUE(measures);
  EXPECT_EQ(measures->rank, 1.0);
  EXPECT_TRUE(std::isnan(measures->spectral_entropy));
}

/// (n, 3) features on which class k lies around the k-th axis; deterministic noise of the given size.
at::Tensor clouds(const at::Tensor& labels, double noise) {
  const at::Tensor axes = at::eye(3, at::kDouble);
  const at::Tensor waves = at::arange(labels.size(0) * 3, at::kDouble).mul(1.7).sin().view({-1, 3});
  return axes.index_select(0, labels) + noise * waves;
}

TEST(RidgeProbe, FindsWhatIsLinear) {
  const at::Tensor train = at::arange(90, at::kLong).remainder(3),
                   test = at::arange(60, at::kLong).remainder(3);
  const auto probe = ridge_probe(clouds(train, 0.2), train, clouds(test, 0.2), test, 3);
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->train_accuracy, 1.0);
  EXPECT_EQ(probe->test_accuracy, 1.0);
  EXPECT_EQ(probe->penalty, 1.0) << "the largest of those that do as well";
}

TEST(RidgeProbe, DoesNotFindWhatIsNotThere) {
  const at::Tensor train = at::arange(300, at::kLong).remainder(2),
                   test = at::arange(300, at::kLong).remainder(2);
  const at::Tensor noise = at::arange(600, at::kDouble).mul(0.37).sin().view({300, 2});
  const auto probe = ridge_probe(noise, train, noise.flip(0), test, 2);
  ASSERT_TRUE(probe);
  EXPECT_NEAR(probe->test_accuracy, 0.5, 0.12);
}

TEST(RidgeProbe, AClassWithoutASampleAndTooFewSamples) {
  const at::Tensor labels = at::arange(40, at::kLong).remainder(2);
  const auto probe = ridge_probe(clouds(labels, 0.1), labels, clouds(labels, 0.1), labels, 5);
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->test_accuracy, 1.0);
  EXPECT_FALSE(ridge_probe(clouds(labels, 0.1).narrow(0, 0, 5), labels.narrow(0, 0, 5), clouds(labels, 0.1),
                           labels, 2));
  EXPECT_FALSE(ridge_probe(at::ones({40, 3}), labels, at::ones({40, 3}), labels, 2)) << "constant features";
}

TEST(Layers, SeesEveryLayerOfAnMlp) {
  const Frame frame = look_at_layers(mlp_input(16, 3));
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(frame.texts.at("layers"), "hidden.1,hidden.2,hidden.3,output");
  for (const char* layer : {"hidden.1", "hidden.2", "hidden.3", "output"}) {
    SCOPED_TRACE(layer);
    const std::string name = layer;
    EXPECT_GT(value(frame, name + ".rank"), 3.0);
    EXPECT_GT(value(frame, name + ".weight_norm"), 0.1);
    EXPECT_GT(value(frame, name + ".entropy"), 0.0);
    EXPECT_LT(value(frame, name + ".entropy"), 1.0);
    EXPECT_EQ(array(frame, name + "/eigenvalues").values.front(), 1.0F);
    EXPECT_GE(value(frame, name + ".probe_train"), value(frame, name + ".probe_test"));
  }
  EXPECT_EQ(array(frame, "hidden.1/eigenvalues").values.size(), 16u);
  EXPECT_TRUE(std::isfinite(value(frame, "readout_gap")));
  EXPECT_EQ(frame.texts.count("probe_undefined"), 0u);
}

TEST(Layers, TakesPreActivations) {
  // All biases at -100: every unit is dead, and its pre-activations are as many-dimensional as before.
  ProbeInput input = mlp_input(16, 2);
  const double before = value(look_at_layers(input), "hidden.1.rank");
  planted::parameter(input, "hidden.1.b").fill_(-100.0);
  const Frame frame = look_at_layers(input);
  EXPECT_EQ(value(frame, "hidden.1.rank"), before);
  EXPECT_EQ(frame.texts.at("hidden.2.undefined"), "every example gives the same features");
  EXPECT_TRUE(std::isnan(value(frame, "hidden.2.rank")));
}

TEST(Layers, NotANumberInAWeightIsSaid) {
  ProbeInput input = mlp_input(4, 2);
  input.flat[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(look_at_layers(input).not_applicable,
            "Some weights are not finite at this step: training has diverged.");
}

TEST(Layers, TheSameLookTwice) {
  const ProbeInput input = mlp_input(8, 2);
  EXPECT_TRUE(planted::same(look_at_layers(input), look_at_layers(input)));
}

/// Three hidden layers and the answer, first all, then in three parts: {2}, {1}, {0, 3}.
constexpr double kWorkInThreeParts = 25'000.0;
constexpr const char* kFourLayers[] = {"hidden.1", "hidden.2", "hidden.3", "output"};

/// A look at the next part, at weights of its own.
Frame look_at_part(const Frame* before, std::int64_t number, ProbeInput& input) {
  input.flat = input.model->initial_parameters(static_cast<std::uint64_t>(100 + number));
  input.step = 10 * number;
  input.part = PartOfLook{number, before == nullptr ? nullptr : std::make_shared<const Frame>(*before),
                          kWorkInThreeParts};
  return look_at_layers(input);
}

/// Of a look at everything, at the weights of that part.
Frame whole_look(const ProbeInput& input) {
  ProbeInput whole = input;
  whole.part.reset();
  return look_at_layers(whole);
}

TEST(LayersInParts, EachSeesItsLayersAsALookAtAllOfThemWould) {
  ProbeInput input = mlp_input(16, 3);
  const std::vector<std::vector<std::size_t>> turns = {{0, 1, 2, 3}, {1}, {0, 3}, {2}, {1}};
  Frame before;
  for (std::size_t number = 0; number < turns.size(); ++number) {
    SCOPED_TRACE(number);
    const Frame frame =
        look_at_part(number == 0 ? nullptr : &before, static_cast<std::int64_t>(number), input);
    const Frame whole = whole_look(input);
    ASSERT_EQ(frame.not_applicable, "");
    EXPECT_EQ(frame.texts.at("parts"), "3");
    EXPECT_EQ(frame.texts.at("layers"), whole.texts.at("layers"));
    for (std::size_t layer = 0; layer < 4; ++layer) {
      SCOPED_TRACE(kFourLayers[layer]);
      const std::string name = kFourLayers[layer];
      const bool now = std::count(turns[number].begin(), turns[number].end(), layer) > 0;
      for (const char* measure : {".rank", ".stable", ".entropy", ".weight_norm"}) {
        EXPECT_EQ(frame.scalars.count(name + measure), now ? 1u : 0u)
            << measure << ": measured now or not at all";
        if (now) {
          EXPECT_EQ(value(frame, name + measure), value(whole, name + measure)) << measure;
        }
      }
      if (now) {
        EXPECT_EQ(value(frame, name + ".probe_test"), value(whole, name + ".probe_test"));
        EXPECT_EQ(array(frame, name + "/eigenvalues").values, array(whole, name + "/eigenvalues").values);
      } else {
        EXPECT_EQ(array(frame, name + "/eigenvalues").values, array(before, name + "/eigenvalues").values);
      }
    }
    before = frame;
  }
  EXPECT_EQ(before.texts.at("steps"), "20,40,30,20");
}

TEST(LayersInParts, TheBestReadOutIsMeasuredWhereTheAnswerIs) {
  ProbeInput input = mlp_input(16, 3);
  const Frame first = look_at_part(nullptr, 0, input), second = look_at_part(&first, 1, input);
  EXPECT_EQ(second.scalars.count("readout_gap"), 0u) << "nobody looked at the answer";
  EXPECT_EQ(second.texts.at("best_layer"), first.texts.at("best_layer"));
  const Frame third = look_at_part(&second, 2, input);
  ASSERT_EQ(third.scalars.count("best_probe_test"), 1u);
  const std::string best = third.texts.at("best_layer");
  const Frame whole = whole_look(input);
  EXPECT_EQ(value(third, "best_probe_test"), value(whole, best + ".probe_test")) << "measured at this step";
}

TEST(LayersInParts, WhyALayerHasNoSpectrumIsCarriedUntilItIsLookedAtAgain) {
  ProbeInput input = mlp_input(16, 3);
  Frame before;
  for (std::int64_t number = 0; number < 3; ++number) {
    input.flat = input.model->initial_parameters(1);
    planted::parameter(input, "hidden.1.b").fill_(-100.0);
    input.step = number;
    input.part =
        PartOfLook{number, number == 0 ? nullptr : std::make_shared<const Frame>(before), kWorkInThreeParts};
    before = look_at_layers(input);
  }
  EXPECT_EQ(before.texts.at("hidden.2.undefined"), "every example gives the same features");
  Frame alive = look_at_part(&before, 3, input);  // at hidden.3
  EXPECT_EQ(alive.texts.count("hidden.2.undefined"), 1u);
  alive = look_at_part(&alive, 4, input);  // at hidden.2
  EXPECT_EQ(alive.texts.count("hidden.2.undefined"), 0u);
}

TEST(LayersInParts, ASmallNetworkIsSeenAtOnce) {
  ProbeInput input = mlp_input(16, 3);
  input.part = PartOfLook{5, nullptr};
  const Frame frame = look_at_layers(input);
  EXPECT_EQ(frame.texts.count("parts"), 0u);
  EXPECT_TRUE(planted::same(frame, whole_look(input)));
}

TEST(LayerTurns, EveryLayerHasItsTurnInEachRound) {
  for (const std::size_t layers : {1u, 5u, 12u}) {
    for (const std::int64_t parts : {1, 3, 5}) {
      if (parts > static_cast<std::int64_t>(layers)) continue;
      std::vector<int> turns(layers, 0);
      for (std::int64_t number = 7 * parts; number < 8 * parts; ++number)
        for (const std::size_t layer : layers_in_part(layers, parts, number)) turns.at(layer) += 1;
      EXPECT_EQ(turns, std::vector<int>(layers, 1)) << layers << " in " << parts;
    }
  }
}

TEST(LayerTurns, AsManyPartsAsTheWorkNeedsButNotMoreThanLayers) {
  EXPECT_EQ(parts_of(std::vector<double>{1.0, 1.0, 1.0}, 10.0), 1);
  EXPECT_EQ(parts_of(std::vector<double>{4.0, 4.0, 4.0}, 10.0), 2);
  EXPECT_EQ(parts_of(std::vector<double>{100.0, 100.0, 1.0}, 10.0), 3);
  EXPECT_EQ(parts_of({}, 10.0), 1);
}

TEST(LayerTurns, StepsOfOtherLayersAreNone) {
  EXPECT_EQ(steps_of_text("3,x,-1", 3), (std::vector<std::int64_t>{3, kNeverLookedAt, kNeverLookedAt}));
  EXPECT_EQ(steps_of_text("3,4", 3), std::vector<std::int64_t>(3, kNeverLookedAt));
  EXPECT_EQ(text_of_steps(steps_of_text("3,40,-1", 3)), "3,40,-1");
}

}  // namespace
}  // namespace grokscope
