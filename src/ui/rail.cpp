#include "ui/rail.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "config/fields.h"
#include "config/task_kinds.h"
#include "history/phases.h"
#include "ui/form.h"
#include "ui/overlays.h"
#include "ui/panels/common.h"
#include "ui/slider.h"
#include "ui/top_bar.h"
#include "ui/transport.h"
#include "ui/verdict_card.h"

namespace grokscope {
namespace {

constexpr float kMargin = 14.0f;

// Keyboard navigation walks from the dashboard into the rail as if it were no child window.
#if IMGUI_VERSION_NUM < 19090
constexpr ImGuiWindowFlags kFlattened = ImGuiWindowFlags_NavFlattened;
#else
constexpr ImGuiWindowFlags kFlattened = 0;
#endif

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

/// Where a slider does nothing, or not what one would think: a run that is over; an earlier moment that is
/// looked at.
std::string acts_on_live(const RunView& run, const ViewState& view) {
  if (run.status->state == RunState::stopped || !run.live) return "The run is over: sliders rest.";
  if (!view.scrub_step || !can_train(run)) return {};
  return "You look at " + panel::step_text(*view.scrub_step) +
         ". A slider acts on the live run; its flag will stand at " + panel::step_text(run.status->step) +
         ".";
}

/// The note says it where the slider has none of its own; the line above them says it for all.
void note_of_the_past(Ui& ui, const RunView& run, Rect& rect) {
  const std::string text = acts_on_live(run, ui.view);
  if (text.empty()) return;
  // Projected type is large: where nothing can be moved anyway the room belongs to the verdict.
  if (!can_train(run) && ui.theme().kind == ThemeKind::projector) return;
  const float pad = ui.px(8.0f),
              line = std::round(ui.px(16.5f) + ui.theme().type_step_px * ui.painter.scale());
  const std::vector<TextRun> runs = {{text, ui.style(12.0f, ui.theme().text)}};
  Rect words{rect.x + pad + ui.px(3.0f), rect.y + ui.px(5.0f), rect.width - 2 * pad - ui.px(3.0f), 0};
  const float height = ui.painter.paragraph(words, runs, line, true) + ui.px(10.0f);
  ui.painter.rect({rect.x, rect.y, rect.width, height}, ui.theme().event, ui.px(6.0f));
  ui.painter.box({rect.x + ui.px(3.0f), rect.y, rect.width - ui.px(3.0f), height}, ui.theme().panel,
                 ui.theme().line, ui.px(5.0f));
  ui.painter.paragraph(words, runs, line);
  rect.y += height + ui.px(8.0f);
}

constexpr std::array<std::string_view, 3> kLiveSliders = {"optimizer.weight_decay", "optimizer.learning_rate",
                                                          "task.train_fraction"};

/// What maps are made of most.
constexpr std::array<std::string_view, 9> kSweptWith = {"optimizer.weight_decay",
                                                        "optimizer.learning_rate",
                                                        "task.train_fraction",
                                                        "task.train_size",
                                                        "init.scale",
                                                        "model.width",
                                                        "model.depth",
                                                        "optimizer.batch_size",
                                                        "task.label_noise"};

/// The slider that Tab leads to.
std::string neighbour_of(std::string_view name, int by) {
  const auto count = static_cast<int>(kLiveSliders.size());
  const auto at =
      static_cast<int>(std::find(kLiveSliders.begin(), kLiveSliders.end(), name) - kLiveSliders.begin());
  return std::string(kLiveSliders[static_cast<std::size_t>((at + by + count) % count)]);
}

/// What a right click on a slider offers: this setting over its values, alone or with another.
void sweep_menu(Ui& ui, const RunView& run, const Field& field, const Rect& slider) {
  const std::string id = "sweep " + field.name;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (ImGui::IsMouseReleased(ImGuiMouseButton_Right) && slider.contains(mouse.x, mouse.y) &&
      ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem))
    ImGui::OpenPopup(id.c_str());
  if (!ImGui::BeginPopup(id.c_str())) return;
  ImGui::TextDisabled("%s", field.label.c_str());
  if (ImGui::MenuItem("Sweep it: nine values, three seeds"))
    ui.actions.push_back(StartSweep{"", {field.name}});
  if (ImGui::BeginMenu("Sweep it with")) {
    for (const std::string_view other : kSweptWith) {
      const Field* second = find_field(other);
      if (second == nullptr || second->name == field.name || !field_applies(*second, *run.config)) continue;
      if (ImGui::MenuItem(second->label.c_str()))
        ui.actions.push_back(StartSweep{"", {second->name, field.name}});
    }
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
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
  // What was asked for while it trained outranks that again.
  const auto is_as_begun = [&] {
    return run.history == nullptr ||
           run.config->task.train_fraction == run.history->config().task.train_fraction;
  };
  if (const double actual = actual_fraction(run); field->name == "task.train_fraction" && actual > 0.0 &&
                                                  !ui.view.pending.contains(field->name) && is_as_begun()) {
    shown = actual;
  }
  SliderSpec spec;
  spec.label = label.empty() ? field->label : label;
  spec.value_text = value_text(*field, shown);
  const std::string past = acts_on_live(run, ui.view);
  spec.tooltip = field->help +
                 "\nDrag to change the running training; double click to type; right click to sweep it." +
                 (past.empty() ? "" : "\n" + past);
  spec.note = note;
  spec.percent = field->unit == "fraction";
  if (ui.view.typing.slider == name && !ui.view.typing.wrong.empty()) {
    spec.note = ui.view.typing.wrong;
    spec.warns = true;
  }
  spec.range = {field->slider_minimum, std::max(field->slider_maximum, shown), field->log_scale};
  spec.lowest = field->minimum;
  spec.highest = field->maximum;
  spec.value = shown;
  spec.color = color;
  spec.enabled = can_train(run);
  rect.height = slider_height(ui, spec);
  const SliderInput input = slider(ui, name, rect, spec);
  sweep_menu(ui, run, *field, rect);
  if (input.value) ui.view.pending[name] = *input.value;
  if (input.held) ui.view.moving = name;
  if (input.tabbed != 0) type_into(ui.view, neighbour_of(name, input.tabbed));
  rect.y += rect.height + ui.px(6.0f);
}

/// The first-run hint in the free space above the verdict.
void hint_above(Ui& ui, const RunView& run, Rect room) {
  if (!ui.view.hint_open || !can_train(run)) return;
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
  field_slider(ui, run, rect, kLiveSliders[0].data(), "", ui.theme().accent, "");
  field_slider(ui, run, rect, kLiveSliders[1].data(), "", ui.theme().accent, "");
  field_slider(ui, run, rect, kLiveSliders[2].data(), name_of_training_share(run), ui.theme().train,
               split_note(run));
  note_of_the_past(ui, run, rect);  // below: no slider moves away under the pointer
}

/// Whether the line at `row` leaves the verdict more than its fact, or takes nothing from it.
bool has_room_for_line(Ui& ui, const RunView& run, const Rect& row, float foot) {
  const float below = row.y + row.height + ui.px(6.0f);
  const VerdictLength with = fitting_length(ui, run, {row.x, below, row.width, foot - below});
  return with != VerdictLength::fact ||
         fitting_length(ui, run, {row.x, row.y, row.width, foot - row.y}) == VerdictLength::fact;
}

}  // namespace

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
  row.y += row.height + ui.px(4.0f);
  row.height = ui.px(16.0f) + ui.theme().type_step_px * ui.painter.scale();
  const float foot = origin.y + rect.height - ui.px(12.0f);
  if (has_room_for_line(ui, run, row, foot)) {
    ui.painter.text(row, provenance_line(run), ui.style(12.0f, ui.theme().dim));
    row.y += row.height + ui.px(6.0f);
  }
  if (ui.view.form_open) {
    const float room = std::max(ui.px(180.0f), foot - row.y);
    ui.flush();
    settings_form(ui, run, {row.x, row.y, row.width, room});
    row.y += room;
  } else {
    const VerdictLength length = fitting_length(ui, run, {row.x, row.y, row.width, foot - row.y});
    const float card = verdict_card(ui, run, row, false, length);
    row.height = std::max(card, foot - row.y);
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
