#include "ui/control_bar.h"

#include <algorithm>

#include "ui/rail.h"
#include "ui/shortcuts.h"
#include "ui/top_bar.h"
#include "ui/transport.h"

namespace grokscope {
namespace {

/// Square buttons from top to bottom; what has no room is left out, the first ones never are.
class Column {
 public:
  Column(Ui& ui, const Rect& rect) : ui_(ui), rect_(rect), y_(rect.y + ui.px(12.0f)) {}

  bool place(const char* id, ButtonSpec spec) {
    const float margin = ui_.px(8.0f), size = std::min(ui_.px(36.0f), rect_.width - margin);
    if (y_ + size > rect_.y + rect_.height) return false;
    const Rect at{rect_.x + (rect_.width - size) / 2.0f, y_, size, ui_.px(34.0f)};
    y_ += at.height + margin;
    return button(ui_, id, at, spec);
  }

 private:
  Ui& ui_;
  Rect rect_;
  float y_;
};

ButtonSpec with_icon(Icon icon, std::string tooltip, ButtonLook look = ButtonLook::plain) {
  ButtonSpec spec;
  spec.tooltip = std::move(tooltip);
  spec.look = look;
  spec.has_icon = true;
  spec.icon = icon;
  return spec;
}

}  // namespace

void control_bar(Ui& ui, const RunView& run, const Rect& rect) {
  ui.painter.rect({rect.x + rect.width - 1.0f, rect.y, 1.0f, rect.height}, ui.theme().line);
  Column column(ui, rect);
  const bool ended = run.status->state == RunState::stopped || !run.live;
  const bool playing = !ended && run.status->state != RunState::paused;
  if (column.place("controls", with_icon(ui.view.rail_open ? Icon::close : Icon::sliders,
                                         ui.view.rail_open ? "Close the controls."
                                                           : "Speed, weight decay and the other controls.")))
    ui.view.rail_open = !ui.view.rail_open;
  if (ended) {  // start again stands below
    ButtonSpec on =
        with_icon(Icon::play, can_go_on(run) ? "This run goes on from its last checkpoint, in its own folder."
                                             : "This run cannot go on: it diverged, or it has no folder "
                                               "with its weights.");
    on.look = ButtonLook::accent;
    on.enabled = can_go_on(run);
    if (column.place("train on", on)) ui.actions.push_back(TrainOn{});
  } else {
    if (column.place("play", with_icon(playing ? Icon::pause : Icon::play,
                                       with_shortcut("Pause or go on.", chord_text(Shortcut::play_pause)),
                                       ButtonLook::accent)))
      toggle_play(run, ui.view, ui.actions);
    ButtonSpec step = with_icon(Icon::step, with_shortcut("One single training step (pauses first).",
                                                          chord_text(Shortcut::step_or_forward)));
    step.enabled = can_train(run);
    if (column.place("step", step)) step_once(run, ui.actions);
  }
  if (column.place("reset", with_icon(Icon::reset, with_shortcut("Start again with the same seed.",
                                                                 chord_text(Shortcut::reset)))))
    ui.actions.push_back(Restart{restart_config(run, false)});
  if (column.place("seed", with_icon(Icon::dice, with_shortcut("Start again with a new seed.",
                                                               chord_text(Shortcut::new_seed)))))
    ui.actions.push_back(Restart{restart_config(run, true)});
}

}  // namespace grokscope
