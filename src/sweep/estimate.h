// How long a sweep will take: from outcomes that are known, or from a few hundred steps of two of its runs.
// One thread.
#pragma once

#include <functional>

#include "base/result.h"
#include "sweep/sweep.h"

namespace grokscope {

struct SweepEstimate {
  double seconds_per_run = 0.0;  ///< on one core; where a stop condition ends runs early, at most
  bool measured_now = false;     ///< false: from outcomes of this plan
};

/// Of the runs that are missing; 0 seconds if none is.
Result<SweepEstimate> estimate(const Sweep& sweep, const std::function<bool()>& give_up);

}  // namespace grokscope
