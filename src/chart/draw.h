// Drawing a framed chart onto a sheet: first shapes, then the labels that belong to them. Internal to the
// layout.
#pragma once

#include <string>
#include <vector>

#include "chart/frame_of.h"

namespace grokscope {

struct LineEnd {
  Point at;
  std::string label;
  Color color;
};
/// A ghost's line, for the label beside it.
struct GhostLine {
  std::vector<Point> points;
  std::string label;
};
/// What the shapes of one plot leave behind for the labels.
struct PlotInk {
  std::vector<LineEnd> ends;
  std::vector<Point> points;                ///< along the lines: labels choose the side with fewer
  std::vector<GhostLine> ghosts;            ///< those with a label
  std::vector<std::vector<Point>> strokes;  ///< what their labels keep off: flags and lines of the shown run
  bool clamped = false;                     ///< something stands on the minimum of a log axis
};

void draw_grid(Sheet& sheet, const PlotFrame& frame);
PlotInk draw_marks(Sheet& sheet, const Chart& chart, std::size_t plot, const PlotFrame& frame);
void draw_field(Sheet& sheet, const FieldMark& field, const PlotTransform& transform);
/// The texts in its cells, where they have room.
void label_field(Sheet& sheet, const FieldMark& field, const PlotTransform& transform);
void draw_area(Sheet& sheet, const AreaMark& mark, const PlotTransform& transform);
void draw_cursor(Sheet& sheet, const Chart& chart, std::size_t plot, const PlotFrame& frame);

/// The labels of the lines in rows above the plot, each behind a piece of its line, where they are not at the
/// ends.
void draw_key(Sheet& sheet, const PlotFrame& frame);
void label_axes(Sheet& sheet, const Chart& chart, const ChartFrame& frame, const std::vector<PlotInk>& inks);
void label_line_ends(Sheet& sheet, const ChartFrame& chart_frame, const PlotFrame& frame, const PlotInk& ink);
void label_flags_and_bands(Sheet& sheet, const Chart& chart, const ChartFrame& frame);
/// Each ghost's label beside its own line, where it covers nothing of the shown run. Where there is no room
/// for all of it, it loses what stands behind its last comma, then behind its colon, then itself.
void label_ghosts(Sheet& sheet, const PlotFrame& frame, const PlotInk& ink);
void label_marks(Sheet& sheet, const Plot& plot, const PlotFrame& frame, const PlotInk& ink);

}  // namespace grokscope
