// What the marks of a plot span. Bands and flags do not count: they follow the axes.
#include <algorithm>
#include <cmath>

#include "chart/frame_of.h"

namespace grokscope {
namespace {

void include_series(PlotExtent& extent, const Series& series) {
  if (series.empty()) return;
  extent.x.include(series.at(0).x);
  extent.x.include(series.at(series.size() - 1).x);
  // A run that starts at step 0 still needs the first positive step for a log axis.
  const auto x = series.x();
  const auto positive = std::upper_bound(x.begin(), x.end(), 0.0);
  if (positive != x.end()) extent.x.include(*positive);
  const MinMax all = series.summarize(0, series.size());
  if (!all.any) return;
  extent.y.include(all.minimum);
  extent.y.include(all.maximum);
  if (series.smallest_positive() > 0) extent.y.include(series.smallest_positive());
}

struct Includer {
  PlotExtent& extent;

  void operator()(const BandMark&) const {}
  void operator()(const FlagMark&) const {}
  void operator()(const NoteMark&) const {}
  void operator()(const FieldMark& field) const {
    for (const double x : {field.x0, field.x1}) extent.x.include(x);
    for (const double y : {field.y0, field.y1}) extent.y.include(y);
    extent.tight = true;
    extent.x_over = extent.x_over || field.x0 > field.x1;
    extent.y_over = extent.y_over || field.y0 > field.y1;
  }
  void operator()(const AreaMark& area) const {
    for (const auto* values : {&area.low, &area.high}) {
      for (const double y : *values) extent.y.include(y);
    }
    for (const double x : area.x) extent.x.include(x);
  }
  void operator()(const BarsMark& bars) const {
    for (const Sample& bar : bars.bars) {
      extent.x.include(bar.x - bars.width / 2);
      extent.x.include(bar.x + bars.width / 2);
      extent.y.include(bar.y);
    }
    extent.from_zero = true;
  }
  void operator()(const LineMark& line) const {
    if (!line.fits_axes) return;
    if (line.series != nullptr) {
      include_series(extent, *line.series);
      return;
    }
    for (const Sample& sample : line.samples) include(sample);
  }
  void operator()(const PointsMark& points) const {
    for (const Sample& point : points.points) include(point);
  }
  void operator()(const MarkerMark& marker) const { include({marker.x, marker.y}); }

  void include(const Sample& sample) const {
    extent.x.include(sample.x);
    extent.y.include(sample.y);
  }
};

}  // namespace

PlotExtent extent_of(const Plot& plot) {
  PlotExtent extent;
  for (const Mark& mark : plot.marks) std::visit(Includer{extent}, mark);
  return extent;
}

}  // namespace grokscope
