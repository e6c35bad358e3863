// The card with the verdict: what the run is doing, in a sentence, with the colour of its phase. At the foot
// of the rail; where there is no rail, below the panels. Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

/// How much of the verdict has room.
enum class VerdictLength { fact, first_sentence, whole };

/// The most that fits into `room`; the fact at least.
VerdictLength fitting_length(Ui& ui, const RunView& run, const Rect& room);
/// Height of the card, at the foot of `rect`; paints it when `paint`.
float verdict_card(Ui& ui, const RunView& run, const Rect& rect, bool paint, VerdictLength length);

}  // namespace grokscope
