#include "chart/fit_axes.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace grokscope {
namespace {

void show_range(const std::optional<AxisRange>& range, Axis& axis) {
  if (!range || !std::isfinite(range->first) || !std::isfinite(range->last) || range->first == range->last)
    return;
  if (axis.scale == Scale::log && !(range->first > 0 && range->last > range->first)) return;
  axis.minimum = range->first;
  axis.maximum = range->last;
}

}  // namespace

bool keeps_shape(const Plot& plot, const PlotTransform& transform) {
  return plot.equal_aspect && transform.x.scale == Scale::linear && transform.y.scale == Scale::linear;
}

void zoom_in(const ChartZoom& zoom, std::size_t plot, PlotTransform& transform) {
  transform.home_x = {*transform.x.minimum, *transform.x.maximum};
  transform.home_y = {*transform.y.minimum, *transform.y.maximum};
  show_range(zoom.x, transform.x);
  if (plot < zoom.y.size()) show_range(zoom.y[plot], transform.y);
}

void fit_axes(const Chart& chart, std::vector<PlotFrame>& frames, std::vector<PlotExtent>& extents) {
  Extent shared;
  bool from_zero = false;
  for (const Plot& plot : chart.plots) {
    extents.push_back(extent_of(plot));
    const Extent& x = extents.back().x;
    if (x.any) {
      shared.include(x.low);
      shared.include(x.high);
    }
    if (x.low_positive > 0) shared.include(x.low_positive);
    from_zero = from_zero || extents.back().from_zero;
  }
  const auto edge = [](Axis axis, const Extent& extent, bool over) {
    if (!axis.minimum) axis.minimum = over ? extent.high : extent.low;
    if (!axis.maximum) axis.maximum = over ? extent.low : extent.high;
    return axis;
  };
  for (std::size_t i = 0; i < chart.plots.size(); ++i) {
    Axis x = chart.plots.front().x, y = chart.plots[i].y;
    const bool bars = from_zero && shared.any;
    if ((extents[i].tight || bars) && shared.any) x = edge(x, shared, extents[i].x_over);
    if (extents[i].tight && extents[i].y.any) y = edge(y, extents[i].y, extents[i].y_over);
    frames[i].transform.x = fitted(x, shared, false);
    frames[i].transform.y = fitted(y, extents[i].y, extents[i].from_zero);
    // Plots that keep their shape are zoomed when that has been found (keep_aspect).
    if (!keeps_shape(chart.plots[i], frames[i].transform)) zoom_in(chart.zoom, i, frames[i].transform);
    const bool below = extents[i].y.any && extents[i].y.low <= 0 && y.scale == Scale::log;
    if (below) frames[i].lowest = "≤ " + pretty(frames[i].transform.y.minimum.value_or(0.0), 1);
  }
}

void keep_aspect(PlotTransform& transform, bool tight) {
  Rect& area = transform.area_px;
  const double x_span = std::abs(*transform.x.maximum - *transform.x.minimum);
  const double y_span = std::abs(*transform.y.maximum - *transform.y.minimum);
  const double per_px = std::max(x_span / area.width, y_span / area.height);
  if (tight) {
    const float width = static_cast<float>(x_span / per_px), height = static_cast<float>(y_span / per_px);
    area.x = std::round(area.x + (area.width - width) / 2);
    area.width = width;
    area.height = height;
    return;
  }
  const auto widen = [](Axis& axis, double span) {
    const double middle = (*axis.minimum + *axis.maximum) / 2;
    const double half = *axis.maximum < *axis.minimum ? -span / 2 : span / 2;
    axis.minimum = middle - half;
    axis.maximum = middle + half;
  };
  widen(transform.x, per_px * area.width);
  widen(transform.y, per_px * area.height);
}

void snap_cells(const Plot& plot, PlotTransform& transform) {
  for (const Mark& mark : plot.marks) {
    const auto* field = std::get_if<FieldMark>(&mark);
    if (field == nullptr || field->rows < 1 || field->columns < 1) continue;
    Rect& area = transform.area_px;
    const float cell_width = area.width / static_cast<float>(field->columns);
    const float cell_height = area.height / static_cast<float>(field->rows);
    if (cell_width < 3 || cell_height < 3) continue;
    const float width = std::floor(cell_width) * static_cast<float>(field->columns);
    area.x = std::round(area.x + (area.width - width) / 2);
    area.width = width;
    area.height = std::floor(cell_height) * static_cast<float>(field->rows);
  }
}

}  // namespace grokscope
