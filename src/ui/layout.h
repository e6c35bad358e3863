// Where everything stands in the window at a size and scale: bars, rail, tiles. Pure arithmetic. Main thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chart/scene.h"
#include "chart/theme.h"

namespace grokscope {

struct Tile {
  std::string panel;
  std::string chart;  ///< "" = the panel's small view; else the chart of that name of its large view
  Rect rect;
};

struct DashboardLayout {
  Rect top, main, scrubber;
  Rect rail;   ///< width 0 when there is none
  Rect bar;    ///< buttons alone, in place of a rail that has no room; width 0 when there is none
  Rect story;  ///< the verdict, where no rail has it; height 0 when there is none
  Rect tabs;   ///< height 0 when there are none: what is not a tile is behind a tab
  std::vector<Tile> tiles;  ///< empty when one panel fills the main area
  bool compact = false;     ///< too small for tiles: one panel and tabs
};

struct LayoutRequest {
  float width = 0, height = 0;  ///< pixels
  float scale = 1;
  bool rail_hidden = false;
  bool rail_open = false;  ///< asked for where only the bar has room
  bool one_panel = false;
  bool tiles_only = false;  ///< on paper: no bars, no controls, no tabs
  /// Whether a panel, or one chart of its large view, has anything to show; empty: all have.
  std::function<bool(std::string_view panel, std::string_view chart)> shows;
};
DashboardLayout dashboard_layout(const LayoutRequest& request);

/// Larger windows and pictures get larger type: 1 up to 1080 lines, then in halves.
float scale_for_size(int width, int height);
/// The scale of a window or picture of that many pixels before any zoom: what the system says, or by the size
/// where it says nothing (1). In the projector theme no text is smaller than a fortieth of the height, which
/// counts up to that of a window as wide as 4 : 3.
float automatic_scale(const Theme& theme, int width, int height, float system_scale = 1.0f);
/// The same at a zoom. No zoom makes the projector's type smaller than that, or so
/// large that a panel has no room beside its text.
float zoomed_scale(const Theme& theme, int width, int height, float system_scale, float zoom);

}  // namespace grokscope
