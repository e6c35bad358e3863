// The form for everything that needs a new run: generated from the field table, with errors beside the field.
// Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

/// The settings that *Apply and restart* starts: the running training's as they are now, with what its
/// sliders asked for and what was changed in the form.
RunConfig drafted(const RunConfig& running, const ViewState& view);

void settings_form(Ui& ui, const RunView& run, const Rect& rect);

}  // namespace grokscope
