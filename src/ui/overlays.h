// What lies over the dashboard: the F1 sheet, the first-run hint, toasts. Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

void help_sheet(Ui& ui, const Rect& window);
/// The three things to try, as a card; returns its height, paints it only when `paint`.
float hint_card(Ui& ui, const Rect& rect, bool paint);
/// Whether the hint stands over the panels: where the rail never had room for it.
bool hint_floats(const ViewState& view, bool live);
/// The same floating over the dashboard, when the rail had no room for it.
void first_hint(Ui& ui, const RunView& run, const Rect& main);
void toasts(Ui& ui, const Rect& main);
/// Where it stands is decided now: not where the mouse is.
void add_toast(ViewState& view, double now_s, Toast toast);

}  // namespace grokscope
