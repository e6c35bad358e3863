// The bar on top: name, preset, phase, step, rate, theme, save, help. What does not fit is left out, least
// important first; nothing is squeezed. Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

void top_bar(Ui& ui, const RunView& run, const Rect& rect);

/// Colour role of a phase, for the pill and the verdict's edge.
Role role_of_phase(const History& history, std::int64_t step);

/// "seed 0 · 2 threads · CPU": with the settings, what it takes to have the same run again. In the rail, or
/// in the bar where there is none.
std::string provenance_line(const RunView& run);

/// The run again from its first settings: interventions are left behind, so the same seed gives the same
/// start.
RunConfig restart_config(const RunView& run, bool new_seed);

}  // namespace grokscope
