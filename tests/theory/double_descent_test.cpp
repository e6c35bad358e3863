// The closed forms of double descent against other ways to compute the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "theory/linear_regression.h"
#include "theory/random_features.h"
#include "theory/two_scale.h"

namespace grokscope::theory {
namespace {

/// Beyond three of n the risk has a variance: means of drawn training sets are within their error there.
TEST(LinearRegression, DrawnTrainingSetsAgreeWithTheFormulaAtEveryD) {
  const LinearRegression problem{.examples = 30, .features = 60, .noise = 0.5, .norm = 2.0, .decay = 0.75};
  std::vector<std::int64_t> counts;
  for (std::int64_t d = 1; d <= problem.features; ++d) {
    if (std::abs(d - problem.examples) > 5) counts.push_back(d);
  }
  std::vector<RunningMean> means(counts.size());
  for (std::int64_t trial = 0; trial < 800; ++trial) {
    const auto risks = drawn_risks(problem, counts, 3, trial);
    for (std::size_t i = 0; i < counts.size(); ++i) means[i].add(risks[i]);
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = expected_risk(problem, counts[i]), error = means[i].standard_error();
    EXPECT_NEAR(means[i].mean(), expected, 4.0 * error) << counts[i];
    EXPECT_LT(error, 0.1 * expected) << counts[i];  // or the line above says nothing
  }
}

TEST(LinearRegression, TheMeanDoesNotExistAroundN) {
  const LinearRegression problem{.examples = 30, .features = 60};
  for (const std::int64_t d : {29, 30, 31}) EXPECT_TRUE(std::isinf(expected_risk(problem, d)));
  EXPECT_TRUE(std::isfinite(expected_risk(problem, 28)));
  EXPECT_TRUE(std::isfinite(expected_risk(problem, 32)));
}

TEST(LinearRegression, CoefficientsHaveTheirNormAndDecay) {
  const LinearRegression problem{.features = 50, .norm = 3.0, .decay = 1.5};
  const auto beta = coefficients_of(problem);
  double sum = 0.0;
  for (const double one : beta) sum += one * one;
  EXPECT_NEAR(sum, 9.0, 1e-12);
  EXPECT_NEAR(beta[0] * beta[0] / (beta[3] * beta[3]), std::pow(4.0, 1.5), 1e-9);
}

TEST(RunningMean, IsThatOfTheTextbook) {
  RunningMean mean;
  for (const double value : {1.0, 2.0, 4.0, 9.0}) mean.add(value);
  EXPECT_NEAR(mean.mean(), 4.0, 1e-12);
  EXPECT_NEAR(mean.standard_error(), std::sqrt(38.0 / 3.0 / 4.0), 1e-12);
}

/// Descent made step by step, at rates below and above 1/λ.
TEST(TwoScale, EqualsDescentStepByStep) {
  const TwoScale model({.examples = 40, .fast = 12, .slow = 5}, 2);
  const double fastest = 2.0 / model.largest_curvature();
  for (const double rate : {0.1 * fastest, 0.45 * fastest, 0.9 * fastest}) {
    for (const std::int64_t steps : {1, 2, 7, 300}) {
      const auto closed = model.weights_after(static_cast<double>(steps), rate);
      const auto made = model.descended(steps, rate);
      for (std::size_t i = 0; i < made.size(); ++i)
        EXPECT_NEAR(closed[i], made[i], 1e-9 * (1.0 + std::abs(made[i]))) << steps << ' ' << rate;
    }
  }
}

TEST(TwoScale, RiskBeginsWithTheWholeSignalAndFallsWithoutNoise) {
  const TwoScaleProblem problem{.examples = 300, .fast = 20, .slow = 10, .noise = 0.0};
  const TwoScale model(problem, 0);
  const TwoScaleRisk begin = model.risk_after(0.0, 0.1);
  EXPECT_NEAR(begin.fast, 4.0, 1e-9);                  // |θ|² s² of the fast
  EXPECT_NEAR(begin.slow, 900.0 * 0.05 * 0.05, 1e-9);  // of the slow
  EXPECT_LT(model.risk_after(1e7, 0.1).total(), 1e-9);
  EXPECT_LT(model.train_loss_after(1e7, 0.1), 1e-9);
}

TEST(RandomFeatures, InterpolateFromNOnAndPeakThere) {
  RandomFeatures features(gaussian_mixture(150, 400, 1), 5.0, 1);
  const FeatureFit few = features.fit(40), at = features.fit(150), many = features.fit(900);
  EXPECT_GT(few.train_error, 0.0);
  EXPECT_EQ(at.train_error, 0.0);
  EXPECT_EQ(many.train_error, 0.0);
  EXPECT_GT(at.test_error, few.test_error);
  EXPECT_GT(at.test_error, many.test_error);
  EXPECT_GT(at.norm, 5.0 * many.norm);
  EXPECT_EQ(many.rank, 150);
}

TEST(RandomFeatures, DoNotDependOnWhatWasAskedBefore) {
  RandomFeatures one(gaussian_mixture(60, 100, 1), 5.0, 1), other(gaussian_mixture(60, 100, 1), 5.0, 1);
  static_cast<void>(one.fit(700));
  EXPECT_EQ(one.fit(40).test_mse, other.fit(40).test_mse);
}

TEST(RandomFeatures, WrongLabelsAreAsManyAsAskedForAndWrong) {
  Classification clean = gaussian_mixture(4000, 1, 5), noisy = clean;
  add_label_noise(noisy, 0.3, 5);
  std::size_t changed = 0;
  for (std::size_t i = 0; i < clean.train_class.size(); ++i) {
    changed += clean.train_class[i] != noisy.train_class[i] ? 1 : 0;
    EXPECT_TRUE(noisy.train_class[i] >= 0 && noisy.train_class[i] < 10);
  }
  EXPECT_NEAR(static_cast<double>(changed) / 4000.0, 0.3, 0.03);
}

TEST(RandomFeatures, ImagesAreTakenFromTheirOwnHalf) {
  LabelledImages images{.name = "two",
                        .pixels = 2,
                        .train_count = 3,
                        .bytes = {},
                        .classes = {0, 1, 0, 1, 1},
                        .class_count = 2};
  for (int i = 0; i < 5; ++i) images.bytes += std::string(2, static_cast<char>(51 * i));
  const auto problem = classification_of(images, 3, 2, 0);
  ASSERT_TRUE(problem);
  std::vector<double> train = problem->train, test = problem->test;
  std::sort(train.begin(), train.end());
  std::sort(test.begin(), test.end());
  EXPECT_EQ(train, (std::vector<double>{0.0, 0.0, 0.2, 0.2, 0.4, 0.4}));
  EXPECT_EQ(test, (std::vector<double>{153 / 255.0, 153 / 255.0, 0.8, 0.8}));
  EXPECT_FALSE(classification_of(images, 4, 1, 0));
  EXPECT_FALSE(classification_of(images, 1, 3, 0));
}

}  // namespace
}  // namespace grokscope::theory
