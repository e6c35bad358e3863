#include "ui/chart_menu.h"

#include <imgui.h>

#include "ui/chart_zoom.h"
#include "ui/shortcuts.h"
#include "ui/tiles.h"

namespace grokscope {
namespace {

void view_choice(Ui& ui, const PanelChoice& choice, const PanelContext& context) {
  if (!choice.in_menu || choice.options == nullptr) return;
  const std::vector<std::string> options = choice.options(context);
  if (options.size() < 2) return;
  if (!ImGui::BeginMenu(std::string(choice.text).c_str())) return;
  const std::string chosen = context.chosen(choice);
  for (const std::string& option : options) {
    if (ImGui::MenuItem(option.c_str(), nullptr, option == chosen)) ui.view.choices.set(choice.name, option);
  }
  ImGui::EndMenu();
}

void view_switches(Ui& ui, const Panel& panel, const PanelContext& context) {
  for (const PanelSwitch* one : panel.switches) {
    const std::string key = one->key == Key::none ? std::string() : chord_text(Chord{one->key});
    if (ImGui::MenuItem(std::string(one->text).c_str(), key.c_str(), ui.view.switches.on(*one)))
      ui.view.switches.toggle(*one);
  }
  for (const PanelChoice* one : panel.choices) view_choice(ui, *one, context);
  for (std::size_t i = 0; i < panel.commands.size();) {
    const std::string_view menu = panel.commands[i].menu;
    std::size_t end = i + 1;
    while (!menu.empty() && end < panel.commands.size() && panel.commands[end].menu == menu) ++end;
    const bool open = menu.empty() || ImGui::BeginMenu(std::string(menu).c_str());
    for (; i < end; ++i) {
      const PanelCommand& command = panel.commands[i];
      if (open && ImGui::MenuItem(std::string(command.text).c_str())) ui.actions.push_back(command.action());
    }
    if (open && !menu.empty()) ImGui::EndMenu();
  }
}

}  // namespace

std::string said_of_copied_data(const Chart& chart) {
  return "The numbers of \"" + chart.title +
         "\" are in the clipboard as CSV: paste them into a spreadsheet or a text file.";
}

void chart_menu(Ui& ui, const Panel& panel, const Chart& chart, const PanelContext& context) {
  if (!ImGui::BeginPopup(kChartMenu)) return;
  ImGui::TextDisabled("%s", chart.title.c_str());
  const std::string name(panel.name);
  if (ImGui::MenuItem("Save as PNG")) ui.actions.push_back(SaveChart{name, chart.name, false});
  if (ImGui::MenuItem("Save as SVG")) ui.actions.push_back(SaveChart{name, chart.name, true});
  if (ImGui::BeginMenu("Save as in this window")) {
    if (ImGui::MenuItem("PNG")) ui.actions.push_back(SaveChart{name, chart.name, false, true});
    if (ImGui::MenuItem("SVG")) ui.actions.push_back(SaveChart{name, chart.name, true, true});
    ImGui::EndMenu();
  }
  if (ImGui::MenuItem("Copy data (CSV)", chord_text(Shortcut::copy_data).c_str())) {
    ui.actions.push_back(CopyText{chart_csv(chart), said_of_copied_data(chart)});
  }
  ImGui::Separator();
  if (ui.view.full_panel == name) {
    if (ImGui::MenuItem("Back to the dashboard", "Esc")) ui.view.full_panel.clear();
  } else if (ImGui::MenuItem("Full window", "double click")) {
    ui.view.full_panel = name;
  }
  const std::string zoom = zoom_key(name, chart);
  const bool is_zoomed = ui.view.zoomed.contains(zoom);
  if (is_zoomed && ImGui::MenuItem("Show all of it", "double click")) ui.view.zoomed.erase(zoom);
  view_switches(ui, panel, context);
  if (!chart.help.empty() && ImGui::BeginMenu("What is this?")) {
    ImGui::PushTextWrapPos(ui.px(340.0f));
    ImGui::TextUnformatted(chart.help.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
}

}  // namespace grokscope
