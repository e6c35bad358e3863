#include "ui/open_sheet.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "ui/imgui_style.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostShown = 200;

/// In the hand of Dear ImGui: the text that it edits is its own meanwhile. Tab completes it; a field that
/// gets the focus again goes on where it was, instead of having all of it selected.
int edit_path(ImGuiInputTextCallbackData* data) {
  OpenSheet& sheet = *static_cast<OpenSheet*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackAlways) {
    if (!std::exchange(sheet.at_end, false)) return 0;
    data->CursorPos = data->SelectionStart = data->SelectionEnd = data->BufTextLen;
    return 0;
  }
  OpenSheet typed = sheet;
  typed.text.assign(data->Buf, static_cast<std::size_t>(data->BufTextLen));
  const std::string text = completed(typed);
  if (text == typed.text) return 0;
  data->DeleteChars(0, data->BufTextLen);
  data->InsertChars(0, text.c_str());
  return 0;
}

void path_field(Ui& ui, float width) {
  OpenSheet& sheet = ui.view.opening;
  std::array<char, 2048> buffer{};
  std::memcpy(buffer.data(), sheet.text.data(), std::min(sheet.text.size(), buffer.size() - 1));
  ImGui::SetNextItemWidth(width);
  if (sheet.fresh) {
    ImGui::SetKeyboardFocusHere();
    sheet.at_end = true;
  }
  sheet.fresh = false;
  const bool entered =
      ImGui::InputTextWithHint("##path", "~/…   (Tab completes, Enter opens)", buffer.data(), buffer.size(),
                               ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackCompletion |
                                   ImGuiInputTextFlags_CallbackAlways,
                               edit_path, &sheet);
  if (sheet.text != buffer.data()) sheet.wrong.clear();
  sheet.text = buffer.data();
  if (!entered) return;
  sheet.fresh = true;  // stays there if it could not be opened
  if (!sheet.text.empty()) ui.actions.push_back(OpenPath{sheet.text});
}

void name_rows(Ui& ui) {
  OpenSheet& sheet = ui.view.opening;
  const std::string folder(folder_of_typed(sheet.text));
  if (sheet.folder != folder) return;  // not looked at yet
  const auto holds = [&](const char* name) {
    return std::find(sheet.names.begin(), sheet.names.end(), name) != sheet.names.end();
  };
  if (sheet.text == folder && holds("config.json") && holds("metrics.jsonl") &&
      ImGui::Selectable("This folder is a run: Enter opens it"))
    ui.actions.push_back(OpenPath{folder});
  const std::vector<std::string> names = fitting_names(sheet);
  if (names.empty())
    ImGui::TextDisabled(sheet.text == folder ? "Nothing lies here." : "Nothing begins like that.");
  for (std::size_t i = 0; i < std::min(names.size(), kMostShown); ++i) {
    if (!ImGui::Selectable(names[i].c_str(), false, ImGuiSelectableFlags_DontClosePopups)) continue;
    sheet.text = folder + names[i];
    sheet.fresh = true;
    sheet.wrong.clear();
    if (!names[i].ends_with('/')) ui.actions.push_back(OpenPath{sheet.text});
  }
  if (names.size() > kMostShown) ImGui::TextDisabled("… and %zu more", names.size() - kMostShown);
}

void recent_rows(Ui& ui) {
  bool any = false;
  for (const RecentRun& run : ui.view.recent) {
    if (!run.there) continue;
    any = true;
    ImGui::PushID(run.path.c_str());
    if (ImGui::Selectable("##recent", false, 0, ImVec2(0, ui.px(36.0f))))
      ui.actions.push_back(OpenPath{run.path});
    if (ImGui::IsItemHovered()) show_tooltip(ui, run.path);
    const ImVec2 after = ImGui::GetCursorPos();
    ImGui::SetCursorPos(ImVec2(after.x + ui.px(6.0f), after.y - ui.px(40.0f)));
    ImGui::TextUnformatted(run.label.c_str());
    ImGui::SetCursorPos(ImVec2(after.x + ui.px(6.0f), after.y - ui.px(22.0f)));
    ImGui::TextDisabled("%s", run.path.substr(run.path.rfind('/') + 1).c_str());
    ImGui::SetCursorPos(after);
    ImGui::PopID();
  }
  if (!any) ImGui::TextDisabled("None yet: every run that is trained or opened here stands in this list.");
}

void heading(const char* text) {
  push_font(semibold_font());
  ImGui::TextUnformatted(text);
  ImGui::PopFont();
}

void contents(Ui& ui, float width) {
  OpenSheet& sheet = ui.view.opening;
  heading("Open");
  ImGui::SameLine();
  ImGui::TextDisabled(
      "a run folder, settings, a saved picture, a table. Or drop it on the window. Esc closes.");
  ImGui::Spacing();
  path_field(ui, width);
  if (!sheet.wrong.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, imgui_color(ui.theme().test));
    ImGui::TextWrapped("%s", sheet.wrong.c_str());
    ImGui::PopStyleColor();
  }
  const float column = (width - ui.px(20.0f)) / 2.0f, rest = ImGui::GetContentRegionAvail().y;
  ImGui::BeginChild("names", ImVec2(column, rest), false, ImGuiWindowFlags_NoBackground);
  heading("In this folder");
  name_rows(ui);
  ImGui::EndChild();
  ImGui::SameLine(0.0f, ui.px(20.0f));
  ImGui::BeginChild("recent", ImVec2(0, rest), false, ImGuiWindowFlags_NoBackground);
  heading("Recent runs");
  recent_rows(ui);
  ImGui::EndChild();
}

bool is_escape_pressed() {
#if IMGUI_VERSION_NUM < 18700
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false);
#else
  return ImGui::IsKeyPressed(ImGuiKey_Escape, false);
#endif
}

}  // namespace

std::string_view folder_of_typed(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : text.substr(0, slash + 1);
}

std::vector<std::string> fitting_names(const OpenSheet& sheet) {
  const std::string_view begun = std::string_view(sheet.text).substr(folder_of_typed(sheet.text).size());
  std::vector<std::string> fitting;
  for (const std::string& name : sheet.names) {
    const bool hidden = name.starts_with('.') && !begun.starts_with('.');
    if (!hidden && name.starts_with(begun)) fitting.push_back(name);
  }
  return fitting;
}

std::string completed(const OpenSheet& sheet) {
  const std::string folder(folder_of_typed(sheet.text));
  if (sheet.text == "~") return "~/";
  const std::vector<std::string> names = fitting_names(sheet);
  if (names.empty() || sheet.folder != folder) return sheet.text;
  std::string common = names.front();
  for (const std::string& name : names) {
    const auto end = std::mismatch(common.begin(), common.end(), name.begin(), name.end()).first;
    common.erase(end, common.end());
  }
  while (!common.empty() && (static_cast<unsigned char>(common.back()) & 0xC0) == 0x80) common.pop_back();
  if (!common.empty() && static_cast<unsigned char>(common.back()) >= 0xC0) common.pop_back();
  return (folder + common).size() > sheet.text.size() ? folder + common : sheet.text;
}

void toggle_open_sheet(ViewState& view, Actions& actions) {
  const bool opens = !view.opening.open;
  view.opening = {};
  view.opening.open = view.opening.fresh = opens;
  if (!opens) return;
  view.opening.text = "~/";
  view.help_open = false;
  actions.push_back(LookAround{});
}

void open_sheet(Ui& ui, const Rect& window) {
  OpenSheet& sheet = ui.view.opening;
  if (!sheet.open) return;
  const float width = std::min(ui.px(860.0f), window.width - ui.px(32.0f)),
              height = std::min(ui.px(520.0f), window.height - ui.px(32.0f));
  ImGui::SetNextWindowPos(
      ImVec2(window.x + (window.width - width) / 2, window.y + (window.height - height) / 2));
  ImGui::SetNextWindowSize(ImVec2(width, height));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, imgui_color(ui.theme().panel));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(24.0f), ui.px(20.0f)));
  constexpr ImGuiWindowFlags kSheet = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                      ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoCollapse;
  const std::string looked_at(folder_of_typed(sheet.text));
  if (ImGui::Begin("open", nullptr, kSheet)) contents(ui, width - ui.px(48.0f));
  const bool outside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !ImGui::IsWindowAppearing() &&
                       !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows);
  ImGui::End();
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  if (folder_of_typed(sheet.text) != looked_at) ui.actions.push_back(LookAround{});
  if (outside || is_escape_pressed()) sheet = {};
}

}  // namespace grokscope
