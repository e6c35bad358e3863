// The picture of workload `cost`: step time against each setting on log axes, drawn by the program's own
// charts. Main thread.
#pragma once

#include <span>
#include <string>

#include "app/bench/bench.h"

namespace grokscope::bench {

/// One chart a curve, two in a row, light theme, with the fitted slope.
std::string cost_picture_svg(std::span<const Curve> curves);

}  // namespace grokscope::bench
