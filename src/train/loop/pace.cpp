#include "train/loop/pace.h"

#include <algorithm>
#include <cmath>

namespace grokscope {
namespace {

constexpr auto kShortestSleep = std::chrono::milliseconds(2);
// Later than this, the lost time is given up instead of being made good by a sprint.
constexpr auto kLongestLag = std::chrono::milliseconds(400);

}  // namespace

Pace::Pace(double paced_s, std::int64_t story_steps)
    : time_constant_s_(story_time_constant_s(paced_s, story_steps)) {}

void Pace::set_speed(double steps_per_second, std::int64_t step, Clock::time_point now) {
  steps_per_second_ = steps_per_second;
  restart(step, now);
}

void Pace::restart(std::int64_t step, Clock::time_point now) {
  anchor_step_ = step;
  anchor_time_ = now;
}

double Pace::seconds_of(std::int64_t step) const {
  if (steps_per_second_ > 0.0) return static_cast<double>(step) / steps_per_second_;
  return time_constant_s_ * std::log1p(static_cast<double>(step) / kStoryLinearSteps);
}

Pace::Clock::duration Pace::wait_before(std::int64_t step, Clock::time_point now) {
  if (steps_per_second_ == 0.0) return {};
  const std::chrono::duration<double> since_anchor(seconds_of(step) - seconds_of(anchor_step_));
  const auto left = anchor_time_ + std::chrono::duration_cast<Clock::duration>(since_anchor) - now;
  if (left < -kLongestLag) restart(step, now);
  return left < kShortestSleep ? Clock::duration{} : left;
}

}  // namespace grokscope
