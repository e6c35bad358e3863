// The form for everything that needs a new run: generated from the field table, with errors beside the field.
// Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

void settings_form(Ui& ui, const RunView& run, const Rect& rect);

}  // namespace grokscope
