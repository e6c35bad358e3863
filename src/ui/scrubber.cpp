#include "ui/scrubber.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "history/phases.h"
#include "ui/panels/common.h"
#include "ui/shortcuts.h"
#include "ui/transport.h"

namespace grokscope {
namespace {

constexpr std::int64_t kNewest = std::numeric_limits<std::int64_t>::max();

void scrub_to(const RunView& run, ViewState& view, double step) {
  const auto evaluations = run.history->evaluations();
  if (evaluations.empty()) return;
  if (step >= static_cast<double>(evaluations.back().step)) {
    view.scrub_step.reset();
    return;
  }
  const auto wanted = static_cast<std::int64_t>(std::llround(step));
  const auto after =
      std::upper_bound(evaluations.begin(), evaluations.end(), wanted,
                       [](std::int64_t value, const Evaluation& at) { return value < at.step; });
  view.scrub_step = after == evaluations.begin() ? evaluations.front().step : std::prev(after)->step;
}

struct Track {
  Rect rect;
  double end = 1.0;
  bool log_steps = true;
  float x(double step) const {
    return rect.x + static_cast<float>(share_from_step(step, end, log_steps)) * rect.width;
  }
};

void paint_track(Ui& ui, const RunView& run, const Track& track, std::int64_t shown) {
  const Theme& theme = ui.theme();
  const float middle = track.rect.y + track.rect.height / 2.0f, thickness = ui.px(6.0f),
              top = middle - thickness / 2.0f;
  const float newest = track.x(static_cast<double>(run.history->last()->step)),
              at = track.x(static_cast<double>(shown));
  ui.painter.rect({track.rect.x, top, track.rect.width, thickness},
                  mixed(theme.control, theme.line, theme.kind == ThemeKind::dark ? 0.3f : 0.8f),
                  thickness / 2.0f);
  ui.painter.rect({track.rect.x, top, std::max(thickness, newest - track.rect.x), thickness},
                  mixed(theme.accent, theme.background, 0.55f), thickness / 2.0f);
  ui.painter.rect({track.rect.x, top, std::max(thickness, at - track.rect.x), thickness}, theme.accent,
                  thickness / 2.0f);
  for (const PhaseSpan& span : phases_at(*run.history, run.history->last()->step)) {
    if (span.begin_step <= 1) continue;
    ui.painter.rect({track.x(static_cast<double>(span.begin_step)) - ui.px(1.0f), middle - ui.px(5.0f),
                     ui.px(2.0f), ui.px(10.0f)},
                    theme.dim);
  }
  for (const panel::Flag& change : panel::flags_at(*run.history, kNewest)) {
    ui.painter.rect({track.x(static_cast<double>(change.step)) - ui.px(1.0f), middle - ui.px(10.0f),
                     ui.px(2.0f), ui.px(20.0f)},
                    theme.event);
  }
  ui.painter.circle(at, middle, ui.px(7.5f), theme.text);
}

std::string what_is_near(const RunView& run, const Track& track, float mouse_x) {
  const double step =
      step_from_share((mouse_x - track.rect.x) / track.rect.width, track.end, track.log_steps);
  std::string text = panel::step_text(std::llround(step));
  for (const panel::Flag& change : panel::flags_at(*run.history, kNewest)) {
    if (std::abs(track.x(static_cast<double>(change.step)) - mouse_x) < 6.0f)
      text += "\n" + change.text + " at " + panel::step_text(change.step);
  }
  return text;
}

}  // namespace

double share_from_step(double step, double axis_end, bool log_steps) {
  if (!log_steps) return std::clamp(step / axis_end, 0.0, 1.0);
  return std::clamp(std::log(std::max(step, 1.0)) / std::log(axis_end), 0.0, 1.0);
}

double step_from_share(double share, double axis_end, bool log_steps) {
  share = std::clamp(share, 0.0, 1.0);
  return log_steps ? std::exp(share * std::log(axis_end)) : share * axis_end;
}

void scrub_by(const RunView& run, ViewState& view, std::int64_t by) {
  const auto evaluations = run.history->evaluations();
  if (evaluations.empty()) return;
  const std::int64_t shown = shown_step(run, view);
  const auto after =
      std::upper_bound(evaluations.begin(), evaluations.end(), shown,
                       [](std::int64_t value, const Evaluation& at) { return value < at.step; });
  const std::int64_t index = std::distance(evaluations.begin(), after) - 1 + by;
  if (index >= static_cast<std::int64_t>(evaluations.size()) - 1)
    view.scrub_step.reset();
  else
    view.scrub_step = evaluations[static_cast<std::size_t>(std::max<std::int64_t>(index, 0))].step;
}

void scrubber(Ui& ui, const RunView& run, const Rect& rect) {
  const Theme& theme = ui.theme();
  ui.painter.rect({rect.x, rect.y, rect.width, 1.0f}, theme.line);
  if (run.history == nullptr || run.history->last() == nullptr) return;
  const bool playing = run.live && run.status->state == RunState::running;
  const Rect state{rect.x + ui.px(8.0f), rect.y, ui.px(32.0f), rect.height};
  const ItemState pressed =
      item(ui, "state", state,
           with_shortcut(playing ? "Training. Click to pause." : "Not training. Click to play.",
                         chord_text(Shortcut::play_pause)));
  paint_icon(ui.painter, playing ? Icon::pause : Icon::play, state, pressed.hovered ? theme.text : theme.dim);
  if (pressed.pressed) toggle_play(run, ui.view, ui.actions);
  const std::int64_t newest = run.history->last()->step, shown = shown_step(run, ui.view);
  const bool following = !ui.view.scrub_step;
  const std::string newest_text = is_over(run) ? "end" : "live";
  const std::string right =
      following ? newest_text + ": " + panel::step_text(newest)
                : "at " + panel::step_text(shown) + " · End key: " + (is_over(run) ? "its end" : "live");
  const TextLook quiet = ui.style(13.0f, following ? theme.dim : theme.text);
  const float right_width = std::min(ui.painter.width(right, quiet) + 1.0f, rect.width * 0.4f);
  const float end = rect.x + rect.width - ui.px(14.0f);
  ui.painter.text({end - right_width, rect.y, right_width, rect.height}, right, quiet, Align::right);
  const TextLook start_look = ui.style(13.0f, theme.dim);
  const float start = rect.x + ui.px(44.0f), start_width = ui.painter.width("step 0", start_look);
  ui.painter.text({start, rect.y, start_width + 1.0f, rect.height}, "step 0", start_look);
  Track track;
  const float left = start + start_width + ui.px(14.0f);
  track.rect = {left, rect.y, std::max(ui.px(20.0f), end - right_width - ui.px(16.0f) - left), rect.height};
  track.log_steps = ui.view.switches.on(kLogSteps);
  track.end = panel::step_axis_end(newest, track.log_steps, is_over(run));
  const ItemState drag = item(ui, "scrub", track.rect, "");
  paint_track(ui, run, track, shown);
  const float mouse = ImGui::GetIO().MousePos.x;
  if (drag.held)
    scrub_to(run, ui.view,
             step_from_share((mouse - track.rect.x) / track.rect.width, track.end, track.log_steps));
  if (drag.hovered && !drag.held) show_tooltip(ui, what_is_near(run, track, mouse));
}

}  // namespace grokscope
