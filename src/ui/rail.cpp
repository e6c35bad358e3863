#include "ui/rail.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "config/fields.h"
#include "config/task_kinds.h"
#include "history/phases.h"
#include "ui/form.h"
#include "ui/overlays.h"
#include "ui/shortcuts.h"
#include "ui/slider.h"
#include "ui/top_bar.h"

namespace grokscope {
namespace {

constexpr float kMargin = 14.0f;

// Keyboard navigation walks from the dashboard into the rail as if it were no child window.
#if IMGUI_VERSION_NUM < 19090
constexpr ImGuiWindowFlags kFlattened = ImGuiWindowFlags_NavFlattened;
#else
constexpr ImGuiWindowFlags kFlattened = 0;
#endif

void transport(Ui& ui, const RunView& run, const Rect& rect) {
  const float gap = ui.px(8.0f), small = ui.px(38.0f);
  const float wide = rect.width - 3 * (small + gap);
  float x = rect.x;
  ButtonSpec reset{"", with_shortcut("Start again with the same seed: the same run, step for step.",
                                     chord_text(Shortcut::reset))};
  reset.has_icon = true;
  reset.icon = Icon::reset;
  if (button(ui, "reset", {x, rect.y, small, rect.height}, reset))
    ui.actions.push_back(Restart{restart_config(run, false)});
  x += small + gap;
  const bool ended = run.status->state == RunState::stopped || !run.live;
  const bool playing = !ended && run.status->state != RunState::paused;
  ButtonSpec play{playing ? "Pause"
                  : ended ? "Again"
                          : "Play",
                  with_shortcut(ended ? "The run has ended: start it again."
                                      : "Pause or go on. Pausing changes nothing in the numbers.",
                                chord_text(Shortcut::play_pause)),
                  ButtonLook::accent, true, playing ? Icon::pause : Icon::play};
  if (button(ui, "play", {x, rect.y, wide, rect.height}, play)) toggle_play(run, ui.view, ui.actions);
  x += wide + gap;
  ButtonSpec step{
      "", with_shortcut("One single training step (pauses first).", chord_text(Shortcut::step_or_forward))};
  step.has_icon = true;
  step.icon = Icon::step;
  step.enabled = can_train(run);
  if (button(ui, "step", {x, rect.y, small, rect.height}, step)) step_once(run, ui.actions);
  x += small + gap;
  ButtonSpec dice{
      "",
      with_shortcut("Start again with a new seed: other first weights, another split into train and test.",
                    chord_text(Shortcut::new_seed))};
  dice.has_icon = true;
  dice.icon = Icon::dice;
  if (button(ui, "seed", {x, rect.y, small, rect.height}, dice))
    ui.actions.push_back(Restart{restart_config(run, true)});
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

std::string split_note(const RunView& run) {
  const Evaluation* now = run.history == nullptr ? nullptr : run.history->last();
  if (now == nullptr) return " ";
  std::string note = grouped(now->train_count) + " train · " + grouped(now->test_count) + " test";
  if (now->formerly_trained_count > 0) note += " · " + grouped(now->formerly_trained_count) + " once";
  return note;
}

/// The share of the pool that is trained on; 0 when nobody knows yet.
double actual_fraction(const RunView& run) {
  const Evaluation* now = run.history == nullptr ? nullptr : run.history->last();
  if (now == nullptr) return 0.0;
  std::int64_t pool = run.facts == nullptr ? 0 : run.facts->pool_size;
  if (pool == 0 && !task_kind_of(run.config->task).held_out) {
    pool = now->train_count + now->test_count + now->formerly_trained_count;
  }
  return pool <= 0 ? 0.0 : static_cast<double>(now->train_count) / static_cast<double>(pool);
}

std::string value_text(const Field& field, double value) {
  return field.unit == "fraction" ? percent(value) : pretty(value, 2);
}

/// A slider over a live field: what it changes takes effect in the running training.
void field_slider(Ui& ui, const RunView& run, Rect& rect, const char* name, const std::string& label,
                  Color color, const std::string& note) {
  const Field* field = find_field(name);
  if (field == nullptr) return;
  double shown = 0.0;
  if (const auto pending = ui.view.pending.find(name); pending != ui.view.pending.end()) {
    shown = pending->second;
  } else if (const FieldValue value = field->get(*run.config);
             const double* real = std::get_if<double>(&value)) {
    shown = *real;
  }
  // An exact number of examples in the settings outranks the fraction: what is shown is what is trained on.
  if (const double actual = actual_fraction(run);
      field->name == "task.train_fraction" && actual > 0.0 && !ui.view.pending.contains(field->name)) {
    shown = actual;
  }
  SliderSpec spec;
  spec.label = label.empty() ? field->label : label;
  spec.value_text = value_text(*field, shown);
  spec.tooltip = field->help + "\nDrag to change the running training; double click to type.";
  spec.note = note;
  spec.range = {field->slider_minimum, std::max(field->slider_maximum, shown), field->log_scale};
  spec.lowest = field->minimum;
  spec.highest = field->maximum;
  spec.value = shown;
  spec.color = color;
  spec.enabled = can_train(run);
  rect.height = slider_height(ui, spec);
  const SliderInput input = slider(ui, name, rect, spec);
  if (input.value) ui.view.pending[name] = *input.value;
  if (input.held) ui.view.moving = name;
  rect.y += rect.height + ui.px(6.0f);
}

/// How much of the verdict has room.
enum class VerdictLength { fact, first_sentence, whole };

/// Height of the card; paints it when `paint`.
float verdict_card(Ui& ui, const RunView& run, const Rect& rect, bool paint, VerdictLength length) {
  if (run.history == nullptr) return 0.0f;
  const std::int64_t step = shown_step(run, ui.view);
  Verdict verdict = verdict_at(*run.history, step);
  if (!run.status->error.empty()) verdict = {"It could not go on.", run.status->error};
  const theory::LearningPhase phase = learning_phase_at(*run.history, step);
  std::vector<TextRun> runs = {{verdict.fact, ui.style(14.0f, ui.theme().text, Face::semibold)},
                               {verdict.sentence, ui.style(14.0f, ui.theme().text)}};
  if (phase != theory::LearningPhase::undecided) {
    runs.push_back(
        {"Kind of learning: " + std::string(theory::name_of(phase)) + ".", ui.style(14.0f, ui.theme().dim)});
  }
  if (const double noise = run.config->task.label_noise; noise > 0.0) {
    runs.push_back(
        {"Training is scored on its own labels, " + percent(noise) + " of them wrong; the rest on the truth.",
         ui.style(14.0f, ui.theme().dim)});
  }
  if (length != VerdictLength::whole) runs.resize(length == VerdictLength::fact ? 1 : 2);
  if (length == VerdictLength::first_sentence) {
    const std::size_t end = verdict.sentence.find(". ");
    if (end != std::string::npos) runs[1].text.resize(end + 1);
  }
  const float pad = ui.px(12.0f),
              line = std::round(ui.px(19.5f) + ui.theme().type_step_px * ui.painter.scale());
  Rect text{rect.x + pad + ui.px(3.0f), rect.y + pad, rect.width - 2 * pad - ui.px(3.0f), 0};
  const float height = ui.painter.paragraph(text, runs, line, true) + 2 * pad;
  if (!paint) return height;
  const Rect card{rect.x, rect.y + rect.height - height, rect.width, height};
  text.y = card.y + pad;
  ui.painter.rect(card, color_of(ui.theme(), role_of_phase(*run.history, step)), ui.px(8.0f));
  ui.painter.box({card.x + ui.px(3.0f), card.y, card.width - ui.px(3.0f), card.height}, ui.theme().panel,
                 ui.theme().line, ui.px(6.0f));
  ui.painter.paragraph(text, runs, line);
  const ItemState state =
      item(ui, "verdict", card,
           "What the run is doing, from its numbers alone. Click to copy the sentence.\n" +
               (length == VerdictLength::whole ? "" : verdict.fact + " " + verdict.sentence + "\n") +
               std::string(theory::meaning_of(phase)));
  if (state.pressed)
    ui.actions.push_back(CopyText{verdict.fact + " " + verdict.sentence, "Copied the sentence."});
  return height;
}

/// The first-run hint in the free space above the verdict.
void hint_above(Ui& ui, const RunView& run, Rect room) {
  if (!ui.view.hint_open || !run.live) return;
  const float height = hint_card(ui, room, false);
  if (height > room.height) return;
  room.y += room.height - height;
  room.height = height;
  hint_card(ui, room, true);
  ui.view.hint_in_rail = ui.view.hint_had_room = true;
}

bool form_button(Ui& ui, const Rect& rect) {
  const ItemState state =
      item(ui, "form", rect,
           "Everything else: task, model, loss, optimizer, probes. Changes there start a new run.");
  const Color fill = state.hovered ? ui.theme().control_hover : ui.theme().control;
  if (ui.theme().kind == ThemeKind::dark)
    ui.painter.rect(rect, fill, ui.px(6.0f));
  else
    ui.painter.box(rect, fill, ui.theme().line, ui.px(6.0f));
  paint_icon(ui.painter, ui.view.form_open ? Icon::down : Icon::right,
             {rect.x + ui.px(10.0f), rect.y, ui.px(8.0f), rect.height}, ui.theme().dim);
  ui.painter.text({rect.x + ui.px(25.0f), rect.y, rect.width - ui.px(29.0f), rect.height},
                  "Task, model, optimizer, probes", ui.style(12.0f, ui.theme().text));
  return state.pressed;
}

std::string name_of_training_share(const RunView& run) {
  return "Training " + std::string(task_kind_of(run.config->task).noun);
}

void live_sliders(Ui& ui, const RunView& run, Rect& rect) {
  field_slider(ui, run, rect, "optimizer.weight_decay", "", ui.theme().accent, "");
  field_slider(ui, run, rect, "optimizer.learning_rate", "", ui.theme().accent, "");
  field_slider(ui, run, rect, "task.train_fraction", name_of_training_share(run), ui.theme().train,
               split_note(run));
}

}  // namespace

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

void set_speed(ViewState& view, Actions& actions, int index) {
  const int last = static_cast<int>(speed_choices().size()) - 1;
  index = std::clamp(index, 0, last);
  if (index == view.speed_index) return;
  view.speed_index = index;
  actions.push_back(SendCommand{SetSpeed{speed_choices()[static_cast<std::size_t>(index)].steps_per_second}});
}

void control_rail(Ui& ui, const RunView& run, const Rect& rect) {
  ImGui::SetCursorScreenPos(ImVec2(rect.x, rect.y));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::BeginChild("rail", ImVec2(rect.width, rect.height), false,
                    ImGuiWindowFlags_NoBackground | kFlattened);
  ImGui::PopStyleVar();  // before any tooltip takes it over
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const float margin = ui.px(kMargin);
  Rect row{origin.x + margin, origin.y + ui.px(12.0f), rect.width - 2 * margin, ui.px(34.0f)};
  transport(ui, run, row);
  row.y += row.height + ui.px(12.0f);
  speed_slider(ui, run, row);
  live_sliders(ui, run, row);
  row.y += ui.px(2.0f);
  row.height = ui.px(28.0f);
  if (form_button(ui, row)) ui.view.form_open = !ui.view.form_open;
  row.y += row.height + ui.px(8.0f);
  const float foot = origin.y + rect.height - ui.px(12.0f);
  if (ui.view.form_open) {
    const float room = std::max(ui.px(180.0f), foot - row.y);
    ui.flush();
    settings_form(ui, run, {row.x, row.y, row.width, room});
    row.y += room;
  } else {
    const float room = foot - row.y;
    VerdictLength length = VerdictLength::fact;
    for (const VerdictLength longer : {VerdictLength::first_sentence, VerdictLength::whole}) {
      if (verdict_card(ui, run, row, false, longer) <= room) length = longer;
    }
    const float card = verdict_card(ui, run, row, false, length);
    row.height = std::max(card, room);
    hint_above(ui, run, {row.x, row.y, row.width, row.height - card - ui.px(12.0f)});
    verdict_card(ui, run, row, true, length);
    row.y += row.height;
  }
  ui.flush();
  // One item at the end tells ImGui how tall the content is.
  ImGui::SetCursorScreenPos(ImVec2(origin.x, row.y + (row.y > foot + 1.0f ? ui.px(12.0f) : 0.0f) - 1.0f));
  ImGui::Dummy(ImVec2(1, 1));
  ImGui::EndChild();
}

}  // namespace grokscope
