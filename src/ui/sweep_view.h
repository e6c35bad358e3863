// SweepView: the sweep beside the shown run, as panels see it; borrowed for one frame. Main thread.
#pragma once

#include <string>

#include "sweep/sweep_job.h"

namespace grokscope {

struct SweepView {
  const SweepPlan* plan = nullptr;
  std::string name;  ///< of its plan, or of its folder
  SweepJobNews news;
};

}  // namespace grokscope
