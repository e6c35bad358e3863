// The list of panels: one line each, in the order of their tabs. The row that a line names stands in the
// panel's own file. Main thread.
#pragma once

#include "ui/panel.h"

// clang-format off
#define GROKSCOPE_PANELS(PANEL) \
  PANEL(kTimeline)              \
  PANEL(kLu)                    \
  PANEL(kFourier)               \
  PANEL(kTokens)                \
  PANEL(kRanks)                 \
  PANEL(kAnswers)               \
  PANEL(kProgress)              \
  PANEL(kRepresentation)        \
  PANEL(kLayers)                \
  PANEL(kTwoSpeeds)             \
  PANEL(kWarning)               \
  PANEL(kDescent)               \
  PANEL(kSameDynamics)          \
  PANEL(kSweep)                 \
  PANEL(kTheory)
// clang-format on

namespace grokscope::panel {

#define GROKSCOPE_DECLARE(row) extern const Panel row;
GROKSCOPE_PANELS(GROKSCOPE_DECLARE)
#undef GROKSCOPE_DECLARE

}  // namespace grokscope::panel
