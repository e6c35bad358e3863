// The head of the rail: start, pause, step, go on, how fast; and what the keys for these do. Main thread.
#pragma once

#include "ui/ui.h"

namespace grokscope {

void transport(Ui& ui, const RunView& run, const Rect& rect);
/// Moves `rect` to below it.
void speed_slider(Ui& ui, const RunView& run, Rect& rect);

/// One press of play/pause, whatever the state: resumes, pauses, or starts again when the run has ended.
void toggle_play(const RunView& run, ViewState& view, Actions& actions);
void step_once(const RunView& run, Actions& actions);
void set_speed(ViewState& view, Actions& actions, int index);
/// To the next choice that is faster, or slower, at this moment: the paced story has another rate at every
/// step. None may be left.
void change_speed(const RunView& run, ViewState& view, Actions& actions, bool faster);
/// Whether the run has ended and has weights to go on from, as far as is known without looking.
bool can_go_on(const RunView& run);

}  // namespace grokscope
