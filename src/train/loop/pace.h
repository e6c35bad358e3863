// Pace: how long to wait before the next update so that a person can watch. Never changes the numbers of a
// run; a machine that is too slow runs at full speed. Torch-free; trainer thread, time comes in from outside.
#pragma once

#include <chrono>
#include <cstdint>

#include "contract/story_pace.h"

namespace grokscope {

class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  /// `story_steps`: how many updates the paced story covers, in `paced_s` seconds.
  Pace(double paced_s, std::int64_t story_steps);

  /// Steps per second; 0 = full speed, negative = paced: step(t) = s0 (exp(t / tau) - 1), linear while the
  /// network memorises and then equal shares of log step. Takes effect at once.
  void set_speed(double steps_per_second, std::int64_t step, Clock::time_point now);
  /// The schedule goes on from here: after a pause, or when the machine could not keep up.
  void restart(std::int64_t step, Clock::time_point now);
  /// Time left before update `step` may run; zero or less: now. Waits too short to sleep for are reported as
  /// zero.
  Clock::duration wait_before(std::int64_t step, Clock::time_point now);

  double steps_per_second() const { return steps_per_second_; }

 private:
  double seconds_of(std::int64_t step) const;

  double steps_per_second_ = 0.0;
  double time_constant_s_;
  std::int64_t anchor_step_ = 0;
  Clock::time_point anchor_time_{};
};

}  // namespace grokscope
