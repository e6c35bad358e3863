// The shapes of error curves, planted, and the sentence about each.
#include "history/descent.h"

#include <gtest/gtest.h>

#include <cmath>

namespace grokscope {
namespace {

std::vector<Sample> curve(std::initializer_list<double> errors) {
  std::vector<Sample> samples;
  for (const double error : errors) samples.push_back({static_cast<double>(samples.size() + 1), error});
  return samples;
}

TEST(Descent, FindsTheRiseBetweenTwoFalls) {
  const auto bump = largest_bump(curve({0.9, 0.3, 0.2, 0.25, 0.4, 0.3, 0.1, 0.12}));
  ASSERT_TRUE(bump);
  EXPECT_EQ(bump->valley.x, 3);
  EXPECT_EQ(bump->peak.x, 5);
  EXPECT_EQ(bump->after.x, 7);
  EXPECT_NEAR(bump->rise(), 0.2, 1e-12);
  EXPECT_NEAR(bump->fall(), 0.3, 1e-12);
}

TEST(Descent, ALargerRiseAtTheEndHidesNoBump) {
  const auto bump = largest_bump(curve({0.9, 0.2, 0.3, 0.1, 0.15, 0.5}));
  ASSERT_TRUE(bump);
  EXPECT_EQ(bump->peak.x, 3);
  EXPECT_EQ(bump->after.x, 4);
}

TEST(Descent, NothingOfASmallRise) {
  EXPECT_FALSE(largest_bump(curve({0.5, 0.3, 0.315, 0.2})));
  EXPECT_TRUE(largest_bump(curve({0.5, 0.3, 0.315, 0.2}), 0.01));
  EXPECT_FALSE(largest_bump({}));
}

TEST(Descent, PassesOverWhatIsNotFinite) {
  const auto bump = largest_bump(curve({0.9, NAN, 0.2, 0.4, INFINITY, 0.1}));
  ASSERT_TRUE(bump);
  EXPECT_EQ(bump->peak.x, 4);
}

TEST(Descent, DoubleDescentNeedsBothFalls) {
  EXPECT_TRUE(is_double_descent(curve({0.9, 0.2, 0.4, 0.1})));
  EXPECT_FALSE(is_double_descent(curve({0.9, 0.2, 0.4})));
  EXPECT_FALSE(is_double_descent(curve({0.2, 0.4, 0.1})));
  EXPECT_FALSE(is_double_descent(curve({0.9, 0.5, 0.1})));
}

TEST(Descent, SmoothingKeepsALineAndTheEnds) {
  const std::vector<Sample> line = curve({0.1, 0.2, 0.3, 0.4, 0.5});
  const std::vector<Sample> smooth = smoothed(line, 2);
  ASSERT_EQ(smooth.size(), 5u);
  for (std::size_t i = 0; i < line.size(); ++i) EXPECT_NEAR(smooth[i].y, line[i].y, 1e-12);
  EXPECT_NEAR(smoothed(curve({0, 0, 3, 0, 0}), 1)[2].y, 1.0, 1e-12);
  EXPECT_NEAR(smoothed(curve({0, 0, 3, 0, 0}), 1)[1].y, 1.0, 1e-12);
}

TEST(Descent, FallsToALevelBetweenTwoSamples) {
  EXPECT_NEAR(*falls_to(curve({0.3, 0.1}), 0.2, false), 1.5, 1e-12);
  EXPECT_NEAR(*falls_to(curve({0.3, 0.1}), 0.15, false), 1.75, 1e-12);
  EXPECT_NEAR(*falls_to(curve({0.3, 0.1}), 0.15, true), std::pow(2.0, 0.75), 1e-12);
  EXPECT_FALSE(falls_to(curve({0.3, 0.25}), 0.2, false));
  EXPECT_FALSE(falls_to(curve({0.1, 0.05}), 0.2, false)) << "it begins there";
}

TEST(Descent, TheLargestRiseMayBeAtTheEnd) {
  EXPECT_NEAR(largest_rise(curve({0.9, 0.2, 0.3, 0.1, 0.15, 0.5})), 0.4, 1e-12);
  EXPECT_EQ(largest_rise(curve({0.9, 0.5, 0.1})), 0.0);
  EXPECT_EQ(largest_rise({}), 0.0);
}

TEST(Descent, SaysWhatIsThere) {
  const auto said = [](std::initializer_list<double> errors, bool unfinished) {
    return descent_sentence(curve(errors), "step ", unfinished);
  };
  EXPECT_EQ(said({0.9, 0.2, 0.4, 0.1}, false),
            "Test error falls to 20.0 % at step 2, peaks at 40.0 % at step 3, and falls again to 10.0 % at "
            "step 4: lower than before.");
  EXPECT_EQ(said({0.9, 0.2, 0.4, 0.3}, true),
            "Test error falls to 20.0 % at step 2, peaks at 40.0 % at step 3, and falls again to 30.0 % at "
            "step 4: not lower than before.");
  EXPECT_EQ(
      said({0.9, 0.2, 0.4}, true),
      "Test error falls to 20.0 % at step 2 and rises from there to 40.0 % at step 3: there is no second "
      "descent so far.");
  EXPECT_EQ(
      said({0.2, 0.3, 0.4}, false),
      "Test error rises all the way, from 20.0 % at step 1 to 40.0 % at step 3: there is no second descent.");
  EXPECT_EQ(
      said({0.2, 0.4, 0.1}, false),
      "Test error rises from 20.0 % at step 1 to 40.0 % at step 2 and falls from there to 10.0 % at step 3: "
      "lower than before.");
  EXPECT_EQ(said({0.9, 0.5, 0.1}, false),
            "Test error falls all the way, from 90.0 % at step 1 to 10.0 % at step 3: there is no peak.");
  EXPECT_EQ(
      said({0.9, 0.5, 0.1}, true),
      "Test error falls all the way, from 90.0 % at step 1 to 10.0 % at step 3: there is no peak so far.");
  EXPECT_EQ(said({0.5, 0.5, 0.5}, false), "Test error stays at about 50.0 %: there is nothing to find here.");
  EXPECT_EQ(said({0.5}, true), "Too little is known yet to tell a shape.");
}

}  // namespace
}  // namespace grokscope
