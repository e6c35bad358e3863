// Panel: a pure function from the history to charts. One file a panel in ui/panels/, listed once in
// panels.cpp; the dashboard, the full-window view, `render` and SVG export all call the same build().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "chart/chart.h"
#include "chart/scene.h"
#include "contract/ports.h"
#include "history/history.h"

namespace grokscope {

struct PanelContext {
  const History* history = nullptr;
  const RunConfig* config = nullptr;  ///< as it is at the end of the history
  const RunFacts* facts = nullptr;    ///< nullptr before the trainer knows
  std::int64_t step = 0;              ///< what is shown: the newest step, or where the scrubber stands
  bool following = true;
  bool log_steps = true;             ///< timeline x axis
  bool show_norm = false;            ///< timeline: weight norm on demand
  bool answers_confidence = false;   ///< answers: confidence instead of right or wrong
  bool circle_pca = false;           ///< tokens: PCA instead of the strongest frequency's plane
  std::optional<double> hover_step;  ///< shared cursor
};

struct PlacedChart {
  Rect share;  ///< of the panel's area, 0..1
  Chart chart;
};

struct Panel {
  std::string_view name;  ///< "timeline", "lu", "fourier", "tokens", "ranks", "answers", "progress",
                          ///< "representation"
  std::string_view title;
  std::string_view help;  ///< what it is in one sentence, what to look for in a second, source last
  /// `large` is true at full window: more detail, several charts.
  std::vector<PlacedChart> (*build)(const PanelContext& context, bool large);
  /// Text for the tooltip under the mouse in data units of that chart's plot; "" = the default (nearest
  /// samples).
  std::string (*hover)(const PanelContext& context, std::size_t chart, std::size_t plot, double x,
                       double y) = nullptr;
  /// Whether this run has anything for the panel, or for one chart of its large view, as far as is known;
  /// nullptr: always. The dashboard shows what applies; a panel opened by itself says why not.
  bool (*applies)(const PanelContext& context, std::string_view chart) = nullptr;
};

std::span<const Panel> panels();
const Panel* find_panel(std::string_view name);

}  // namespace grokscope
