// Milestones: the first evaluated step at which a level is reached, as events for timeline and record.
// Trainer thread.
#pragma once

#include <vector>

#include "history/evaluation.h"
#include "history/event.h"

namespace grokscope {

class Milestones {
 public:
  /// {"kind":"milestone","name":"test_90"} for every level reached for the first time.
  std::vector<Event> reached_by(const Evaluation& evaluation);

 private:
  unsigned reached_ = 0;  // one bit a level
};

}  // namespace grokscope
