// WindowMeasure: a stopwatch beside the window's loop, for `grokscope bench`: when the first frame stood,
// when a curve moved, how fast the run went meanwhile. It watches and says when to close. Main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ui/view_state.h"

namespace grokscope {

/// What the window is opened for, and so when it closes by itself.
struct MeasureGoal {
  enum class Until { curve_moves, generalised, seconds };
  Until until = Until::curve_moves;
  double seconds = 0.0;  ///< after everything is loaded: the curve moves, and probes have looked
};
/// "first-frame", "generalised", or a number of seconds.
Result<MeasureGoal> parse_measure_goal(std::string_view text);

class WindowMeasure {
 public:
  explicit WindowMeasure(MeasureGoal goal) : goal_(goal) {}
  /// A frame stands on the screen that kept the main thread for frame_s. True: the goal is reached, or the
  /// run has ended.
  bool drawn(const RunView& run, double frame_s);
  /// One line of JSON: seconds since the process started; steps per second from when the goal's seconds count
  /// (else from the first curve) to the end.
  std::string json() const;

 private:
  void watch_from(double now_s, const RunView& run);

  const MeasureGoal goal_;
  std::optional<double> first_frame_s_, first_curve_s_, watched_from_s_;
  double longest_frame_s_ = 0.0;  // after the first
  double end_s_ = 0.0, from_thread_cpu_s_ = 0.0, end_thread_cpu_s_ = 0.0;
  std::int64_t from_step_ = 0, end_step_ = 0, frames_ = 0, from_frames_ = 0;
  std::size_t evaluations_drawn_ = 0;
  double test_accuracy_ = 0.0;
};

}  // namespace grokscope
