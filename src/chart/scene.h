// Scene: a laid-out chart as primitives in pixels: what both the OpenGL renderer and the SVG writer draw.
// Lines are already reduced (at most two points a pixel column), text is placed. No fonts or GL here. Main
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "chart/chart.h"
#include "chart/theme.h"

namespace grokscope {

struct Rect {
  float x = 0, y = 0, width = 0, height = 0;
  bool contains(float px, float py) const { return px >= x && py >= y && px < x + width && py < y + height; }
};
struct Point {
  float x = 0, y = 0;
};

enum class Face { regular, semibold, mono };

struct ScenePolyline {
  std::vector<Point> points;
  Color color;
  float width_px = 1;
  Dash dash = Dash::solid;
  Rect clip;
};
struct SceneRect {
  Rect rect;
  Color fill;
  float radius_px = 0;
};
struct SceneCircle {
  Point center;
  float radius_px = 3;
  Color fill;
};
struct SceneText {
  Point at;          ///< baseline start, after anchoring
  std::string text;  ///< UTF-8
  Face face = Face::regular;
  float size_px = 12;
  Color color;
  float anchor =
      0;  ///< 0 start, 0.5 middle, 1 end: which part of the text must not move in another font (SVG)
  float width_px = 0;  ///< as measured
};
/// RGBA pixels (r in the lowest byte), row 0 on top, scaled without smoothing into `rect`.
struct SceneImage {
  Rect rect;
  std::int64_t width = 0, height = 0;
  std::vector<std::uint32_t> rgba;
};
using Primitive = std::variant<SceneRect, SceneImage, ScenePolyline, SceneCircle, SceneText>;

/// Pixel <-> data of one plot, for hover and cursors. Names read target_from_source.
struct PlotTransform {
  Rect area_px;
  Axis x, y;                 ///< with resolved minimum and maximum
  AxisRange home_x, home_y;  ///< what they are without Chart::zoom
  float px_from_x(double x_value) const;
  float px_from_y(double y_value) const;
  double x_from_px(float px) const;
  double y_from_px(float px) const;
};

struct Scene {
  Rect bounds;
  std::vector<Primitive> primitives;
  std::vector<PlotTransform> plots;  ///< one a Plot of the chart, same order
};

/// Width in pixels of UTF-8 text. The screen and the SVG writer use the same Inter metrics.
using MeasureText = std::function<float(const std::string& text, Face face, float size_px)>;

struct LayoutOptions {
  Rect bounds;              ///< the whole tile; the layout keeps its own padding inside
  float scale = 1.0f;       ///< UI scale: multiplies every size
  bool with_title = true;   ///< the tile draws title and remark
  bool with_panel = false;  ///< paints the panel background (SVG, PNG of one chart)
  bool with_hint = false;   ///< what the mouse does in a window
};

Scene lay_out(const Chart& chart, const LayoutOptions& options, const Theme& theme,
              const MeasureText& measure);

/// Advance widths of the embedded Inter and JetBrains Mono (stb_truetype), figures tabular. Safe to copy and
/// keep.
MeasureText inter_metrics();

}  // namespace grokscope
