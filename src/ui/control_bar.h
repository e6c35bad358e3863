// The bar of buttons that stands in for the control rail where that has no room beside the panels: opens it,
// and plays, steps and starts again without it. Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

void control_bar(Ui& ui, const RunView& run, const Rect& rect);

}  // namespace grokscope
