// Ticks and ranges: 1-2-5, decades, labels, and axes that move only in steps.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "chart/scene.h"
#include "chart/ticks.h"

namespace grokscope {
namespace {

std::vector<std::string> labels(const Axis& axis, int most = 5) {
  std::vector<std::string> out;
  for (const Tick& tick : ticks_of(axis, most)) out.push_back(tick.label);
  return out;
}

using Labels = std::vector<std::string>;

TEST(Ticks, LinearSteps) {
  EXPECT_EQ(labels({.minimum = 0.0, .maximum = 1.0}), (Labels{"0", "0.5", "1.0"}));
  EXPECT_EQ(labels({.minimum = 0.0, .maximum = 4000.0}), (Labels{"0", "1 k", "2 k", "3 k", "4 k"}));
  EXPECT_EQ(labels({.minimum = -1.0, .maximum = 1.0}), (Labels{"−1.0", "−0.5", "0", "0.5", "1.0"}));
  EXPECT_EQ(labels({.minimum = 0.0, .maximum = 2e-6}),
            (Labels{"0", "0.5·10⁻⁶", "1.0·10⁻⁶", "1.5·10⁻⁶", "2.0·10⁻⁶"}));
}

TEST(Ticks, Percent) {
  EXPECT_EQ(labels({.minimum = 0.0, .maximum = 1.0, .percent = true}),
            (Labels{"0 %", "25 %", "50 %", "75 %", "100 %"}));
}

TEST(Ticks, IntegersStayWhole) {
  EXPECT_EQ(labels({.minimum = 0.0, .maximum = 2.0, .integer = true}), (Labels{"0", "1", "2"}));
}

TEST(Ticks, Decades) {
  const Axis loss{.scale = Scale::log, .minimum = 1e-6, .maximum = 100.0};
  EXPECT_EQ(labels(loss), (Labels{"10⁻⁶", "10⁻⁴", "10⁻²", "1", "100"}));
  EXPECT_EQ(labels({.scale = Scale::log, .minimum = 1.0, .maximum = 1e4}),
            (Labels{"1", "10", "100", "1 k", "10 k"}));
  EXPECT_EQ(log_label(1e6, true), "1 M");
  EXPECT_EQ(log_label(1e12, true), "10¹²");
  EXPECT_EQ(log_label(0.1, true), "0.1");
}

TEST(Ticks, OneTwoFiveInsideTwoDecades) {
  EXPECT_EQ(labels({.scale = Scale::log, .minimum = 1.0, .maximum = 10.0}), (Labels{"1", "2", "5", "10"}));
  EXPECT_EQ(labels({.scale = Scale::log, .minimum = 0.02, .maximum = 0.5}),
            (Labels{"0.02", "0.05", "0.1", "0.2", "0.5"}));
  EXPECT_GE(labels({.scale = Scale::log, .minimum = 3.0, .maximum = 4.0}).size(), 2u);
}

TEST(Ticks, NeverTooManyNeverOutsideNeverTwice) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> mantissa(1, 10);
  for (int i = 0; i < 4000; ++i) {
    const double scale = std::pow(10.0, static_cast<int>(random() % 24) - 12);
    Axis axis{.scale = random() % 2 == 0 ? Scale::linear : Scale::log};
    axis.minimum = mantissa(random) * scale * (axis.scale == Scale::linear && random() % 2 == 0 ? -1 : 1);
    axis.maximum =
        *axis.minimum + std::abs(*axis.minimum) * std::pow(10.0, static_cast<double>(random() % 90) / 10 - 2);
    const int most = 1 + static_cast<int>(random() % 5);
    const auto ticks = ticks_of(axis, most);
    EXPECT_LE(static_cast<int>(ticks.size()), most);
    const double slack = (*axis.maximum - *axis.minimum) * 1e-6;
    std::set<std::string> seen;
    for (const Tick& tick : ticks) {
      EXPECT_GE(tick.value, *axis.minimum - slack);
      EXPECT_LE(tick.value, *axis.maximum + slack);
      EXPECT_TRUE(seen.insert(tick.label).second)
          << tick.label << " twice in " << *axis.minimum << " … " << *axis.maximum;
    }
  }
}

TEST(Fitted, GrowsInSteps) {
  for (const Scale scale : {Scale::linear, Scale::log}) {
    int changes = 0;
    double before = 0;
    Extent extent;
    for (int step = 1; step <= 20000; ++step) {
      extent.include(step);
      const Axis axis = fitted({.scale = scale}, extent, false);
      EXPECT_GE(*axis.maximum, step);
      if (*axis.maximum != before) ++changes;
      before = *axis.maximum;
    }
    EXPECT_LE(changes, 50);
  }
}

TEST(Fitted, SpansNoMoreThanDoublesCanSubtractAndDivide) {
  Extent wild;
  for (const double value : {1e308, -1e308, 4.9e-324}) wild.include(value);
  const Axis linear = fitted({}, wild, false);
  EXPECT_TRUE(std::isfinite(*linear.maximum - *linear.minimum));
  EXPECT_FALSE(ticks_of(linear, 5).empty());
  const Axis log = fitted({.scale = Scale::log}, wild, false);
  EXPECT_TRUE(std::isfinite(*log.maximum / *log.minimum));
  EXPECT_FALSE(ticks_of(log, 5).empty());
  const Axis set = fitted({.minimum = -1e308, .maximum = 1e308}, wild, false);
  EXPECT_TRUE(std::isfinite(*set.maximum - *set.minimum));
}

TEST(Fitted, KeepsWhatIsSetAndIsNeverEmpty) {
  Extent extent;
  for (const double value : {0.0, -3.0, 5e-324, 1e280, 7.0}) {
    Extent one;
    one.include(value);
    for (const Scale scale : {Scale::linear, Scale::log}) {
      const Axis axis = fitted({.scale = scale}, one, false);
      EXPECT_LT(*axis.minimum, *axis.maximum) << value;
      EXPECT_TRUE(scale == Scale::linear || *axis.minimum > 0);
    }
  }
  const Axis set = fitted({.minimum = 2.0, .maximum = 3.0}, extent, false);
  EXPECT_EQ(*set.minimum, 2);
  EXPECT_EQ(*set.maximum, 3);
  const Axis bad = fitted({.scale = Scale::log, .minimum = -1.0, .maximum = 10.0}, extent, false);
  EXPECT_GT(*bad.minimum, 0);
}

TEST(Transform, GoesThereAndBack) {
  PlotTransform transform{{100, 50, 400, 200},
                          {.scale = Scale::log, .minimum = 1.0, .maximum = 1e4},
                          {.minimum = -1.0, .maximum = 3.0}};
  EXPECT_FLOAT_EQ(transform.px_from_x(100), 300);
  EXPECT_FLOAT_EQ(transform.px_from_y(-1), 250);
  EXPECT_NEAR(transform.x_from_px(transform.px_from_x(742)), 742, 0.1);
  EXPECT_NEAR(transform.y_from_px(transform.px_from_y(0.25)), 0.25, 1e-5);
  EXPECT_FLOAT_EQ(transform.px_from_x(0), 100);
  EXPECT_FLOAT_EQ(transform.px_from_x(-5), 100);
}

}  // namespace
}  // namespace grokscope
