// SweepWatch: the map of a sweep on a terminal, drawn again in place while it trains; nothing anywhere else.
// Main thread.
#pragma once

#include <chrono>
#include <string>

#include "app/progress_bar.h"
#include "sweep/sweep.h"
#include "sweep/text_map.h"

namespace grokscope {

class SweepWatch {
 public:
  explicit SweepWatch(Sweep& sweep);
  /// At most once a second: reads what workers have appended, and draws.
  void show(const SweepFacts& facts);

 private:
  Sweep& sweep_;
  TextMap map_;
  bool enabled_ = false;
  std::size_t drawn_rows_ = 0;
  std::chrono::steady_clock::time_point drawn_at_;
};

}  // namespace grokscope
