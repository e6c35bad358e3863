// What can be started from the top bar: presets, and the claims of the papers, each opened live. Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

inline constexpr const char* kPresetMenu = "presets";  ///< ImGui::OpenPopup(kPresetMenu) opens it

/// Between the widgets of the frame, after OpenPopup() in the same ImGui window.
void preset_menu(Ui& ui, const RunView& run);

}  // namespace grokscope
