#include "ui/panel_tabs.h"

#include <imgui.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "ui/shortcuts.h"

namespace grokscope {
namespace {

constexpr const char* kMoreMenu = "more panels";

struct Tab {
  std::string panel;  ///< "" = the dashboard
  std::string text, tooltip;
};

/// Of the panels that have something to show in this run; the shown one stays.
std::vector<Tab> all_tabs(const PanelContext& context, const std::string& shown, bool with_dashboard) {
  std::vector<Tab> tabs;
  if (with_dashboard) tabs.push_back({"", "Dashboard", with_shortcut("All panels at once.", "Esc")});
  for (const Panel& panel : panels()) {
    const bool has_nothing = panel.applies != nullptr && !panel.applies(context, "");
    if (has_nothing && panel.name != shown) continue;
    tabs.push_back({std::string(panel.name), std::string(panel.short_name),
                    with_shortcut(std::string(panel.help), chord_text(Chord{panel.key}))});
  }
  return tabs;
}

/// How many tabs from the first have room, with that of the shown panel among them and, where some have none,
/// a tab that opens a menu of the others: every panel can be reached with the mouse at any width.
std::vector<Tab> tabs_in_view(const std::vector<Tab>& all, const std::string& shown, float room,
                              const std::function<float(const std::string&)>& width_of) {
  float left = room;
  std::size_t count = 0;
  while (count < all.size() && left >= width_of(all[count].text)) left -= width_of(all[count++].text);
  if (count == all.size()) return all;
  const auto chosen =
      std::find_if(all.begin(), all.end(), [&](const Tab& tab) { return tab.panel == shown; });
  left = room - width_of("More");
  const bool late = static_cast<std::size_t>(chosen - all.begin()) >= count;
  std::vector<Tab> seen;
  if (chosen != all.end()) left -= width_of(chosen->text);
  for (const Tab& tab : all) {
    if (chosen != all.end() && tab.panel == chosen->panel) {
      seen.push_back(tab);
      continue;
    }
    if (left < width_of(tab.text)) break;
    left -= width_of(tab.text);
    seen.push_back(tab);
  }
  const bool there =
      std::any_of(seen.begin(), seen.end(), [&](const Tab& tab) { return tab.panel == shown; });
  if (late && chosen != all.end() && !there) seen.push_back(*chosen);
  return seen;
}

void show_panel(Ui& ui, const std::string& panel) {
  ui.view.full_panel = panel;
}

void more_menu(Ui& ui, const std::vector<Tab>& all, const std::string& shown) {
  if (!ImGui::BeginPopup(kMoreMenu)) return;
  for (const Tab& tab : all) {
    if (ImGui::MenuItem(tab.text.c_str(), nullptr, tab.panel == shown)) show_panel(ui, tab.panel);
  }
  ImGui::EndPopup();
}

}  // namespace

void panel_tabs(Ui& ui, const PanelContext& context, const Rect& strip, const std::string& shown,
                bool with_dashboard) {
  const float gap = ui.px(6.0f), margin = ui.px(10.0f), height = std::min(ui.px(27.0f), strip.height);
  const float top = strip.y + strip.height - height, room = strip.width - 2 * margin + gap;
  const auto look_of = [&](bool chosen) {
    return ui.style(13.0f, chosen ? ui.theme().text : ui.theme().dim,
                    chosen ? Face::semibold : Face::regular);
  };
  const auto width_of = [&](const std::string& text) {
    return ui.painter.width(text, look_of(true)) + ui.px(18.0f) + gap;
  };
  const std::vector<Tab> all = all_tabs(context, shown, with_dashboard);
  const std::vector<Tab> seen = tabs_in_view(all, shown, room, width_of);
  float x = strip.x + margin;
  const auto place = [&](const char* id, const std::string& text, bool chosen, const std::string& tooltip) {
    const Rect rect{x, top, std::min(width_of(text) - gap, strip.x + strip.width - x), height};
    const ItemState state = item(ui, id, rect, tooltip);
    if (chosen || state.hovered)
      ui.painter.box(rect, chosen ? ui.theme().panel : ui.theme().control_hover, ui.theme().line,
                     ui.px(6.0f));
    ui.painter.text(rect, text, look_of(chosen), Align::centre);
    x += rect.width + gap;
    return state.pressed;
  };
  for (const Tab& tab : seen) {
    const std::string id = "tab " + tab.panel;
    if (place(id.c_str(), tab.text, tab.panel == shown, tab.tooltip)) show_panel(ui, tab.panel);
  }
  if (seen.size() < all.size() && place("more", "More", false, "The other panels."))
    ImGui::OpenPopup(kMoreMenu);
  more_menu(ui, all, shown);
}

}  // namespace grokscope
