// ProgressBar: one line on a terminal, never longer than the terminal is wide just then; nothing anywhere
// else. Main thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "session/session.h"

namespace grokscope {

/// What the line tells.
struct ProgressFacts {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  std::int64_t step = 0, last_step = 1;
  double steps_per_second = 0.0;  ///< 0: not known yet
  double train_accuracy = kUnknown, test_accuracy = kUnknown;
};

/// At most `columns` wide: what matters least goes first (the rate, the train accuracy ...); a bar takes what
/// is left.
std::string progress_line(const ProgressFacts& facts, int columns);

/// The same of many runs.
struct SweepFacts {
  std::size_t ended = 0, all = 1;  ///< runs
  double runs_per_second = 0.0;    ///< 0: not known yet
};
std::string progress_line(const SweepFacts& facts, int columns);

class ProgressBar {
 public:
  /// Draws on standard error, if `wanted` and that is a terminal which can move its cursor (TERM is set and
  /// not dumb).
  explicit ProgressBar(bool wanted);
  ~ProgressBar();  ///< wipes the line
  void show(const Session& session, std::int64_t last_step);
  void show(const SweepFacts& facts);

 private:
  /// `line_of`: the text for so many columns.
  void draw(const std::function<std::string(int columns)>& line_of);

  bool enabled_ = false;
  std::string drawn_;  ///< what stands there
  int columns_ = 0;    ///< of the terminal when it was drawn
};

}  // namespace grokscope
