// Series: the pyramid against the naive reduction, lookups, and the cost of both.
#include "history/series.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "base/random.h"

namespace grokscope {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

MinMax naive(const Series& series, std::size_t begin, std::size_t end) {
  MinMax summary;
  for (std::size_t i = begin; i < end; ++i) {
    const double y = series.at(i).y;
    ++summary.count;
    if (!std::isfinite(y)) {
      summary.broken = true;
      continue;
    }
    if (!summary.any) summary = {y, y, y, y, summary.count, true, summary.broken};
    summary.minimum = std::min(summary.minimum, y);
    summary.maximum = std::max(summary.maximum, y);
    summary.last = y;
  }
  return summary;
}

void expect_equal(const MinMax& a, const MinMax& b) {
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(a.any, b.any);
  EXPECT_EQ(a.broken, b.broken);
  EXPECT_EQ(a.minimum, b.minimum);
  EXPECT_EQ(a.maximum, b.maximum);
  EXPECT_EQ(a.first, b.first);
  EXPECT_EQ(a.last, b.last);
}

double sample_with_spikes(RandomStream& random) {
  const std::uint64_t dice = random.below(200);
  if (dice == 0) return 1e12 * random.normal();
  if (dice == 1) return kNan;
  if (dice == 2) return kInf;
  if (dice == 3) return -kInf;
  return random.normal();
}

TEST(Series, WhatIsPutOrErasedAnywhereLeavesItAsIfItHadBeenAppendedInOrder) {
  RandomStream random(11, "series");
  Series series;
  std::map<double, double> expected;
  for (int round = 0; round < 3000; ++round) {
    const double x = static_cast<double>(random.below(700));
    if (random.below(5) == 0) {
      series.erase(x);
      expected.erase(x);
    } else {
      const double y = sample_with_spikes(random);
      ASSERT_TRUE(series.put(x, y));
      expected[x] = y;
    }
  }
  Series plain;
  for (const auto& [x, y] : expected) plain.append(x, y);
  ASSERT_EQ(series.size(), plain.size());
  EXPECT_EQ(series.smallest_positive(), plain.smallest_positive());
  for (std::size_t begin = 0; begin < series.size(); begin += 13) {
    for (std::size_t end = begin; end <= series.size(); end += 7)
      expect_equal(series.summarize(begin, end), plain.summarize(begin, end));
  }
  EXPECT_FALSE(series.put(kNan, 1.0));
}

TEST(Series, SummaryEqualsNaiveReductionAtAnyRange) {
  RandomStream random(7, "series");
  for (const std::size_t size : {1u, 15u, 16u, 17u, 255u, 256u, 257u, 4096u, 5000u, 70000u}) {
    Series series;
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_TRUE(series.append(static_cast<double>(i), sample_with_spikes(random)));
    }
    for (int trial = 0; trial < 300; ++trial) {
      std::size_t begin = random.below(size + 1), end = random.below(size + 1);
      if (trial % 3 == 0) {  // block borders are where an off-by-one would hide
        begin = begin / 16 * 16;
        end = end / 256 * 256;
      }
      if (begin > end) std::swap(begin, end);
      SCOPED_TRACE(testing::Message() << size << " samples, range " << begin << ".." << end);
      expect_equal(series.summarize(begin, end), naive(series, begin, end));
      if (HasFailure()) return;
    }
  }
}

/// Gaps as long as blocks, at block borders and across them, at the ends of a range and around all of it.
TEST(Series, SummaryStepsOverGapsOfAnyLength) {
  RandomStream random(11, "gaps");
  Series series;
  std::vector<std::size_t> borders{0};
  while (series.size() < 20000) {
    const bool gap = borders.size() % 2 == 0;
    std::size_t length = 1 + random.below(random.below(4) == 0 ? 600 : 20);
    if (random.below(3) == 0) length = 16 * (series.size() / 16 + 1 + random.below(20)) - series.size();
    for (std::size_t i = 0; i < length; ++i)
      series.append(static_cast<double>(series.size()), gap ? (i % 2 == 0 ? kNan : -kInf) : random.normal());
    borders.push_back(series.size());
  }
  const auto near_a_border = [&] {
    return std::max<std::size_t>(borders[random.below(borders.size())] + random.below(3), 1) - 1;
  };
  for (int trial = 0; trial < 4000; ++trial) {
    std::size_t begin = near_a_border(), end = trial % 2 == 0 ? near_a_border() : begin + random.below(40);
    if (begin > end) std::swap(begin, end);
    SCOPED_TRACE(testing::Message() << "range " << begin << ".." << end);
    series.prefetch(end);  // reads nothing, at any index
    expect_equal(series.summarize(begin, end), naive(series, begin, std::min(end, series.size())));
    if (HasFailure()) return;
  }
}

TEST(Series, OneSpikeIsNeverLost) {
  Series series;
  for (int i = 0; i < 1000000; ++i) series.append(i, i == 613211 ? 5.0 : i == 20 ? -3.0 : 0.0);
  EXPECT_EQ(series.summarize(0, series.size()).maximum, 5.0);
  EXPECT_EQ(series.summarize(0, series.size()).minimum, -3.0);
  EXPECT_EQ(series.summarize(613212, series.size()).maximum, 0.0);
  EXPECT_EQ(series.summarize(0, 613211).maximum, 0.0);
}

TEST(Series, NonFiniteOnlyRangeHasNothingToShow) {
  Series series;
  for (int i = 0; i < 40; ++i) series.append(i, i < 32 ? kNan : 1.0);
  const MinMax broken = series.summarize(0, 32);
  EXPECT_FALSE(broken.any);
  EXPECT_TRUE(broken.broken);
  EXPECT_EQ(broken.count, 32);
  EXPECT_FALSE(series.summarize(32, 40).broken);
  EXPECT_EQ(series.summarize(5, 5).count, 0);
  EXPECT_EQ(series.summarize(30, 1000).count, 10) << "an end behind the series is cut";
}

TEST(Series, RefusesStepsThatGoBack) {
  Series series;
  EXPECT_TRUE(series.append(1, 1));
  EXPECT_TRUE(series.append(1, 2));
  EXPECT_FALSE(series.append(0.5, 3));
  EXPECT_FALSE(series.append(kNan, 3));
  EXPECT_FALSE(series.append(kInf, 3));
  EXPECT_EQ(series.size(), 2u);
}

TEST(Series, FindsLatestAndNearest) {
  Series series;
  EXPECT_EQ(series.latest_at(1), 0u);
  EXPECT_EQ(series.nearest(1), 0u);
  for (const double x : {10.0, 20.0, 20.0, 40.0}) series.append(x, x);
  EXPECT_EQ(series.latest_at(9.9), series.size());
  EXPECT_EQ(series.latest_at(20), 2u);
  EXPECT_EQ(series.latest_at(1e9), 3u);
  EXPECT_EQ(series.nearest(-5), 0u);
  EXPECT_EQ(series.nearest(31), 3u);
  EXPECT_EQ(series.nearest(29), 2u);
  EXPECT_EQ(series.nearest(99), 3u);
}

TEST(Series, AppendAndSummaryAreCheap) {
  // Linear time a call would be 10¹³ operations each, and meet the time limit of the test; a bench measures.
  constexpr int kSamples = 4'000'000, kQueries = 2'000'000;
  Series series;
  for (int i = 0; i < kSamples; ++i) series.append(i, i & 1023);
  double sum = 0;
  for (int i = 1; i <= kQueries; ++i) sum += series.summarize(i / 2, kSamples - i / 2).maximum;
  EXPECT_EQ(sum, kQueries * 1023.0);
}

}  // namespace
}  // namespace grokscope
