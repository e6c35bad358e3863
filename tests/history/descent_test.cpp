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

std::string at(double x) {
  return "step " + std::to_string(std::lround(x));
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

TEST(Descent, SaysWhatIsThere) {
  EXPECT_EQ(descent_sentence(curve({0.9, 0.2, 0.4, 0.1}), at, false),
            "Test error falls to 20.0 % at step 2, rises to 40.0 % at step 3 and falls again to 10.0 % at "
            "step 4, lower "
            "than before.");
  EXPECT_EQ(descent_sentence(curve({0.9, 0.2, 0.4, 0.3}), at, false),
            "Test error falls to 20.0 % at step 2, rises to 40.0 % at step 3 and falls again to 30.0 % at "
            "step 4, but "
            "not as low as before.");
  EXPECT_EQ(descent_sentence(curve({0.9, 0.2, 0.4, 0.2}), at, false),
            "Test error falls to 20.0 % at step 2, rises to 40.0 % at step 3 and falls again to 20.0 % at "
            "step 4, about "
            "as low as before.");
  EXPECT_EQ(
      descent_sentence(curve({0.9, 0.2, 0.4}), at, true),
      "Test error falls to 20.0 % at step 2, rises to 40.0 % at step 3, and has not fallen again so far.");
  EXPECT_EQ(descent_sentence(curve({0.2, 0.4, 0.4}), at, false),
            "Test error rises from 20.0 % at step 1 to 40.0 % at step 2, and has not fallen again.");
  EXPECT_EQ(descent_sentence(curve({0.9, 0.5, 0.1}), at, false),
            "Test error only falls, to 10.0 % at step 3: no double descent here.");
  EXPECT_EQ(descent_sentence(curve({0.9, 0.5, 0.1}), at, true),
            "Test error only falls so far, to 10.0 % at step 3: no double descent here yet.");
  EXPECT_EQ(descent_sentence(curve({0.5, 0.5, 0.5}), at, false),
            "Test error hardly changes: 50.0 % at step 3.");
  EXPECT_EQ(descent_sentence(curve({0.5}), at, true), "Too little is known yet to tell a shape.");
}

}  // namespace
}  // namespace grokscope
