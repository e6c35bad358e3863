// Pace: waiting times as a pure function of step and clock.
#include "train/loop/pace.h"

#include <gtest/gtest.h>

namespace grokscope {
namespace {

using namespace std::chrono_literals;

double seconds_to(Pace& pace, std::int64_t step, Pace::Clock::time_point start) {
  return std::chrono::duration<double>(pace.wait_before(step, start)).count();
}

TEST(Pace, FullSpeedNeverWaits) {
  Pace pace(20.0, 3000);
  pace.set_speed(0.0, 0, {});
  EXPECT_EQ(pace.wait_before(1'000'000, {}), 0s);
}

TEST(Pace, AFixedRateIsKept) {
  Pace pace(20.0, 3000);
  const Pace::Clock::time_point start{};
  pace.set_speed(50.0, 100, start);
  EXPECT_NEAR(seconds_to(pace, 150, start), 1.0, 1e-6);
  EXPECT_EQ(pace.wait_before(150, start + 1s), 0s);
}

TEST(Pace, ThePacedStoryTakesItsTime) {
  Pace pace(20.0, 3000);
  const Pace::Clock::time_point start{};
  pace.set_speed(-1.0, 0, start);
  EXPECT_NEAR(seconds_to(pace, 3000, start), 20.0, 1e-6);
  const double first = seconds_to(pace, 100, start),
               later = seconds_to(pace, 2000, start) - seconds_to(pace, 1900, start);
  EXPECT_GT(first, 5.0 * later);  // slow while the network memorises, faster over the plateau
}

TEST(Pace, EngagedInTheMiddleItGoesOnFromThere) {
  Pace pace(20.0, 3000);
  const Pace::Clock::time_point start{};
  pace.set_speed(-1.0, 1500, start);
  EXPECT_EQ(pace.wait_before(1500, start), 0s);
  EXPECT_LT(seconds_to(pace, 3000, start), 10.0);
}

TEST(Pace, ASlowMachineRunsAtFullSpeedAndDoesNotSprintLater) {
  Pace pace(20.0, 3000);
  const Pace::Clock::time_point start{};
  pace.set_speed(100.0, 0, start);
  EXPECT_EQ(pace.wait_before(10, start + 60s), 0s);  // a minute late: given up
  EXPECT_NEAR(seconds_to(pace, 110, start + 60s), 1.0, 1e-6);
}

TEST(Pace, TheStoryIsNeverLongerThanTheRun) {
  EXPECT_EQ(story_steps(500), 500);
  EXPECT_EQ(story_steps(40'000), 2000);
}

TEST(Pace, WhatIsLeftIsWhatTheScheduleTakes) {
  EXPECT_NEAR(paced_seconds_left(0, 2000), 20.0, 1e-9);
  EXPECT_NEAR(paced_seconds_left(0, 10'000) - paced_seconds_left(2000, 10'000), 20.0, 1e-9);
  EXPECT_EQ(paced_seconds_left(3000, 2000), 0.0);
}

}  // namespace
}  // namespace grokscope
