// Milestones: the first evaluated step at which a level is reached, as events for timeline and record.
// Trainer thread.
#pragma once

#include <string>
#include <vector>

#include "history/evaluation.h"
#include "history/event.h"

namespace grokscope {

class Milestones {
 public:
  Milestones() = default;
  explicit Milestones(const std::vector<std::string>& reached);  ///< by name, in what was trained before
  /// {"kind":"milestone","name":"test_90"} for every level reached for the first time.
  std::vector<Event> reached_by(const Evaluation& evaluation);

 private:
  unsigned reached_ = 0;  // one bit a level
};

}  // namespace grokscope
