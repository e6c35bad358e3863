#include "ui/top_bar.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "config/fields.h"
#include "config/presets.h"
#include "contract/story_pace.h"
#include "history/phases.h"
#include "ui/imgui_style.h"
#include "ui/open_sheet.h"
#include "ui/preset_menu.h"
#include "ui/shortcuts.h"

namespace grokscope {
namespace {

Phase phase_now(const History& history, std::int64_t step) {
  const std::vector<PhaseSpan> spans = phases_at(history, step);
  return spans.empty() ? Phase::starting : spans.back().phase;
}

std::string state_text(const RunView& run, std::int64_t step) {
  if (!run.status->error.empty()) return "stopped by an error";
  if (has_no_run(run)) return "no run";
  return std::string(label_of(run.history == nullptr ? Phase::starting : phase_now(*run.history, step)));
}

/// To the last step: on the story's schedule where that is kept, else at the rate of this moment.
double seconds_left(const RunView& run, bool paced) {
  const double measured = run.status->eta_s;
  return paced ? paced_seconds_left(run.status->step, run.config->train.steps) : measured;
}

std::string rate_text(const RunView& run, bool with_provenance, bool paced) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : " · ") + part;
  };
  const SessionStatus& status = *run.status;
  if (has_no_run(run)) {
    add("computed");
  } else if (!run.live) {
    add("recorded");
  } else if (status.state == RunState::running) {
    add(grouped(std::llround(status.steps_per_second)) + " steps/s");
    const double left_s = seconds_left(run, paced);
    if (left_s > 1.0 && left_s < 1e6) add(duration(left_s) + " left");
  } else if (status.state == RunState::paused) {
    add("paused");
  } else if (status.state == RunState::stopped) {
    add(status.stopped == "steps" ? "finished" : status.stopped.empty() ? "stopped" : status.stopped);
  }
  add(status.disk);
  if (with_provenance) add(provenance_line(run));
  return text;
}

/// The preset, and whether the run began with other settings than it has. What was changed while it trained
/// is told by flags, the seed by itself.
std::string name_of_settings(const RunView& run) {
  const RunConfig& begun = run.history == nullptr ? *run.config : run.history->config();
  if (begun.preset.empty()) return "own settings";
  const Preset* preset = find_preset(begun.preset);
  if (preset == nullptr) return begun.preset;
  const auto all = fields();
  const bool edited = std::any_of(all.begin(), all.end(), [&](const Field& field) {
    return field.name != "seed" && field.get(begun) != field.get(preset->config);
  });
  return begun.preset + (edited ? ", edited" : "");
}

/// The preset button; returns its width.
float preset_button(Ui& ui, const RunView& run, const Rect& room) {
  const std::string name = name_of_settings(run);
  const std::string title = run.facts == nullptr ? std::string() : run.facts->title;
  const TextLook strong = ui.style(14.0f, ui.theme().text), quiet = ui.style(14.0f, ui.theme().dim);
  const float pad = ui.px(10.0f), arrow = ui.px(16.0f);
  const float name_width = ui.painter.width(name, strong);
  float title_width = title.empty() ? 0.0f : ui.painter.width(title, quiet) + ui.px(8.0f);
  if (name_width + title_width + 2 * pad + arrow > room.width) title_width = 0.0f;
  const Rect rect{room.x, room.y, std::min(room.width, name_width + title_width + 2 * pad + arrow),
                  room.height};
  const ItemState state =
      item(ui, "preset", rect,
           "What is trained. Choose another experiment; each changes one thing from quickstart.");
  const Color fill = state.hovered ? ui.theme().control_hover : ui.theme().control;
  if (ui.theme().kind == ThemeKind::dark)
    ui.painter.rect(rect, fill, ui.px(6.0f));
  else
    ui.painter.box(rect, fill, ui.theme().line, ui.px(6.0f));
  ui.painter.text({rect.x + pad, rect.y, rect.width - 2 * pad - arrow, rect.height}, name, strong);
  if (title_width > 0.0f)
    ui.painter.text({rect.x + pad + name_width + ui.px(8.0f), rect.y, title_width, rect.height}, title,
                    quiet);
  paint_icon(ui.painter, Icon::down,
             {rect.x + rect.width - pad - ui.px(8.0f), rect.y, ui.px(8.0f), rect.height}, ui.theme().dim);
  if (state.pressed) ImGui::OpenPopup(kPresetMenu);
  ImGui::SetNextWindowPos(ImVec2(rect.x, rect.y + rect.height + ui.px(6.0f)), ImGuiCond_Appearing);
  preset_menu(ui, run);
  return rect.width;
}

/// Buttons at the right end; returns the x where the room for text ends.
float right_buttons(Ui& ui, const RunView& run, const Rect& rect) {
  const float height = ui.px(29.0f), top = rect.y + (rect.height - height) / 2.0f, gap = ui.px(8.0f);
  float x = rect.x + rect.width - ui.px(14.0f);
  const auto place = [&](const char* id, float width, ButtonSpec spec) {
    x -= width;
    const bool pressed = button(ui, id, {x, top, width, height}, spec);
    x -= gap;
    return pressed;
  };
  ButtonSpec help{"?", with_shortcut("What this program shows, and every key.", chord_text(Shortcut::help))};
  if (place("help", ui.px(29.0f), help)) ui.view.help_open = !ui.view.help_open;
  ButtonSpec save{"Save",
                  with_shortcut("Writes snapshot.json and a picture of this window into the run folder.",
                                chord_text(Shortcut::save))};
  save.enabled = !run.run_path.empty();
  if (place("save", ui.px(56.0f), save)) ui.actions.push_back(SaveAll{});
  ButtonSpec theme{"", with_shortcut("Theme: dark, light, projector (thicker lines, larger type).",
                                     chord_text(Shortcut::theme))};
  theme.has_icon = true;
  theme.icon = ui.view.theme == ThemeKind::dark    ? Icon::moon
               : ui.view.theme == ThemeKind::light ? Icon::sun
                                                   : Icon::screen;
  if (place("theme", ui.px(34.0f), theme)) next_theme(ui.view);
  const ButtonSpec open{"Open…",
                        with_shortcut("A run folder, settings, a saved picture, a table; recent runs.",
                                      chord_text(Shortcut::open))};
  if (place("open", ui.px(64.0f), open)) toggle_open_sheet(ui.view, ui.actions);
  return x;
}

}  // namespace

Role role_of_phase(const History& history, std::int64_t step) {
  switch (phase_now(history, step)) {
    case Phase::starting:
    case Phase::memorising:
      return Role::memorising;
    case Phase::plateau:
      return Role::plateau;
    case Phase::generalising:
    case Phase::done:
      return Role::generalising;
    case Phase::diverged:
      return Role::event;
  }
  return Role::dim;
}

std::string provenance_line(const RunView& run) {
  std::string text = "seed " + std::to_string(run.config->seed);
  if (run.facts == nullptr) return text;
  return text + " · " + std::to_string(run.facts->threads) +
         (run.facts->threads == 1 ? " thread" : " threads") + " · " + run.facts->device;
}

RunConfig restart_config(const RunView& run, bool new_seed) {
  RunConfig config = run.history == nullptr ? *run.config : run.history->config();
  if (new_seed) ++config.seed;
  return config;
}

void top_bar(Ui& ui, const RunView& run, const Rect& rect) {
  const Theme& theme = ui.theme();
  ui.painter.rect({rect.x, rect.y + rect.height - 1.0f, rect.width, 1.0f}, theme.line);
  const float end = right_buttons(ui, run, rect);
  const std::int64_t step = shown_step(run, ui.view);
  float x = rect.x + ui.px(14.0f);
  const auto room = [&] { return std::max(0.0f, end - x); };
  const TextLook name = ui.style(16.0f, theme.text, Face::semibold);
  if (rect.width > ui.px(560.0f))
    x += ui.painter.text({x, rect.y, room(), rect.height}, "Grokscope", name) + ui.px(14.0f);
  const float height = ui.px(29.0f), top = rect.y + (rect.height - height) / 2.0f;
  x += preset_button(ui, run, {x, top, std::min(room(), ui.px(330.0f)), height}) + ui.px(14.0f);
  const std::string state = state_text(run, step);
  const Color color = run.history == nullptr ? theme.dim : color_of(theme, role_of_phase(*run.history, step));
  if (room() > ui.painter.width(state, ui.style(13.0f, color, Face::semibold)) + ui.px(22.0f)) {
    x += pill(ui, x, rect.y + (rect.height - ui.px(23.0f)) / 2.0f, ui.px(23.0f), state, color) + ui.px(14.0f);
  }
  const std::string at = "step " + grouped(step), of = "of " + grouped(run.config->train.steps);
  const TextLook strong = ui.style(14.0f, theme.text, Face::semibold), quiet = ui.style(14.0f, theme.dim);
  const float at_width = ui.painter.width(at, strong);
  if (room() < at_width) return;
  ui.painter.text({x, rect.y, room(), rect.height}, at, strong);
  x += at_width + ui.px(5.0f);
  const float of_width = ui.painter.width(of, quiet);
  if (room() < of_width) return;
  ui.painter.text({x, rect.y, room(), rect.height}, of, quiet);
  x += of_width + ui.px(20.0f);
  const bool paced = speed_choices()[static_cast<std::size_t>(ui.view.speed_index)].steps_per_second < 0.0;
  std::string rate = rate_text(run, ui.view.rail_hidden, paced);
  while (!rate.empty() && ui.painter.width(rate, quiet) > room() - ui.px(6.0f)) {
    const std::size_t cut = rate.rfind(" · ");
    if (cut == std::string::npos) return;
    rate.resize(cut);
  }
  ui.painter.text({x, rect.y, room() - ui.px(6.0f), rect.height}, rate, quiet, Align::right);
}

}  // namespace grokscope
