#include "ui/transport.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/text.h"
#include "contract/story_pace.h"
#include "ui/shortcuts.h"
#include "ui/slider.h"
#include "ui/top_bar.h"

namespace grokscope {
namespace {

/// At which step the run would end if it went on.
std::int64_t step_to_go_on_to(const RunView& run) {
  const std::int64_t steps = run.config->train.steps, step = run.status->step;
  return step < steps ? steps : step + steps;
}

/// Buttons from left to right; `wide` of them share what the small ones leave.
class ButtonRow {
 public:
  ButtonRow(Ui& ui, const Rect& rect, int small, int wide)
      : ui_(ui), rect_(rect), gap_(ui.px(8.0f)), small_(ui.px(38.0f)) {
    const float left = rect.width - static_cast<float>(small) * (small_ + gap_);
    wide_ = (left - static_cast<float>(wide - 1) * gap_) / static_cast<float>(wide);
  }
  bool add(const char* id, const ButtonSpec& spec) {
    const float width = spec.text.empty() ? small_ : wide_;
    const bool pressed = button(ui_, id, {rect_.x, rect_.y, width, rect_.height}, spec);
    rect_.x += width + gap_;
    return pressed;
  }

 private:
  Ui& ui_;
  Rect rect_;
  float gap_, small_, wide_ = 0.0f;
};

ButtonSpec with_icon(Icon icon, std::string text, std::string tooltip) {
  ButtonSpec spec{std::move(text), std::move(tooltip)};
  spec.has_icon = true;
  spec.icon = icon;
  return spec;
}

ButtonSpec dice_button() {
  return with_icon(Icon::dice, "",
                   with_shortcut("Start again with a new seed: other first weights, another split into train "
                                 "and test.",
                                 chord_text(Shortcut::new_seed)));
}

/// A run that has ended can be made again, or go on.
void ended_transport(Ui& ui, const RunView& run, const Rect& rect) {
  ButtonRow row(ui, rect, 1, 2);
  const ButtonSpec again = with_icon(
      Icon::reset, "Again",
      with_shortcut("A new run from step 0 with the same settings and seed: the same run, step for step. "
                    "This one stays in its folder.",
                    chord_text(Shortcut::reset)));
  if (row.add("reset", again)) ui.actions.push_back(Restart{restart_config(run, false)});
  ButtonSpec on{run.status->step < run.config->train.steps ? "Continue" : "Train on",
                "This run goes on from its last checkpoint to step " + grouped(step_to_go_on_to(run)) +
                    ", in its own folder."};
  on.look = ButtonLook::accent;
  on.enabled = can_go_on(run);
  if (!on.enabled) on.tooltip = "This run cannot go on: it diverged, or it has no folder with its weights.";
  if (row.add("train on", on)) ui.actions.push_back(TrainOn{});
  if (row.add("seed", dice_button())) ui.actions.push_back(Restart{restart_config(run, true)});
}

/// Steps per second that a choice gives at this moment; 0: as fast as it goes.
double rate_of(const SpeedChoice& choice, const RunView& run) {
  return choice.steps_per_second >= 0.0 ? choice.steps_per_second
                                        : paced_steps_per_second(run.status->step, run.config->train.steps);
}

/// The rate now: of "full" what the machine makes, if that is known.
double rate_now(const RunView& run, const ViewState& view) {
  const double chosen = rate_of(speed_choices()[static_cast<std::size_t>(view.speed_index)], run);
  const double infinite = std::numeric_limits<double>::infinity();
  const double measured = run.status->steps_per_second;
  return chosen > 0.0 ? chosen : measured > 0.0 ? measured : infinite;
}

}  // namespace

void transport(Ui& ui, const RunView& run, const Rect& rect) {
  if (!run.live || run.status->state == RunState::stopped) return ended_transport(ui, run, rect);
  ButtonRow row(ui, rect, 3, 1);
  const ButtonSpec reset =
      with_icon(Icon::reset, "",
                with_shortcut("Start again with the same seed: the same run, step for step.",
                              chord_text(Shortcut::reset)));
  if (row.add("reset", reset)) ui.actions.push_back(Restart{restart_config(run, false)});
  const bool playing = run.status->state != RunState::paused;
  ButtonSpec play = with_icon(playing ? Icon::pause : Icon::play, playing ? "Pause" : "Play",
                              with_shortcut("Pause or go on. Pausing changes nothing in the numbers.",
                                            chord_text(Shortcut::play_pause)));
  play.look = ButtonLook::accent;
  if (row.add("play", play)) toggle_play(run, ui.view, ui.actions);
  ButtonSpec step = with_icon(
      Icon::step, "",
      with_shortcut("One single training step (pauses first).", chord_text(Shortcut::step_or_forward)));
  step.enabled = can_train(run);
  if (row.add("step", step)) step_once(run, ui.actions);
  if (row.add("seed", dice_button())) ui.actions.push_back(Restart{restart_config(run, true)});
}

void speed_slider(Ui& ui, const RunView& run, Rect& rect) {
  const auto& choices = speed_choices();
  SliderSpec spec;
  spec.label = "Speed";
  spec.value_text = choices[static_cast<std::size_t>(ui.view.speed_index)].label;
  spec.tooltip =
      "How fast to train: paced shows the whole story in about 20 seconds, full is all the machine can do. "
      "Never changes the numbers.\n" +
      chord_text(Shortcut::slower) + " and " + chord_text(Shortcut::faster);
  spec.range = {0.0, static_cast<double>(choices.size() - 1), false};
  spec.value = ui.view.speed_index;
  spec.color = ui.theme().accent;
  spec.typable = false;
  spec.enabled = can_train(run);
  rect.height = slider_height(ui, spec);
  if (const auto chosen = slider(ui, "speed", rect, spec).value)
    set_speed(ui.view, ui.actions, static_cast<int>(std::lround(*chosen)));
  rect.y += rect.height + ui.px(6.0f);
}

void toggle_play(const RunView& run, ViewState& view, Actions& actions) {
  if (!run.live || run.status->state == RunState::stopped) {
    actions.push_back(Restart{restart_config(run, false)});
    return;
  }
  if (run.status->state == RunState::paused) {
    view.scrub_step.reset();
    actions.push_back(SendCommand{Resume{}});
  } else {
    actions.push_back(SendCommand{Pause{}});
  }
}

void step_once(const RunView& run, Actions& actions) {
  if (!can_train(run)) return;
  if (run.status->state != RunState::paused)
    actions.push_back(SendCommand{Pause{}});
  else
    actions.push_back(SendCommand{StepOnce{}});
}

void change_speed(const RunView& run, ViewState& view, Actions& actions, bool faster) {
  const auto& choices = speed_choices();
  const double now = rate_now(run, view);
  int best = view.speed_index;
  double best_rate = 0.0;
  for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
    const SpeedChoice& choice = choices[static_cast<std::size_t>(i)];
    if (!faster && choice.steps_per_second < 0.0) continue;  // it gets faster by itself
    double rate = rate_of(choice, run);
    if (rate == 0.0) rate = std::numeric_limits<double>::infinity();
    if (i == view.speed_index || (faster ? rate <= now : rate >= now)) continue;
    const bool nearer = best == view.speed_index || (faster ? rate < best_rate : rate > best_rate);
    if (!nearer) continue;
    best = i;
    best_rate = rate;
  }
  if (faster && view.speed_index == full_speed_index()) return;
  set_speed(view, actions, best);
}

bool can_go_on(const RunView& run) {
  const bool ended = !run.live || run.status->state == RunState::stopped;
  return ended && !run.run_path.empty() && run.status->error.empty() && run.status->stopped != "diverged";
}

void set_speed(ViewState& view, Actions& actions, int index) {
  const int last = static_cast<int>(speed_choices().size()) - 1;
  index = std::clamp(index, 0, last);
  if (index == view.speed_index) return;
  view.speed_index = index;
  actions.push_back(SendCommand{SetSpeed{speed_choices()[static_cast<std::size_t>(index)].steps_per_second}});
}

}  // namespace grokscope
