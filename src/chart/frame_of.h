// The frame of a chart: where title, plots, ticks and the room for labels lie, before any mark is drawn.
// Internal.
#pragma once

#include <string>
#include <vector>

#include "chart/chart.h"
#include "chart/legend.h"
#include "chart/sheet.h"
#include "chart/ticks.h"

namespace grokscope {

struct PlotFrame {
  PlotTransform transform;
  std::vector<Tick> x_ticks, y_ticks;
  Rect strip;               ///< above the area: band names, flags, the y axis' name; height 0 if none
  bool x_labelled = false;  ///< only the lowest of stacked plots
  bool y_labelled = false;
  /// What the lower end of a log axis says where values stand on it that it cannot show: "≤ 10⁻⁷"; else
  /// empty.
  std::string lowest;
  bool end_labels = false;  ///< there is room for labels at the lines' ends
  /// Else they stand in rows at the top of the strip, each behind a piece of its line.
  std::vector<std::vector<const LineMark*>> key;
};

struct ChartFrame {
  std::vector<PlotFrame> plots;
  Rect inner;                        ///< bounds without padding and title
  float label_right = 0;             ///< line-end labels must stop here
  float tick_row_y = 0;              ///< middle of the row of x tick labels
  float name_row_y = 0;              ///< middle of the row below them, 0 if there is none
  bool name_beside = false;          ///< the axis' name stands right of the tick labels instead
  float caption_y = 0;               ///< middle of the caption's first row
  std::vector<std::string> caption;  ///< its rows
  LegendRows legend;                 ///< what the colours mean
  float legend_y = 0;                ///< middle of its first row
  float name_gap_px = 0;             ///< from the plot's end to a name beside the ticks
  bool labels_lost = false;          ///< not even in rows there is room for the labels of all lines
};

/// Extents of one plot's marks.
struct PlotExtent {
  Extent x, y;
  bool from_zero = false;  ///< bars stand on zero
  bool tight = false;      ///< a field: the axes are exactly its edges
  bool x_over = false, y_over = false;
};
PlotExtent extent_of(const Plot& plot);

/// Whether the line has a label that must be seen, wherever there is room for it.
bool is_labelled(const LineMark& line);
/// A row of the key, at scale 1: the piece of a line, what stands between it and its label, and between two.
constexpr float kKeyLine = 18, kKeyGap = 5, kKeyBetween = 14;

/// `caption`: of the chart, with what only a window says.
ChartFrame frame_of(const Chart& chart, const std::string& caption, Sheet& sheet, Rect inner);

}  // namespace grokscope
