// The menu of a chart: saving, copying, and what its panel lets switch, choose and do. Main thread.
#pragma once

#include <string>

#include "ui/panel.h"
#include "ui/ui.h"

namespace grokscope {

/// What ImGui::OpenPopup() takes to open it, within the same ID.
inline constexpr const char* kChartMenu = "chart menu";
void chart_menu(Ui& ui, const Panel& panel, const Chart& chart, const PanelContext& context);

/// What to say when the chart's data stand in the clipboard.
std::string said_of_copied_data(const Chart& chart);

}  // namespace grokscope
