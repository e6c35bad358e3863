// Made-up sweeps whose cells run through all phases: for the tests of panels and pictures.
#pragma once

#include <string>

#include "ui/sweep_view.h"

namespace grokscope::testing {

struct SyntheticSweep {
  SweepPlan plan;
  SweepView view;
};

/// The plan's text is as in its file. A run of place i (of the plan's order) is known if i < known. The
/// curves are those of `cell`.
SyntheticSweep synthetic_sweep(const std::string& plan_text, std::size_t known, std::size_t cell);
/// 5 × 6 cells, 2 seeds, all known; the curves are those of the middle cell.
const SweepView& synthetic_map();

}  // namespace grokscope::testing
