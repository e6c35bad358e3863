// The list of panels, in the order of their number keys.
#include <algorithm>

#include "ui/panels/registry.h"

namespace grokscope {

std::span<const Panel> panels() {
  static const Panel kAll[] = {panel::kTimeline, panel::kLu,      panel::kFourier,  panel::kTokens,
                               panel::kRanks,    panel::kAnswers, panel::kProgress, panel::kRepresentation};
  return kAll;
}

const Panel* find_panel(std::string_view name) {
  const auto all = panels();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Panel& panel) { return panel.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace grokscope
