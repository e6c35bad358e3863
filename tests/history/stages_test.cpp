// Stages of made-up curves: one rise, two with a plateau between, falls, noise, outliers.
#include "history/stages.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace grokscope {
namespace {

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

/// Every 1 % more steps, up to `last`.
template <typename Curve>
std::vector<Stage> stages_of(const Curve& curve, std::int64_t last = 20'000) {
  StageDetector detector(0.1);
  for (std::int64_t step = 10; step <= last; step += std::max<std::int64_t>(1, step / 100)) {
    detector.see(step, curve(static_cast<double>(step)));
  }
  return {detector.stages().begin(), detector.stages().end()};
}

TEST(Stages, AFlatLineHasNone) {
  EXPECT_TRUE(stages_of([](double) { return 0.3; }).empty());
  EXPECT_TRUE(stages_of([](double step) { return 0.3 + 0.04 * std::sin(step); }).empty()) << "nor has noise";
}

TEST(Stages, OneRise) {
  const auto stages = stages_of([](double step) { return 0.1 + 0.8 * sigmoid((step - 2000.0) / 150.0); });
  ASSERT_EQ(stages.size(), 1u);
  EXPECT_TRUE(stages[0].rises);
  EXPECT_NEAR(static_cast<double>(stages[0].begin_step), 1500.0, 150.0);
  EXPECT_NEAR(static_cast<double>(stages[0].end_step), 2500.0, 300.0);
  EXPECT_NEAR(stages[0].from, 0.1, 0.04);
  EXPECT_NEAR(stages[0].to, 0.9, 0.02);
  EXPECT_GT(stages[0].known_step, stages[0].begin_step);
  EXPECT_GT(stages[0].closed_step, stages[0].end_step);
}

TEST(Stages, TwoRisesWithAPlateauBetween) {
  const auto stages = stages_of([](double step) {
    return 0.1 + 0.4 * sigmoid((step - 1000.0) / 50.0) + 0.45 * sigmoid((step - 6000.0) / 300.0);
  });
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_NEAR(stages[0].to, 0.5, 0.02);
  EXPECT_NEAR(stages[1].from, 0.5, 0.04);
  EXPECT_NEAR(stages[1].to, 0.95, 0.02);
  EXPECT_LT(stages[0].end_step, stages[1].begin_step);
}

TEST(Stages, ACreepBeforeItIsPartOfThePlateau) {
  const auto stages = stages_of(
      [](double step) { return 0.1 + 0.01 * std::log10(step) + 0.7 * sigmoid((step - 8000.0) / 400.0); });
  ASSERT_EQ(stages.size(), 1u);
  EXPECT_GT(stages[0].begin_step, 5000);
  EXPECT_NEAR(stages[0].from, 0.14, 0.01);
}

TEST(Stages, AFallAndARiseAgain) {
  const auto stages = stages_of([](double step) {
    return 1.0 - 0.6 * sigmoid((step - 1000.0) / 50.0) + 0.5 * sigmoid((step - 6000.0) / 300.0);
  });
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_FALSE(stages[0].rises);
  EXPECT_NEAR(stages[0].from, 1.0, 0.04);
  EXPECT_NEAR(stages[0].to, 0.4, 0.02);
  EXPECT_TRUE(stages[1].rises);
}

TEST(Stages, ASharpTurnEndsOne) {
  const auto stages = stages_of([](double step) { return step < 1000 ? 0.1 : step < 1100 ? 0.9 : 0.3; });
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_TRUE(stages[0].rises);
  EXPECT_FALSE(stages[1].rises);
}

TEST(Stages, OneOutlierAndWhatIsNoNumberChangeNothing) {
  StageDetector detector(0.1);
  for (std::int64_t step = 1; step < 500; ++step) {
    const bool outlier = step == 200;
    detector.see(step, outlier ? 0.9 : 0.2);
    detector.see(step, 0.9);  // the same step again
    if (step == 300) detector.see(step + 1, std::numeric_limits<double>::quiet_NaN());
  }
  EXPECT_TRUE(detector.stages().empty());
}

TEST(Stages, AreKnownWhenTheyAreKnown) {
  const auto stages = stages_of([](double step) { return 0.1 + 0.8 * sigmoid((step - 2000.0) / 150.0); });
  ASSERT_EQ(stages.size(), 1u);
  EXPECT_TRUE(stages_known_at(stages, stages[0].known_step - 1).empty());
  const auto open = stages_known_at(stages, stages[0].closed_step - 1);
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].end_step, -1);
  EXPECT_EQ(stages_known_at(stages, stages[0].closed_step)[0].end_step, stages[0].end_step);
}

}  // namespace
}  // namespace grokscope
