// The controls beside the charts of the panel Theory: which study, published values, a slider for each row of
// its table, the fit. Main thread.
#pragma once

#include "ui/panel.h"
#include "ui/ui.h"

namespace grokscope::panel {

extern const PanelChoice kStudy;

void theory_controls(Ui& ui, const RunView& run, const Rect& rect);

}  // namespace grokscope::panel
