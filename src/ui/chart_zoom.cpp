#include "ui/chart_zoom.h"

#include <algorithm>
#include <cmath>

namespace grokscope {
namespace {

constexpr double kClosest = 1e-5;       // of the whole axis
constexpr double kClosestCells = 5e-3;  // where cells are looked at
constexpr double kWhole = 1.0 - 1e-6;   // so much of an axis is all of it
constexpr double kBehindEdge = 0.05;    // of the width, right of the newest step

/// The axis as shares of a range of it, 0 at its beginning and 1 at its end: linear or by the logarithm, and
/// also for an axis that is turned over.
class Shares {
 public:
  Shares(Scale scale, const AxisRange& range) : log_(scale == Scale::log), range_(range) {}

  double of(double value) const {
    if (log_) return std::log(value / range_.first) / std::log(range_.last / range_.first);
    return (value - range_.first) / (range_.last - range_.first);
  }
  double value(double share) const {
    if (log_) return range_.first * std::pow(range_.last / range_.first, share);
    return range_.first + (range_.last - range_.first) * share;
  }

 private:
  bool log_;
  AxisRange range_;
};

/// A part of an axis, in shares of what it shows without zoom.
struct Part {
  double begin = 0.0, end = 1.0;
  double width() const { return end - begin; }
};

Part part_of(const Axis& axis, const AxisRange& home) {
  const Shares shares(axis.scale, home);
  return {shares.of(*axis.minimum), shares.of(*axis.maximum)};
}

/// Not closer than can be drawn, and never beyond the whole.
Part limited(Part part, double closest) {
  const double width = std::clamp(part.width(), closest, 1.0);
  const double middle = (part.begin + part.end) / 2.0;
  const double begin = std::clamp(middle - width / 2.0, 0.0, 1.0 - width);
  return {begin, begin + width};
}

/// [from, to] of the part, in shares of it.
Part within(const Part& part, double from, double to) {
  return {part.begin + from * part.width(), part.begin + to * part.width()};
}

std::optional<AxisRange> range_of(const Part& part, const Axis& axis, const AxisRange& home) {
  if (part.width() >= kWhole) return std::nullopt;
  const Shares shares(axis.scale, home);
  return AxisRange{shares.value(part.begin), shares.value(part.end)};
}

/// The two axes of the plot that a command is about.
struct Parts {
  Part x, y;
};

struct Change {
  const PlotTransform& plot;
  Parts parts;
  bool same_scale;  ///< a circle stays round
  double closest;

  float right_share(float px) const {
    return plot.area_px.width > 0 ? (px - plot.area_px.x) / plot.area_px.width : 0.5f;
  }
  float up_share(float px) const {
    return plot.area_px.height > 0 ? 1.0f - (px - plot.area_px.y) / plot.area_px.height : 0.5f;
  }

  Parts operator()(const ZoomAbout& about) const {
    const auto closer = [&](const Part& part, double at, double factor) {
      return limited(within(part, at - at / factor, at + (1.0 - at) / factor), closest);
    };
    Parts next = parts;
    double factor = std::max(about.factor, 1e-3);
    if (same_scale)
      factor = std::min(factor, std::max(1.0, std::min(parts.x.width(), parts.y.width()) / closest));
    if (about.x || same_scale) next.x = closer(parts.x, right_share(about.at_px.x), factor);
    if (about.y || same_scale) next.y = closer(parts.y, up_share(about.at_px.y), factor);
    return next;
  }
  Parts operator()(const PanBy& pan) const {
    const double right = plot.area_px.width > 0 ? -pan.dx_px / plot.area_px.width : 0.0;
    const double up = plot.area_px.height > 0 ? pan.dy_px / plot.area_px.height : 0.0;
    return {limited(within(parts.x, right, 1.0 + right), closest),
            limited(within(parts.y, up, 1.0 + up), closest)};
  }
  Parts operator()(const ZoomIntoBox& into) const {
    Rect box = into.box_px;
    if (same_scale) {  // as much more of the short side as keeps the shape of the plot
      const float scale = std::max(box.width / plot.area_px.width, box.height / plot.area_px.height);
      const float width = scale * plot.area_px.width, height = scale * plot.area_px.height;
      box = {box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height};
    }
    return {limited(within(parts.x, right_share(box.x), right_share(box.x + box.width)), closest),
            limited(within(parts.y, up_share(box.y + box.height), up_share(box.y)), closest)};
  }
};

bool contains(const AxisRange& range, double value) {
  return value >= std::min(range.first, range.last) && value <= std::max(range.first, range.last);
}

bool is_all(const ChartZoom& zoom) {
  const auto whole = [](const std::optional<AxisRange>& range) { return !range.has_value(); };
  return !zoom.x && std::all_of(zoom.y.begin(), zoom.y.end(), whole);
}

template <typename Wanted>
bool has(const Plot& plot) {
  return std::any_of(plot.marks.begin(), plot.marks.end(),
                     [](const Mark& mark) { return std::holds_alternative<Wanted>(mark); });
}

/// As wide as it was, moved on from one newest step to another.
AxisRange moved_on(const AxisRange& range, Scale scale, double from, double to) {
  if (scale != Scale::log) return {range.first + (to - from), range.last + (to - from)};
  const double ratio = from > 0.0 && to > 0.0 ? to / from : 1.0;
  return {range.first * ratio, range.last * ratio};
}

}  // namespace

std::string zoom_key(const std::string& panel, const Chart& chart) {
  return panel + "/" + chart.name;
}

bool over_steps(const Plot& plot) {
  return plot.x.label == "step";
}

bool wheel_is_for_x(const Plot& plot) {
  return !plot.equal_aspect && (over_steps(plot) || has<BarsMark>(plot));
}

std::optional<ZoomedChart> zoomed(const Chart& chart, const std::vector<PlotTransform>& drawn,
                                  const ZoomCommand& command, double edge) {
  const std::size_t plot = std::visit([](const auto& one) { return one.plot; }, command);
  if (plot >= drawn.size() || plot >= chart.plots.size()) return std::nullopt;
  ZoomedChart next;
  for (const PlotTransform& one : drawn)
    next.shown.y.push_back(range_of(part_of(one.y, one.home_y), one.y, one.home_y));
  const PlotTransform& at = drawn[plot];
  const bool linear = at.x.scale == Scale::linear && at.y.scale == Scale::linear;
  const Parts parts{part_of(at.x, at.home_x), part_of(at.y, at.home_y)};
  const Plot& source = chart.plots[plot];
  const Change change{at, parts, source.equal_aspect && linear,
                      has<FieldMark>(source) ? kClosestCells : kClosest};
  const Parts wanted = std::visit(change, command);
  next.shown.x = range_of(wanted.x, at.x, at.home_x);
  next.shown.y[plot] = range_of(wanted.y, at.y, at.home_y);
  if (is_all(next.shown)) return std::nullopt;
  next.over_steps = over_steps(source);
  next.x_scale = at.x.scale;
  next.edge = edge;
  next.follows = next.over_steps && next.shown.x && contains(*next.shown.x, edge);
  return next;
}

ChartZoom shown_now(const ZoomedChart& zoomed, double edge) {
  ChartZoom now = zoomed.shown;
  if (zoomed.follows && now.x) now.x = moved_on(*now.x, zoomed.x_scale, zoomed.edge, edge);
  return now;
}

void apply_zoom(const ZoomedCharts& zoomed, const std::string& panel, double edge, Chart& chart) {
  const auto found = zoomed.find(zoom_key(panel, chart));
  if (found == zoomed.end()) return;
  chart.zoom = shown_now(found->second, edge);
  chart.remark += chart.remark.empty() ? "zoomed" : " · zoomed";
}

void follow_edge(ZoomedCharts& charts, double edge) {
  for (auto& [key, chart] : charts) {
    if (!chart.over_steps || !chart.shown.x) continue;
    const AxisRange now = *shown_now(chart, edge).x;
    const Shares shares(chart.x_scale, now);
    // The newest step comes to stand a little left of the right edge.
    const double stands_at = shares.value(1.0 - kBehindEdge);
    chart.shown.x = contains(now, edge) ? now : moved_on(now, chart.x_scale, stands_at, edge);
    chart.shown.y.clear();  // where the newest values are
    chart.edge = edge;
    chart.follows = true;
  }
}

}  // namespace grokscope
