#include "app/window_measure.h"

#include <algorithm>
#include <cstdlib>

#include "base/json_text.h"
#include "base/process.h"

namespace grokscope {
namespace {

constexpr double kGeneralised = 0.99;
constexpr double kLongest_s = 600.0;
constexpr double kLongestLoad_s = 20.0;  // a run without probes is watched all the same

}  // namespace

Result<MeasureGoal> parse_measure_goal(std::string_view text) {
  if (text == "first-frame") return MeasureGoal{MeasureGoal::Until::curve_moves, 0.0};
  if (text == "generalised") return MeasureGoal{MeasureGoal::Until::generalised, 0.0};
  const std::string number(text);
  char* end = nullptr;
  const double seconds = std::strtod(number.c_str(), &end);
  if (number.empty() || *end != '\0' || !(seconds > 0.0) || seconds > kLongest_s) {
    return usage_error("--measure takes first-frame, generalised, or up to 600 seconds, not '" + number +
                       "'");
  }
  return MeasureGoal{MeasureGoal::Until::seconds, seconds};
}

bool WindowMeasure::drawn(const RunView& run, double frame_s) {
  const double now_s = process_age_s();
  if (frames_ > 0) longest_frame_s_ = std::max(longest_frame_s_, frame_s);
  ++frames_;
  if (!first_frame_s_) first_frame_s_ = now_s;
  const std::size_t evaluations = run.history->evaluations().size();
  // Two points make a curve; it moves when a frame shows more of it than the one before.
  if (!first_curve_s_ && evaluations_drawn_ >= 2 && evaluations > evaluations_drawn_) {
    first_curve_s_ = now_s;
  }
  const bool probes_loaded = goal_.until != MeasureGoal::Until::seconds || !run.history->probes().empty();
  if (first_curve_s_ && !watched_from_s_ && (probes_loaded || now_s - *first_curve_s_ > kLongestLoad_s))
    watch_from(now_s, run);
  evaluations_drawn_ = evaluations;
  end_s_ = now_s;
  end_step_ = run.status->step;
  end_thread_cpu_s_ = thread_cpu_s();
  test_accuracy_ = evaluations > 0 ? run.history->last()->test_accuracy : 0.0;
  if (run.status->state == RunState::stopped || now_s > kLongest_s) return true;
  switch (goal_.until) {
    case MeasureGoal::Until::curve_moves:
      return first_curve_s_.has_value();
    case MeasureGoal::Until::generalised:
      return test_accuracy_ >= kGeneralised;
    case MeasureGoal::Until::seconds:
      return watched_from_s_ && now_s - *watched_from_s_ >= goal_.seconds;
  }
  return true;
}

void WindowMeasure::watch_from(double now_s, const RunView& run) {
  watched_from_s_ = now_s;
  from_step_ = run.status->step;
  from_frames_ = frames_;
  from_thread_cpu_s_ = thread_cpu_s();
}

std::string WindowMeasure::json() const {
  const double curve_s = first_curve_s_.value_or(end_s_);
  const double watched_s = end_s_ - watched_from_s_.value_or(end_s_);
  Json out;
  out["first_frame_s"] = first_frame_s_.value_or(end_s_);
  out["first_curve_s"] = curve_s;
  out["longest_frame_s"] = longest_frame_s_;
  out["end_s"] = end_s_;
  out["end_step"] = end_step_;
  out["test_accuracy"] = finite_or_null(test_accuracy_);
  out["steps_per_second"] = watched_s > 0.0 ? static_cast<double>(end_step_ - from_step_) / watched_s : 0.0;
  out["frames_per_second"] = watched_s > 0.0 ? static_cast<double>(frames_ - from_frames_) / watched_s : 0.0;
  out["window_thread_cpu_share"] =
      watched_s > 0.0 ? (end_thread_cpu_s_ - from_thread_cpu_s_) / watched_s : 0.0;
  out["process_cpu_s"] = process_cpu_s();
  out["resident_bytes"] = resident_bytes();
  return out.dump();
}

}  // namespace grokscope
