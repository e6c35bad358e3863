// CSV of a run: one row a step, wide: elapsed_s, step, the metric columns, then the probes' numbers. Main
// thread.
#pragma once

#include <string>

#include "history/history.h"

namespace grokscope {

/// Header and rows for every step at which anything was measured. Empty cell: not measured at that step;
/// non-finite numbers are nan, inf, -inf. Numbers read back to the same double; the locale plays no part.
std::string csv_text(const History& history);

}  // namespace grokscope
