#include "ui/slider.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/number_text.h"
#include "base/text.h"
#include "base/trimmed.h"

namespace grokscope {
namespace {

constexpr double kZeroShare = 0.06;  // log sliders with a zero: this much of the track is exactly zero
constexpr double kZeroDecades = 4.0;

double log_low(const SliderRange& range) {
  return range.minimum > 0.0 ? range.minimum : range.maximum * std::pow(10.0, -kZeroDecades);
}

double rounded(double value, int digits) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return std::strtod(text, nullptr);
}

std::string text_of_value(const SliderSpec& spec, double value) {
  return spec.percent ? percent(value, 1) : pretty(value, 4);
}

bool is_tab_pressed() {
#if IMGUI_VERSION_NUM < 18700
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Tab), false);
#else
  return ImGui::IsKeyPressed(ImGuiKey_Tab, false);
#endif
}

/// What to begin with.
void fill_in(TypedNumber& typing, const SliderSpec& spec) {
  std::snprintf(typing.text, sizeof typing.text, spec.percent ? "%.6g %%" : "%.6g",
                spec.percent ? 100.0 * spec.value : spec.value);
}

/// The number field in place of the value text. It stays, and says why, while what was entered does not do.
void type_number(Ui& ui, const Rect& rect, const SliderSpec& spec, SliderInput& input) {
  TypedNumber& typing = ui.view.typing;
  if (typing.fresh && typing.text[0] == '\0') fill_in(typing, spec);
  const float width = ui.px(84.0f);
  ImGui::SetCursorScreenPos(ImVec2(rect.x + rect.width - width, rect.y - ui.px(3.0f)));
  ImGui::SetNextItemWidth(width);
  if (typing.fresh) ImGui::SetKeyboardFocusHere();
  const bool returned =
      ImGui::InputText("##number", typing.text, sizeof typing.text,
                       ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  const bool tabbed = !typing.fresh && is_tab_pressed();
  const bool left = !typing.fresh && ImGui::IsItemDeactivated();
  typing.fresh = false;
  if (!returned && !tabbed) {
    if (left) typing = {};
    return;
  }
  const TypedValue typed = typed_value(typing.text, spec);
  typing.wrong = typed.wrong;
  typing.fresh = !typed.value;  // back into the field
  if (!typed.value) return;
  input.value = typed.value;
  input.tabbed = !tabbed ? 0 : ImGui::GetIO().KeyShift ? -1 : 1;
  typing = {};
}

void paint_track(Ui& ui, const Rect& track, const SliderSpec& spec, double share, bool hot) {
  const float middle = track.y + track.height / 2.0f, thickness = ui.px(6.0f),
              knob = ui.px(hot ? 8.0f : 7.0f);
  const float at = track.x + static_cast<float>(share) * track.width;
  const Color rail =
      mixed(ui.theme().control, ui.theme().line, ui.theme().kind == ThemeKind::dark ? 0.3f : 0.8f);
  ui.painter.rect({track.x, middle - thickness / 2.0f, track.width, thickness}, rail, thickness / 2.0f);
  const float filled = std::max(thickness, at - track.x);
  ui.painter.rect({track.x, middle - thickness / 2.0f, filled, thickness},
                  spec.enabled ? spec.color : ui.theme().faint, thickness / 2.0f);
  ui.painter.circle(at, middle, knob, spec.enabled ? ui.theme().text : ui.theme().dim);
}

/// Where the knob is dragged to; the grab point stays under the mouse. Nothing while it is only pressed: a
/// knob that was not moved leaves its value as it is, to the last digit.
std::optional<double> dragged_share(Ui& ui, const Rect& track, double share) {
  constexpr float kStill = 1.5f;
  ViewState& view = ui.view;
  const float mouse = ImGui::GetIO().MousePos.x;
  const float knob = track.x + static_cast<float>(share) * track.width;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
    const bool on_knob = std::abs(mouse - knob) <= ui.px(10.0f);
    view.slider_grab_px = on_knob ? mouse - knob : 0.0f;
    view.slider_press_px = mouse;
    view.slider_moved = !on_knob;
  }
  if (std::abs(mouse - view.slider_press_px) >= ui.px(kStill)) view.slider_moved = true;
  if (!view.slider_moved) return std::nullopt;
  return std::clamp((mouse - view.slider_grab_px - track.x) / track.width, 0.0f, 1.0f);
}

}  // namespace

double share_from_value(const SliderRange& range, double value) {
  if (!range.log_scale)
    return std::clamp((value - range.minimum) / (range.maximum - range.minimum), 0.0, 1.0);
  const double low = log_low(range);
  const double start = range.minimum > 0.0 ? 0.0 : kZeroShare;
  if (value < low) return range.minimum > 0.0 || value <= 0.0 ? 0.0 : start;
  return std::clamp(start + (1.0 - start) * std::log(value / low) / std::log(range.maximum / low), 0.0, 1.0);
}

double value_from_share(const SliderRange& range, double share) {
  share = std::clamp(share, 0.0, 1.0);
  if (!range.log_scale) {
    // A 1-2-5 grain of about a hundredth of the range: the values in between say nothing more.
    const double rough = (range.maximum - range.minimum) / 100.0,
                 decade = std::pow(10.0, std::floor(std::log10(rough)));
    const double grain = rough >= 5.0 * decade ? 5.0 * decade : rough >= 2.0 * decade ? 2.0 * decade : decade;
    const double value = range.minimum + share * (range.maximum - range.minimum);
    return std::clamp(rounded(std::round(value / grain) * grain, 6), range.minimum, range.maximum);
  }
  const double start = range.minimum > 0.0 ? 0.0 : kZeroShare;
  if (start > 0.0 && share < start / 2.0) return 0.0;
  const double along = std::max(0.0, (share - start) / (1.0 - start));
  const double low = log_low(range);
  return std::clamp(rounded(low * std::pow(range.maximum / low, along), 2), low, range.maximum);
}

TypedValue typed_value(std::string_view text, const SliderSpec& spec) {
  const auto sign = text.find('%');
  const bool rest = sign != std::string_view::npos && !trimmed(text.substr(sign + 1)).empty();
  std::optional<double> number = rest ? std::nullopt : number_from_text(text.substr(0, sign));
  if (!number || !std::isfinite(*number))
    return {std::nullopt, spec.percent ? "Write a number, such as 35 %." : "Write a number, such as 0.01."};
  if (sign != std::string_view::npos || (spec.percent && *number > 1.0)) *number /= 100.0;
  if (*number >= spec.lowest && *number <= spec.highest) return {number, ""};
  return {std::nullopt,
          "Only " + text_of_value(spec, spec.lowest) + " to " + text_of_value(spec, spec.highest) + "."};
}

void type_into(ViewState& view, const std::string& id) {
  view.typing = {};
  view.typing.slider = id;
  view.typing.fresh = true;
}

float slider_height(const Ui& ui, const SliderSpec& spec) {
  return ui.px(spec.note.empty() ? 40.0f : 56.0f) + ui.theme().type_step_px * ui.painter.scale();
}

SliderInput slider(Ui& ui, const char* id, const Rect& rect, const SliderSpec& spec) {
  ImGui::PushID(id);
  const float row = ui.px(18.0f) + ui.theme().type_step_px * ui.painter.scale();
  const Rect head{rect.x, rect.y, rect.width, row};
  const float margin = ui.px(6.0f);  // the knob may be grabbed a little beyond the ends
  const Rect track{rect.x, rect.y + row + ui.px(3.0f), rect.width, ui.px(16.0f)};
  const bool typing = ui.view.typing.slider == id;
  SliderInput input;
  const TextLook quiet = ui.style(13.0f, ui.theme().dim);
  const float used = ui.painter.text({head.x, head.y, head.width * 0.62f, head.height}, spec.label, quiet);
  if (typing) {
    type_number(ui, head, spec, input);
  } else {
    ui.painter.text({head.x + used + ui.px(6.0f), head.y, head.width - used - ui.px(6.0f), head.height},
                    spec.value_text, ui.style(13.0f, ui.theme().text, Face::semibold), Align::right);
    if (item(ui, "head", head, spec.tooltip).double_clicked && spec.enabled && spec.typable)
      type_into(ui.view, id);
  }
  const double share = share_from_value(spec.range, spec.value);
  const ItemState state =
      item(ui, "track", {track.x - margin, track.y, track.width + 2 * margin, track.height}, spec.tooltip);
  paint_track(ui, track, spec, share, spec.enabled && (state.hovered || state.held));
  if (!spec.note.empty()) {
    ui.painter.text({rect.x, track.y + track.height, rect.width, ui.px(16.0f)}, spec.note,
                    ui.style(12.0f, spec.warns ? ui.theme().test : ui.theme().dim));
  }
  const bool asks_for_the_keyboard = state.double_clicked || (state.pressed && state.focused);
  if (spec.enabled && spec.typable && asks_for_the_keyboard) {
    type_into(ui.view, id);
  } else if (spec.enabled && state.held && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    if (const auto dragged = dragged_share(ui, track, share)) {
      const double value = value_from_share(spec.range, *dragged);
      if (value != spec.value) input.value = value;
      input.held = true;
    }
  }
  ImGui::PopID();
  return input;
}

}  // namespace grokscope
