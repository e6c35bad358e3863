#include "ui/overlays.h"

#include <imgui.h>

#include <algorithm>
#include <utility>

#include "ui/imgui_style.h"
#include "ui/shortcuts.h"

namespace grokscope {
namespace {

constexpr ImGuiWindowFlags kSheet = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                    ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                    ImGuiWindowFlags_NoCollapse;

void shortcut_rows(Ui& ui, std::string_view group) {
  const ShortcutEntry* previous = nullptr;
  const auto same = [](const ShortcutEntry& a, const ShortcutEntry& b) {
    return a.what == b.what && a.panel == b.panel && a.panel_switch == b.panel_switch;
  };
  for (const ShortcutEntry& entry : shortcuts()) {
    if (entry.group != group || (previous != nullptr && same(entry, *previous))) continue;
    previous = &entry;
    std::string keys;
    for (const ShortcutEntry& other : shortcuts()) {
      if (same(other, entry) && !(other.chord.control && other.chord.shift))
        keys += (keys.empty() ? "" : ", ") + chord_text(other.chord);
    }
    ImGui::TextDisabled("%s", keys.c_str());
    ImGui::SameLine(ui.px(124.0f));
    ImGui::PushTextWrapPos(0.0f);
    ImGui::TextUnformatted(entry.text.c_str());
    ImGui::PopTextWrapPos();
  }
}

/// What the mouse does on a chart (ui/chart_mouse.h).
void mouse_block(Ui& ui) {
  static constexpr std::pair<const char*, const char*> kRows[] = {
      {"Wheel", "Zoom about the pointer; Ctrl: in height"},
      {"Drag", "Move what is zoomed"},
      {"Shift+drag", "Zoom into a box, as right drag"},
      {"Double click", "Show all of it, or the full window"},
      {"Right click", "Save, copy, explain"}};
  push_font(semibold_font());
  ImGui::TextUnformatted("The mouse on a chart");
  ImGui::PopFont();
  for (const auto& [gesture, meaning] : kRows) {
    ImGui::TextDisabled("%s", gesture);
    ImGui::SameLine(ui.px(124.0f));
    ImGui::PushTextWrapPos(0.0f);
    ImGui::TextUnformatted(meaning);
    ImGui::PopTextWrapPos();
  }
  ImGui::Spacing();
  ImGui::Spacing();
}

void group_block(Ui& ui, std::string_view group) {
  push_font(semibold_font());
  ImGui::TextUnformatted(group.data(), group.data() + group.size());
  ImGui::PopFont();
  shortcut_rows(ui, group);
  ImGui::Spacing();
  ImGui::Spacing();
}

/// What there is to see, for somebody who has never heard of it.
void about_block() {
  ImGui::PushTextWrapPos(0.0f);
  ImGui::TextUnformatted(
      "A small network is trained while you watch. Solid lines: how well it does on the examples that it is "
      "trained on; dashed "
      "lines: on examples that it never sees. Grokking is when it first learns the former by heart, and only "
      "much later, "
      "and all at once, understands the latter. Weight decay, which keeps pulling its weights towards zero, "
      "usually makes "
      "it. Rest the mouse on anything to have it explained.");
  ImGui::PopTextWrapPos();
}

}  // namespace

void help_sheet(Ui& ui, const Rect& window) {
  if (!ui.view.help_open) return;
  const float width = std::min(ui.px(860.0f), window.width - ui.px(32.0f)),
              height = std::min(ui.px(690.0f), window.height - ui.px(32.0f));
  ImGui::SetNextWindowPos(
      ImVec2(window.x + (window.width - width) / 2, window.y + (window.height - height) / 2));
  ImGui::SetNextWindowSize(ImVec2(width, height));
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleColor(ImGuiCol_WindowBg, imgui_color(ui.theme().panel));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(24.0f), ui.px(20.0f)));
  if (ImGui::Begin("help", nullptr, kSheet)) {
    push_font(semibold_font());
    ImGui::TextUnformatted("What you see, and every key");
    ImGui::PopFont();
    ImGui::SameLine();
    ImGui::TextDisabled("Esc closes.");
    ImGui::Spacing();
    about_block();
    ImGui::Spacing();
    const bool two_columns = width > ui.px(600.0f);
    const float column = two_columns ? width / 2 - ui.px(36.0f) : 0.0f;
    ImGui::BeginChild("left", ImVec2(column, two_columns ? 0.0f : height * 0.45f), false,
                      ImGuiWindowFlags_NoBackground);
    for (const std::string_view group : {"The run", "Time", "Files and help"}) group_block(ui, group);
    mouse_block(ui);
    ImGui::EndChild();
    if (two_columns) ImGui::SameLine(0.0f, ui.px(24.0f));
    ImGui::BeginChild("right", ImVec2(0, 0), false, ImGuiWindowFlags_NoBackground);
    group_block(ui, "The view");
    ImGui::PushTextWrapPos(0.0f);
    ImGui::TextDisabled(
        "Drop a run folder, a settings file, a table or a saved picture on the window to open it, or press "
        "Ctrl+O.");
    ImGui::PopTextWrapPos();
    ImGui::EndChild();
  }
  const bool clicked_outside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !ImGui::IsWindowAppearing() &&
                               !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows);
  ImGui::End();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  if (clicked_outside) ui.view.help_open = false;
}

float hint_card(Ui& ui, const Rect& rect, bool paint) {
  const float pad = ui.px(12.0f), line = ui.px(17.0f) + ui.theme().type_step_px * ui.painter.scale();
  const TextLook strong = ui.style(13.0f, ui.theme().text, Face::semibold),
                 plain = ui.style(13.0f, ui.theme().dim);
  static constexpr const char* kThings[] = {"Drag weight decay to 0 on the plateau, and back.",
                                            "Raise the training pairs: it soon understands.",
                                            "Space pauses; double click enlarges a panel."};
  const float indent = ui.px(16.0f), close = ui.px(22.0f);
  if (paint) {
    ui.painter.box(rect, ui.theme().panel, ui.theme().accent, ui.px(8.0f));
    ui.painter.text({rect.x + pad, rect.y + pad, rect.width - 2 * pad - close, line}, "Three things to try",
                    strong);
    const Rect cross{rect.x + rect.width - close - ui.px(6.0f), rect.y + ui.px(8.0f), close, close};
    const ItemState state = item(ui, "got it", cross, "Got it: not shown again. F1 shows every key.");
    paint_icon(ui.painter, Icon::close, cross, state.hovered ? ui.theme().text : ui.theme().dim);
    if (state.pressed) ui.view.hint_open = false;
  }
  float y = rect.y + pad + line + ui.px(4.0f);
  int number = 1;
  for (const char* thing : kThings) {
    if (paint) ui.painter.text({rect.x + pad, y, indent, line}, std::to_string(number), strong);
    ++number;
    y += ui.painter.paragraph({rect.x + pad + indent, y, rect.width - 2 * pad - indent, 0}, {{thing, plain}},
                              line, !paint) +
         ui.px(3.0f);
  }
  return y + pad - ui.px(3.0f) - rect.y;
}

bool hint_floats(const ViewState& view, bool live) {
  return live && view.hint_open && !view.hint_in_rail && !view.hint_had_room && !view.help_open &&
         !view.form_open;
}

void first_hint(Ui& ui, const RunView& run, const Rect& main) {
  if (!hint_floats(ui.view, can_train(run))) return;
  Rect rect{0, 0, std::min(ui.px(300.0f), main.width - ui.px(24.0f)), 0};
  rect.height = hint_card(ui, rect, false);
  ImGui::SetNextWindowPos(ImVec2(main.x + ui.px(20.0f), main.y + main.height - ui.px(18.0f) - rect.height));
  ImGui::SetNextWindowSize(ImVec2(rect.width, rect.height));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  if (ImGui::Begin("hint", nullptr,
                   kSheet | ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoBackground)) {
    const ImVec2 at = ImGui::GetWindowPos();
    rect.x = at.x;
    rect.y = at.y;
    hint_card(ui, rect, true);
    ui.flush();
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
}

void add_toast(ViewState& view, double now_s, Toast toast) {
  toast.until_s = now_s + (toast.error ? 20.0 : 7.0);
  if (ImGui::GetCurrentContext() != nullptr) {  // away from what was clicked or asked for
    const ImGuiIO& io = ImGui::GetIO();
    toast.at_left = io.MousePos.x > 0.6f * io.DisplaySize.x && io.MousePos.y > 0.5f * io.DisplaySize.y;
  }
  view.toasts.push_back(std::move(toast));
  if (view.toasts.size() > 4) view.toasts.erase(view.toasts.begin());
}

namespace {

/// The only part of a toast that takes a click.
void toast_buttons(Ui& ui, Toast& toast, const std::string& id, const ImVec2& at) {
  ImGui::SetNextWindowPos(at, ImGuiCond_Always, ImVec2(1.0f, 1.0f));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  if (ImGui::Begin((id + " buttons").c_str(), nullptr,
                   kSheet | ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoBackground |
                       ImGuiWindowFlags_AlwaysAutoResize)) {
    if (!toast.copies.empty()) {
      if (ImGui::SmallButton(toast.copy_label.c_str()))
        ui.actions.push_back(CopyText{toast.copies, "Copied: " + toast.copies});
      ImGui::SameLine();
    }
    if (ImGui::SmallButton("Close")) toast.until_s = 0.0;
  }
  ImGui::End();
  ImGui::PopStyleVar(3);
}

/// Its height. What lies below it gets every click, and can be seen when the mouse goes there.
float draw_toast(Ui& ui, Toast& toast, const std::string& id, const ImVec2& corner, float width) {
  const float across = toast.at_left ? 0.0f : 1.0f;
  ImGui::SetNextWindowPos(corner, ImGuiCond_Always, ImVec2(across, 1.0f));
  // Not a size with an open height: Dear ImGui would fit it anew, and ask for a frame, again and again.
  ImGui::SetNextWindowSizeConstraints(ImVec2(width, 0), ImVec2(width, 1e6f));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, imgui_color(ui.theme().panel));
  ImGui::PushStyleColor(ImGuiCol_Border, imgui_color(toast.error ? ui.theme().test : ui.theme().accent));
  const ImGuiIO& io = ImGui::GetIO();
  const float left = corner.x - across * width;
  float height = 0.0f;
  const float before = ui.view.toast_heights_px[id];
  const bool under_mouse = io.MousePos.x >= left && io.MousePos.x < left + width &&
                           io.MousePos.y < corner.y && io.MousePos.y >= corner.y - before;
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, under_mouse ? 0.3f : 1.0f);
  if (ImGui::Begin(id.c_str(), nullptr,
                   kSheet | ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoInputs |
                       ImGuiWindowFlags_AlwaysAutoResize)) {
    ImGui::PushTextWrapPos(width - ImGui::GetStyle().WindowPadding.x);
    ImGui::TextUnformatted(toast.text.c_str());
    ImGui::PopTextWrapPos();
    ImGui::Dummy(ImVec2(1.0f, ImGui::GetTextLineHeight()));
    height = ImGui::GetWindowHeight();
  }
  ImGui::End();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  ui.view.toast_heights_px[id] = height;
  toast_buttons(ui, toast, id, ImVec2(left + width - ui.px(10.0f), corner.y - ui.px(7.0f)));
  return height;
}

}  // namespace

void toasts(Ui& ui, const Rect& main) {
  auto& list = ui.view.toasts;
  list.erase(
      std::remove_if(list.begin(), list.end(), [&](const Toast& toast) { return toast.until_s <= ui.now_s; }),
      list.end());
  float bottoms[2] = {main.y + main.height - ui.px(14.0f), main.y + main.height - ui.px(14.0f)};
  int index = 0;
  for (Toast& toast : list) {
    ui.redraw_in_s = std::min(ui.redraw_in_s, toast.until_s - ui.now_s);
    const float width = std::min(ui.px(440.0f), main.width - ui.px(24.0f));
    const ImVec2 corner(toast.at_left ? main.x + ui.px(18.0f) : main.x + main.width - ui.px(18.0f),
                        bottoms[toast.at_left]);
    bottoms[toast.at_left] -=
        draw_toast(ui, toast, "toast" + std::to_string(index++), corner, width) + ui.px(8.0f);
  }
}

}  // namespace grokscope
