// The mouse on a chart: wheel, drag and box become zoom commands. What they do is chart_zoom.h. Main thread.
#pragma once

#include "ui/chart_zoom.h"
#include "ui/ui.h"

namespace grokscope {

/// A chart in its tile, as it was laid out.
struct ChartInTile {
  const Chart& chart;
  std::string key;                          ///< zoom_key()
  const std::vector<PlotTransform>& plots;  ///< in pixels of the tile
  Rect tile;
  double edge = 0.0;  ///< the newest step that is shown
};

/// What the mouse does to it; the box that is being drawn is painted. True while it drags: no tooltip, no
/// menu.
bool zoom_by_mouse(Ui& ui, const ChartInTile& chart, const ItemState& state);

/// The plot at a place in the tile, or nothing.
std::optional<std::size_t> plot_at(const std::vector<PlotTransform>& plots, Point px);

inline constexpr const char* kZoomHint =
    "Wheel: closer (Ctrl: in height). Drag: move. Shift or right drag: into a box. Double click: all of it, "
    "or "
    "full window. Right click: save, copy.";

}  // namespace grokscope
