// Median, spread and log-log slope against numbers worked out by hand.
#include "base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace grokscope {
namespace {

TEST(Statistics, MedianIsTheMiddleOrTheMeanOfTheMiddleTwo) {
  EXPECT_EQ(median_of({3, 1, 2}), 2);
  EXPECT_EQ(median_of({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median_of({7}), 7);
  EXPECT_EQ(median_of({}), 0);
}

TEST(Statistics, SpreadOfSevenBlocksWithOneSlowOne) {
  const double values[] = {10, 11, 9, 10, 12, 50, 10};
  const Spread spread = spread_of(values);
  EXPECT_EQ(spread.median, 10);
  EXPECT_EQ(spread.minimum, 9);
  EXPECT_EQ(spread.maximum, 50);
  EXPECT_EQ(spread.mad, 1);  // deviations 0 1 1 0 2 40 0
  EXPECT_EQ(spread.count, 7u);
}

TEST(Statistics, NothingGivesZeros) {
  const Spread spread = spread_of({});
  EXPECT_EQ(spread.count, 0u);
  EXPECT_EQ(spread.median, 0);
}

TEST(Statistics, SlopeIsTheExponent) {
  const double x[] = {1, 2, 4, 8};
  const double square[] = {3, 12, 48, 192}, root[] = {5, 5 * std::sqrt(2.0), 10, 10 * std::sqrt(2.0)};
  EXPECT_NEAR(log_log_slope(x, square), 2.0, 1e-12);
  EXPECT_NEAR(log_log_slope(x, root), 0.5, 1e-12);
  const double same[] = {2, 2, 2, 2};
  EXPECT_TRUE(std::isnan(log_log_slope(same, square)));
}

TEST(Statistics, ALineFitIsThatOfByHand) {
  const std::vector<double> x = {0.0, 1.0, 2.0, 3.0}, y = {1.0, 3.0, 2.0, 6.0};
  const LineFit fit = line_fit(x, y);
  EXPECT_NEAR(fit.slope, 1.4, 1e-12);
  EXPECT_NEAR(fit.intercept, 0.9, 1e-12);
  EXPECT_NEAR(fit.r_squared, 0.7, 1e-12);  // 1 - 4.2 / 14
  const std::vector<double> same = {2.0, 2.0, 2.0, 2.0};
  EXPECT_TRUE(std::isnan(line_fit(same, y).slope));
  EXPECT_TRUE(std::isnan(line_fit(x, same).r_squared));
  EXPECT_EQ(line_fit(x, same).slope, 0.0);
}

}  // namespace
}  // namespace grokscope
