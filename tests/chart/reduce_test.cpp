// The reduced line against the full one: the same extremes in every pixel column, few points, breaks at NaN.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "chart/reduce.h"

namespace grokscope {
namespace {

constexpr double kForever = std::numeric_limits<double>::infinity();

PlotTransform transform_of(double x_low, double x_high, Scale x_scale, double y_low, double y_high) {
  return {{10, 20, 300, 200},
          {.scale = x_scale, .minimum = x_low, .maximum = x_high},
          {.minimum = y_low, .maximum = y_high}};
}

struct Column {
  float low = 1e9f, high = -1e9f;
  int points = 0;
};

std::map<int, Column> columns_of(const ReducedLine& line) {
  std::map<int, Column> columns;
  for (const auto& piece : line.pieces) {
    for (const Point& point : piece) {
      Column& column = columns[static_cast<int>(std::floor(point.x))];
      column.low = std::min(column.low, point.y);
      column.high = std::max(column.high, point.y);
      ++column.points;
    }
  }
  return columns;
}

TEST(Reduce, HasTheExtremesOfEveryColumn) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise;
  for (int trial = 0; trial < 60; ++trial) {
    const int count = 1 + static_cast<int>(random() % 20000);
    Series series;
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) {
      double y = noise(random);
      if (random() % 5000 == 0) y = 40;
      samples.push_back({static_cast<double>(i + 1), y});
      series.append(i + 1, y);
    }
    const Scale scale = random() % 2 == 0 ? Scale::log : Scale::linear;
    const auto transform = transform_of(1, count + 1.0, scale, -50, 50);
    std::map<int, Column> naive;
    for (const Sample& sample : samples) {
      Column& column = naive[static_cast<int>(std::floor(transform.px_from_x(sample.x)))];
      column.low = std::min(column.low, transform.px_from_y(sample.y));
      column.high = std::max(column.high, transform.px_from_y(sample.y));
    }
    for (const ReducedLine& line :
         {reduce_series(series, transform, kForever), reduce_samples(samples, transform, kForever)}) {
      const auto reduced = columns_of(line);
      float lowest = 1e9f, naive_lowest = 1e9f;
      int missed = 0;
      for (const auto& [px, column] : naive) {
        naive_lowest = std::min(naive_lowest, column.low);
        const auto found = reduced.find(px);
        if (found == reduced.end() || found->second.low != column.low || found->second.high != column.high)
          ++missed;
      }
      for (const auto& [px, column] : reduced) {
        lowest = std::min(lowest, column.low);
        EXPECT_LE(column.points, 8) << px;
      }
      // A sample whose place rounds to the border of two columns may count to either.
      EXPECT_LE(missed, static_cast<int>(naive.size()) / 40 + 2);
      EXPECT_EQ(lowest, naive_lowest);
    }
  }
}

TEST(Reduce, OneSampleSpikeInAMillionStays) {
  Series series;
  for (int i = 0; i < 1000000; ++i) series.append(i, i == 654321 ? 1.0 : 0.0);
  const auto transform = transform_of(0, 1e6, Scale::linear, 0, 1);
  const ReducedLine line = reduce_series(series, transform, kForever);
  std::size_t points = 0;
  float top = 1e9f;
  for (const auto& piece : line.pieces) {
    points += piece.size();
    for (const Point& point : piece) top = std::min(top, point.y);
  }
  EXPECT_FLOAT_EQ(top, 20);
  EXPECT_LE(points, 302u * 4);
}

/// Spikes of one sample at every zoom: drawing every sample would reach each spike's height in its pixel
/// column, so the reduced line must too (in the column beside it, when the place rounds to the border).
TEST(Reduce, ShowsEverySpikeAtEveryZoom) {
  constexpr int kCount = 300000;
  std::mt19937_64 random(5);
  std::map<int, double> spikes;
  for (int i = 0; i < 60; ++i) spikes[static_cast<int>(random() % kCount)] = 1.0 + 0.01 * i;
  Series series;
  for (int i = 0; i < kCount; ++i) {
    const auto spike = spikes.find(i);
    series.append(i + 1,
                  spike != spikes.end() ? spike->second : 0.1 * static_cast<double>(random() % 100) / 100);
  }
  for (int trial = 0; trial < 400; ++trial) {
    const double span = kCount * std::pow(0.5, static_cast<double>(random() % 14));
    const double low = 1 + static_cast<double>(random() % kCount) * (1 - span / kCount);
    const Scale scale = random() % 2 == 0 ? Scale::log : Scale::linear;
    const auto transform = transform_of(low, low + span, scale, 0, 2);
    const ReducedLine line = reduce_series(series, transform, kForever);
    std::size_t points = 0;
    for (const auto& piece : line.pieces) points += piece.size();
    EXPECT_LE(points, 302u * 4 + 8);
    for (const auto& [index, height] : spikes) {
      const double step = index + 1;
      if (step < low || step > low + span) continue;
      const Point wanted{transform.px_from_x(step), transform.px_from_y(height)};
      bool shown = false;
      for (const auto& piece : line.pieces) {
        for (const Point& point : piece)
          shown = shown || (point.y <= wanted.y && std::abs(point.x - wanted.x) <= 1.0f);
      }
      EXPECT_TRUE(shown) << "spike at step " << step << " between " << low << " and " << low + span;
    }
  }
}

/// Steps now dense, now sparse, sometimes the same one again: wherever a column is guessed to end, it has
/// exactly the samples whose place lies in it, but for places that round to its border.
TEST(Reduce, FindsTheColumnsOfUnevenSteps) {
  std::mt19937_64 random(17);
  for (int trial = 0; trial < 80; ++trial) {
    Series series;
    double step = 1;
    while (series.size() < 30000) {
      const double stride = std::pow(10.0, static_cast<double>(random() % 5) - 1);
      for (std::size_t i = random() % 4000; i-- > 0;) {
        series.append(step, static_cast<double>(random() % 1000));
        if (random() % 10 != 0) step += stride;
      }
      if (random() % 4 == 0) step *= 1.5;
    }
    const double low = 1 + (step - 1) * static_cast<double>(random() % 100) / 200;
    const double high = low + (step - low) * std::pow(0.5, static_cast<double>(random() % 12));
    const auto transform = transform_of(low, high, trial % 2 == 0 ? Scale::log : Scale::linear, 0, 1000);
    std::map<int, Column> naive;
    std::map<int, bool> rounded;  // columns with a sample at a border
    for (std::size_t i = 0; i < series.size(); ++i) {
      const auto [x, y] = series.at(i);
      const float px = transform.px_from_x(x);
      if (x < low || x > high) continue;
      Column& column = naive[static_cast<int>(std::floor(px))];
      column.low = std::min(column.low, transform.px_from_y(y));
      column.high = std::max(column.high, transform.px_from_y(y));
      if (std::abs(px - std::round(px)) < 1e-3f) {
        for (const int beside : {-1, 0}) rounded[static_cast<int>(std::round(px)) + beside] = true;
      }
    }
    const auto reduced = columns_of(reduce_series(series, transform, kForever));
    for (const auto& [px, column] : naive) {
      if (rounded.contains(px)) continue;
      ASSERT_TRUE(reduced.contains(px)) << "trial " << trial << ", column " << px;
      EXPECT_EQ(reduced.at(px).low, column.low) << "trial " << trial << ", column " << px;
      EXPECT_EQ(reduced.at(px).high, column.high) << "trial " << trial << ", column " << px;
    }
  }
}

TEST(Reduce, LogAxesAreLogarithms) {
  auto transform = transform_of(1, 1e6, Scale::log, 1e-3, 1e3);
  transform.y.scale = Scale::log;
  EXPECT_FLOAT_EQ(transform.px_from_x(1e3), 10 + 150);
  EXPECT_FLOAT_EQ(transform.px_from_y(1), 20 + 100);
  EXPECT_FLOAT_EQ(transform.px_from_y(10), 20 + 100 - 200 / 6.0f);
  EXPECT_FLOAT_EQ(transform.px_from_y(-1), 20 + 200) << "on the minimum";
  EXPECT_NEAR(transform.x_from_px(60), 10, 1e-9);
  EXPECT_NEAR(transform.y_from_px(120), 1, 1e-9);
}

TEST(Reduce, BreaksAtValuesThatAreNotNumbers) {
  Series series;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (int i = 0; i < 10; ++i) series.append(i, i == 4 ? nan : i == 8 ? kForever : 1.0);
  const auto transform = transform_of(0, 9, Scale::linear, 0, 2);
  const ReducedLine line = reduce_series(series, transform, kForever);
  ASSERT_EQ(line.pieces.size(), 3u);
  EXPECT_EQ(line.pieces[0].size(), 4u);
  EXPECT_EQ(line.pieces[2].size(), 1u);
}

TEST(Reduce, StopsAtTheCursor) {
  Series series;
  for (int i = 0; i < 100; ++i) series.append(i, i);
  const auto transform = transform_of(0, 100, Scale::linear, 0, 100);
  const ReducedLine line = reduce_series(series, transform, 41.5);
  EXPECT_EQ(line.end_x, 41);
  ASSERT_TRUE(line.end);
  EXPECT_FLOAT_EQ(line.end->x, transform.px_from_x(41));
}

TEST(Reduce, MarksWhatALogAxisCannotShow) {
  Series series;
  for (int i = 0; i < 10; ++i) series.append(i, i < 5 ? 1.0 : 0.0);
  auto transform = transform_of(0, 9, Scale::linear, 1e-3, 10);
  transform.y.scale = Scale::log;
  const ReducedLine line = reduce_series(series, transform, kForever);
  EXPECT_EQ(line.clamped.size(), 5u);
  for (const Point& point : line.clamped) EXPECT_FLOAT_EQ(point.y, 220);
}

/// A zoomed plot: the neighbours of what is shown lie millions of pixels away.
TEST(Reduce, ALineFromFarAwayKeepsItsSlope) {
  Series series;
  series.append(0, 0);
  series.append(1e6, 1e6);
  const auto transform = transform_of(499999, 500001, Scale::linear, 499999, 500002);
  for (const bool as_samples : {false, true}) {
    const std::vector<Sample> samples = {{0, 0}, {1e6, 1e6}};
    const ReducedLine line = as_samples ? reduce_samples(samples, transform, kForever)
                                        : reduce_series(series, transform, kForever);
    ASSERT_EQ(line.pieces.size(), 1u);
    ASSERT_EQ(line.pieces[0].size(), 2u);
    const Point &from = line.pieces[0][0], &to = line.pieces[0][1];
    const float x = transform.px_from_x(500000), share = (x - from.x) / (to.x - from.x);
    EXPECT_NEAR(from.y + share * (to.y - from.y), transform.px_from_y(500000), 0.5f);
    EXPECT_LT(std::abs(from.x), 50000) << "no farther than floats are exact";
  }
  // There and back: what is in sight is drawn, in pieces.
  const std::vector<Sample> path = {{0, 500000}, {500000, 500000}, {500000, 1e7},
                                    {1e6, 1e7},  {1e6, 500000},    {500000, 500001}};
  const ReducedLine line = reduce_samples(path, transform, kForever);
  ASSERT_EQ(line.pieces.size(), 2u);
  EXPECT_EQ(line.pieces[0].size(), 3u);
  ASSERT_TRUE(line.end);
  EXPECT_FLOAT_EQ(line.end->y, transform.px_from_y(500001));
}

TEST(Reduce, APathMayGoBack) {
  std::vector<Sample> path;
  for (int i = 0; i <= 50; ++i) path.push_back({static_cast<double>(i), static_cast<double>(i)});
  for (int i = 50; i >= 20; --i) path.push_back({static_cast<double>(i), 50.0});
  const ReducedLine line = reduce_samples(path, transform_of(0, 50, Scale::linear, 0, 50), kForever);
  ASSERT_EQ(line.pieces.size(), 1u);
  EXPECT_EQ(line.end_x, 20);
}

}  // namespace
}  // namespace grokscope
