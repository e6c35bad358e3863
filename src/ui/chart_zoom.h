// Zoom: which part of a chart is shown, as a value in the view's state, and what the mouse and the keys do to
// it, as pure functions over the axes of the laid-out chart. No ImGui here (chart_mouse.h), nothing of a
// run's numbers. Main thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "chart/scene.h"

namespace grokscope {

/// One chart that does not show all of itself.
struct ZoomedChart {
  ChartZoom shown;  ///< when the newest step was `edge`
  bool over_steps = false;
  Scale x_scale = Scale::linear;
  bool follows = false;  ///< its x moves on with the newest step
  double edge = 0.0;
};
using ZoomedCharts = std::map<std::string, ZoomedChart>;  ///< by zoom_key()

std::string zoom_key(const std::string& panel, const Chart& chart);

/// Towards the point under the pointer by `factor`, above 1 closer.
struct ZoomAbout {
  std::size_t plot = 0;
  Point at_px;
  double factor = 1.0;
  bool x = true, y = true;  ///< which axes
};
/// The picture moves with the pointer, as far as there is something to show.
struct PanBy {
  std::size_t plot = 0;
  float dx_px = 0.0f, dy_px = 0.0f;
};
/// What the box frames fills the plot.
struct ZoomIntoBox {
  std::size_t plot = 0;
  Rect box_px;
};
using ZoomCommand = std::variant<ZoomAbout, PanBy, ZoomIntoBox>;

/// `drawn`: the plots as they were laid out, with that zoom. `edge`: the newest step that is shown. Nothing:
/// all is shown again.
std::optional<ZoomedChart> zoomed(const Chart& chart, const std::vector<PlotTransform>& drawn,
                                  const ZoomCommand& command, double edge);
/// What is shown now that the newest step is `edge`.
ChartZoom shown_now(const ZoomedChart& zoomed, double edge);
/// The chart as it is to be laid out: zoomed, and saying so.
void apply_zoom(const ZoomedCharts& zoomed, const std::string& panel, double edge, Chart& chart);
/// Every zoomed chart over steps shows the newest again, as wide as it is and in full height, and follows it.
void follow_edge(ZoomedCharts& charts, double edge);

/// Time runs along its x axis.
bool over_steps(const Plot& plot);
/// Whether a plain turn of the wheel is for the x axis alone: where time runs along it, or bars stand on
/// zero.
bool wheel_is_for_x(const Plot& plot);

}  // namespace grokscope
