// The panels of panel_list.h as one span.
#include <algorithm>

#include "ui/panels/panel_list.h"

namespace grokscope {

std::span<const Panel> panels() {
#define GROKSCOPE_ROW(row) panel::row,
  static const Panel kAll[] = {GROKSCOPE_PANELS(GROKSCOPE_ROW)};
#undef GROKSCOPE_ROW
  return kAll;
}

std::string_view panel_of(const SweepPlan& plan) {
  for (const Panel& panel : panels()) {
    if (panel.suits_plan != nullptr && panel.suits_plan(plan)) return panel.name;
  }
  return "sweep";
}

const Panel* find_panel(std::string_view name) {
  const auto all = panels();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Panel& panel) { return panel.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string panel_names(std::string_view between) {
  std::string names;
  for (const Panel& panel : panels())
    names += (names.empty() ? "" : std::string(between)) + std::string(panel.name);
  return names;
}

std::vector<const PanelSwitch*> panel_switches() {
  std::vector<const PanelSwitch*> all;
  for (const Panel& panel : panels()) {
    for (const PanelSwitch* one : panel.switches) {
      const bool known = std::any_of(all.begin(), all.end(),
                                     [&](const PanelSwitch* other) { return other->name == one->name; });
      if (!known) all.push_back(one);
    }
  }
  return all;
}

std::string PanelContext::chosen(const PanelChoice& which) const {
  if (which.options == nullptr) return choices == nullptr ? std::string() : choices->of(which.name);
  const std::vector<std::string> options = which.options(*this);
  if (options.empty()) return {};
  const std::string& wanted = choices == nullptr ? std::string() : choices->of(which.name);
  return std::find(options.begin(), options.end(), wanted) == options.end() ? options.front() : wanted;
}

void choose_next(const PanelChoice& which, const PanelContext& context, Choices& choices) {
  if (which.options == nullptr) return;
  const std::vector<std::string> options = which.options(context);
  const auto now = std::find(options.begin(), options.end(), context.chosen(which));
  if (now == options.end()) return;
  choices.set(which.name, now + 1 == options.end() ? options.front() : *(now + 1));
}

}  // namespace grokscope
