// The control rail: transport (transport.h), the sliders that act on the running training, everything else in
// a form, and the verdict at the foot. Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

/// Inside its own ImGui child: scrolls when it is taller than `rect`.
void control_rail(Ui& ui, const RunView& run, const Rect& rect);

}  // namespace grokscope
