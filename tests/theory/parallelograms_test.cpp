// Parallelograms, RQI and predicted accuracy by hand.
#include "theory/parallelograms.h"

#include <gtest/gtest.h>

#include <cmath>

namespace grokscope::theory {
namespace {

std::vector<double> line_of(std::int64_t tokens, double offset, double step) {
  std::vector<double> points;
  for (std::int64_t i = 0; i < tokens; ++i) points.push_back(offset + step * static_cast<double>(i));
  return points;
}

TEST(Parallelograms, AreCountedBySums) {
  // Sums 0..18 of ten digits have 1 1 2 2 3 3 4 4 5 5 5 4 4 3 3 2 2 1 1 unordered pairs: sum of n (n - 1)
  // / 2.
  EXPECT_EQ(all_pairs(10).size(), 55u);
  EXPECT_EQ(parallelograms_of(all_pairs(10)).size(), 70u);
  EXPECT_EQ(parallelograms_of(all_pairs(3)).size(), 1u);  // 0 + 2 = 1 + 1
  const std::vector<TokenPair> some = {{0, 3}, {1, 2}, {2, 2}, {1, 3}, {0, 4}};
  const auto found = parallelograms_of(some);
  EXPECT_EQ(found.size(), 1u + 3u);  // sum 3: two pairs; sum 4: three
  for (const Parallelogram& one : found)
    EXPECT_EQ(one.left.first + one.left.second, one.right.first + one.right.second);
}

TEST(Parallelograms, NormalisedHasMeanZeroAndVarianceOne) {
  const std::vector<double> values = {1, 10, 3, 30, 5, 20, 7, 0};
  const auto points = normalised({values, 4, 2});
  double squares = 0.0;
  for (const double point : points) squares += point * point;
  EXPECT_NEAR(squares / 6.0, 1.0, 1e-12) << "n - 1 of each of the two numbers, as torch.std()";
  EXPECT_NEAR(points[0] + points[2] + points[4] + points[6], 0.0, 1e-12);
  EXPECT_NEAR((points[2] - points[0]) / (points[3] - points[1]), 2.0 / 20.0, 1e-12);
}

TEST(Rqi, IsOneOnALineAndWhateverItsPlaceAndStretch) {
  for (const double step : {1.0, -0.01, 300.0})
    EXPECT_DOUBLE_EQ(representation_quality({line_of(10, 5.0, step), 10, 1}), 1.0);
  std::vector<double> plane;
  for (int i = 0; i < 6; ++i) plane.insert(plane.end(), {2.0 * i, 1.0 - 3.0 * i});
  EXPECT_DOUBLE_EQ(representation_quality({plane, 6, 2}), 1.0);
}

TEST(Rqi, CountsWhatIsKept) {
  // 0, 1, 2, 4: of the permissible ones for p = 4 (0+2=1+1, 0+3=1+2, 1+3=2+2) only the first holds.
  const std::vector<double> points = {0, 1, 2, 4};
  EXPECT_EQ(parallelograms_of(all_pairs(4)).size(), 3u);
  EXPECT_DOUBLE_EQ(representation_quality({points, 4, 1}), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(representation_quality({points, 4, 1}, 100.0), 1.0);
  EXPECT_DOUBLE_EQ(representation_quality({points, 4, 1}, 0.0), 0.0);
}

TEST(Rqi, TheThresholdIsOnTheSquaredGapOfNormalisedPoints) {
  // 0, 1, 2 + d: one parallelogram with gap d.
  const double d = 0.05;
  const std::vector<double> points = {0, 1, 2 + d};
  const double mean = (3 + d) / 3,
               deviation = std::sqrt(
                   ((0 - mean) * (0 - mean) + (1 - mean) * (1 - mean) + (2 + d - mean) * (2 + d - mean)) / 2);
  const double gap = d / deviation * d / deviation;
  EXPECT_EQ(representation_quality({points, 3, 1}, 1.001 * gap), 1.0);
  EXPECT_EQ(representation_quality({points, 3, 1}, 0.999 * gap), 0.0);
  EXPECT_TRUE(std::isnan(representation_quality({line_of(2, 0, 1), 2, 1})));
}

TEST(PredictedAccuracy, FollowsFromOneTrainingPairASum) {
  const std::vector<TokenPair> training = {{0, 2}, {0, 3}};
  // On a line 0+2 gives 1+1 and 0+3 gives 1+2: 4 of 10 pairs. With 0, 1, 2, 4 the second does not follow.
  EXPECT_DOUBLE_EQ(predicted_accuracy({line_of(4, 0, 1), 4, 1}, training), 0.4);
  const std::vector<double> bent = {0, 1, 2, 4};
  EXPECT_DOUBLE_EQ(predicted_accuracy({bent, 4, 1}, training), 0.3);
  EXPECT_DOUBLE_EQ(predicted_accuracy({bent, 4, 1}, all_pairs(4)), 1.0);
  EXPECT_DOUBLE_EQ(predicted_accuracy({bent, 4, 1}, {}), 0.0);
}

}  // namespace
}  // namespace grokscope::theory
