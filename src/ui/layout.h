// Where everything stands in the window at a size and scale: bars, rail, tiles. Pure arithmetic. Main thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chart/scene.h"

namespace grokscope {

struct Tile {
  std::string panel;
  std::string chart;  ///< "" = the panel's small view; else the chart of that name of its large view
  Rect rect;
};

struct DashboardLayout {
  Rect top, rail, main, scrubber;
  Rect tabs;                ///< height 0 when there are none
  std::vector<Tile> tiles;  ///< empty when one panel fills the main area
  bool compact = false;     ///< too small for tiles: one panel and tabs
};

struct LayoutRequest {
  float width = 0, height = 0;  ///< pixels
  float scale = 1;
  bool rail_hidden = false;
  bool one_panel = false;
  /// Whether a panel, or one chart of its large view, has anything to show; empty: all have.
  std::function<bool(std::string_view panel, std::string_view chart)> shows;
};
DashboardLayout dashboard_layout(const LayoutRequest& request);

}  // namespace grokscope
