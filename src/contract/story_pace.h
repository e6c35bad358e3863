// The pace of the story that a window shows of a run: how fast a paced training is at which step. The trainer
// keeps it (train/loop/pace.h), the controls say whether another speed would be faster. Any thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace grokscope {

/// Up to here the story runs at an even speed, then in equal shares of log step.
inline constexpr double kStoryLinearSteps = 200.0;
inline constexpr double kStorySeconds = 20.0;

/// What the paced story of a run covers: its steps, but at most the 2000 in which quickstart tells its own.
inline std::int64_t story_steps(std::int64_t train_steps) {
  return std::min<std::int64_t>(train_steps, 2000);
}

/// tau in step(t) = s0 (exp(t / tau) - 1), for a story of `steps` in `seconds`.
inline double story_time_constant_s(double seconds, std::int64_t steps) {
  return seconds / std::log1p(static_cast<double>(std::max<std::int64_t>(steps, 1)) / kStoryLinearSteps);
}

/// Steps per second of a paced training at `step`.
inline double paced_steps_per_second(std::int64_t step, std::int64_t train_steps) {
  return (static_cast<double>(step) + kStoryLinearSteps) /
         story_time_constant_s(kStorySeconds, story_steps(train_steps));
}

/// How long a paced run takes from that step to its last.
inline double paced_seconds_left(std::int64_t step, std::int64_t train_steps) {
  const double begin = static_cast<double>(step) + kStoryLinearSteps;
  const double end = static_cast<double>(train_steps) + kStoryLinearSteps;
  return story_time_constant_s(kStorySeconds, story_steps(train_steps)) *
         std::log(std::max(end / begin, 1.0));
}

}  // namespace grokscope
