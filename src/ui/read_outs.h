// What is read out beside the mouse over a chart. Any thread.
#pragma once

#include <string>

#include "chart/chart.h"

namespace grokscope {

/// The value of every line of a plot at x, snapped to its nearest sample; of a line that has none there, the
/// place of the value beside it. A curve with a gap is several lines of one name, and read out once.
std::string nearest_values(const Plot& plot, double x);

}  // namespace grokscope
