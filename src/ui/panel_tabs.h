// Tabs of all panels: for the full window, and where the dashboard does not hold them all. Main thread.
#pragma once

#include <string>

#include "ui/panel.h"
#include "ui/ui.h"

namespace grokscope {

/// In `strip`; `shown`: the panel that has the window to itself, "" = the dashboard.
void panel_tabs(Ui& ui, const PanelContext& context, const Rect& strip, const std::string& shown,
                bool with_dashboard);

}  // namespace grokscope
