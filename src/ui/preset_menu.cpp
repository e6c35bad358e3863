#include "ui/preset_menu.h"

#include <imgui.h>

#include <algorithm>
#include <string>

#include "claims/claims.h"
#include "config/presets.h"
#include "ui/imgui_style.h"
#include "ui/theory_choice.h"

namespace grokscope {
namespace {

struct MenuRow {
  std::string name, source, title;  ///< bold, behind it, below
  std::string tooltip;
  bool current = false;
};

/// The text, cut after a word with an ellipsis when it is wider than that.
std::string fitted(std::string text, float width) {
  if (ImGui::CalcTextSize(text.c_str()).x <= width) return text;
  while (!text.empty() && ImGui::CalcTextSize((text + " …").c_str()).x > width) {
    const std::size_t space = text.rfind(' ');
    text.resize(space == std::string::npos ? 0 : space);
  }
  return text + " …";
}

/// True when it was chosen.
bool menu_row(Ui& ui, const MenuRow& row, float width) {
  ImGui::PushID(row.name.c_str());
  const float height = ui.px(40.0f);
  const ImVec2 at = ImGui::GetCursorPos();
  const bool chosen = ImGui::Selectable("##row", row.current, 0, ImVec2(width, height));
  if (ImGui::IsItemHovered()) show_tooltip(ui, row.tooltip);
  const ImVec2 after = ImGui::GetCursorPos();
  ImGui::SetCursorPos(ImVec2(at.x + ui.px(8.0f), at.y + ui.px(3.0f)));
  ImGui::TextUnformatted(row.name.c_str());
  ImGui::SameLine();
  ImGui::TextDisabled("%s", row.source.c_str());
  ImGui::SetCursorPos(ImVec2(at.x + ui.px(8.0f), at.y + ui.px(21.0f)));
  ImGui::TextDisabled("%s", fitted(row.title, width - ui.px(16.0f)).c_str());
  ImGui::SetCursorPos(after);
  ImGui::PopID();
  if (chosen) ImGui::CloseCurrentPopup();
  return chosen;
}

/// Begins its run, its sweep beside that, or opens what is computed.
void open_preset(Ui& ui, const Preset& preset) {
  if (!preset.opens.theory.empty()) {
    if (auto study = study_of(preset.opens)) ui.actions.push_back(std::move(*study));
    return;
  }
  ui.actions.push_back(Restart{preset.config});
  if (!preset.opens.sweep.empty()) ui.actions.push_back(StartSweep{preset.opens.sweep, {}});
}

std::string preset_tooltip(const Preset& preset) {
  if (preset.differs.empty()) return preset.look_for;
  return preset.look_for + "\nDiffers from what was published: " + preset.differs;
}

void preset_rows(Ui& ui, const RunView& run, float width) {
  for (const Preset& preset : presets()) {
    const MenuRow row{preset.name, preset.paper, preset.title, preset_tooltip(preset),
                      run.config->preset == preset.name};
    if (menu_row(ui, row, width)) open_preset(ui, preset);
  }
}

void claim_rows(Ui& ui, float width) {
  for (const Claim& claim : claims()) {
    MenuRow row{std::string(claim.name),
                std::string(claim.paper) + ", " + std::string(claim.figure),
                std::string(claim.statement),
                {},
                false};
    row.tooltip = row.title + "\nPublished: " + std::string(claim.published) +
                  "\nHolds here if: " + std::string(claim.expected) + "\nOpens the preset " +
                  std::string(claim.preset) + "; `grokscope reproduce " + row.name + "` checks it.";
    const Preset* preset = find_preset(claim.preset);
    if (menu_row(ui, row, width) && preset != nullptr) open_preset(ui, *preset);
  }
}

/// Rows that scroll when the window is too low for all of them.
template <typename Rows>
void scrolling(Ui& ui, const char* id, std::size_t count, float width, const Rows& rows) {
  const float row = ui.px(40.0f) + ImGui::GetStyle().ItemSpacing.y, rest = ui.px(6.0f);
  const float room = ImGui::GetIO().DisplaySize.y - ui.px(150.0f);
  // Whole rows: none is cut through.
  const float rows_shown =
      std::clamp(std::floor((room - rest) / row), 3.0f, std::max(3.0f, static_cast<float>(count)));
  ImGui::BeginChild(id, ImVec2(width + ui.px(18.0f), rows_shown * row + rest));
  rows();
  ImGui::EndChild();
}

}  // namespace

void preset_menu(Ui& ui, const RunView& run) {
  if (!ImGui::BeginPopup(kPresetMenu)) return;
  const float width = std::min(ui.px(720.0f), ImGui::GetIO().DisplaySize.x - ui.px(60.0f));
  ImGui::TextDisabled("Each starts a new run, or opens what is computed; the old run stays in its folder.");
  if (ImGui::BeginTabBar("what")) {
    if (ImGui::BeginTabItem("Presets")) {
      scrolling(ui, "preset rows", presets().size(), width, [&] { preset_rows(ui, run, width); });
      ImGui::EndTabItem();
    }
    if (ImGui::BeginTabItem("Claims of the papers")) {
      scrolling(ui, "claim rows", claims().size(), width, [&] { claim_rows(ui, width); });
      ImGui::EndTabItem();
    }
    ImGui::EndTabBar();
  }
  ImGui::EndPopup();
}

}  // namespace grokscope
