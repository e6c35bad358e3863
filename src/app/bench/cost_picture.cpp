#include "app/bench/cost_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chart/svg.h"

namespace grokscope::bench {
namespace {

constexpr float kTileWidth = 480, kTileHeight = 320;
constexpr std::size_t kTilesInARow = 2;

/// The straight line of the fit through the middle of the points, at the first and last x.
std::vector<Sample> fitted_line(const Curve& curve) {
  double mean_x = 0.0, mean_y = 0.0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    mean_x += std::log(curve.x[i]) / static_cast<double>(curve.x.size());
    mean_y += std::log(curve.median_ms[i]) / static_cast<double>(curve.x.size());
  }
  const auto at = [&](double x) {
    return Sample{x, std::exp(mean_y + curve.slope * (std::log(x) - mean_x))};
  };
  return {at(curve.x.front()), at(curve.x.back())};
}

/// A log axis that ends a little outside its values.
Axis log_axis(std::string label, const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  Axis axis{.label = std::move(label), .scale = Scale::log};
  axis.minimum = *low / 1.3;
  axis.maximum = *high * 1.3;
  return axis;
}

Chart chart_of(const Curve& curve) {
  Chart chart;
  chart.name = "step-time-" + curve.axis;
  chart.title = fmt::format("Step time against {}: slope {:.2f}", curve.axis, curve.slope);
  chart.caption = curve.base;
  Plot plot;
  plot.x = log_axis(curve.axis, curve.x);
  plot.y = log_axis("ms a step", curve.median_ms);
  LineMark fit;
  fit.samples = fitted_line(curve);
  fit.role = Role::dim;
  fit.dash = Dash::dashed;
  fit.width_px = 1.4f;
  fit.name = "fit";
  plot.marks.emplace_back(std::move(fit));
  PointsMark points;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    points.points.push_back({curve.x[i], curve.median_ms[i]});
    points.labels.push_back(fmt::format("{:g}", curve.x[i]));
    points.hue.push_back(std::numeric_limits<float>::quiet_NaN());
  }
  points.role = Role::train;
  points.radius_px = 4.0f;
  plot.marks.emplace_back(std::move(points));
  chart.plots.push_back(std::move(plot));
  return chart;
}

}  // namespace

std::string cost_picture_svg(std::span<const Curve> curves) {
  const Theme& light = theme(ThemeKind::light);
  const MeasureText measure = inter_metrics();
  std::vector<Scene> scenes;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    LayoutOptions options;
    options.bounds = {kTileWidth * static_cast<float>(i % kTilesInARow),
                      kTileHeight * static_cast<float>(i / kTilesInARow), kTileWidth, kTileHeight};
    options.with_panel = true;
    scenes.push_back(lay_out(chart_of(curves[i]), options, light, measure));
  }
  SvgOptions options;
  options.width_px = kTileWidth * static_cast<float>(std::min(kTilesInARow, curves.size()));
  options.height_px = kTileHeight * static_cast<float>((curves.size() + kTilesInARow - 1) / kTilesInARow);
  options.background = light.background;
  options.title = "How the time of a training step grows";
  options.description =
      "Median milliseconds a step against one setting at a time, log axes, with fitted slopes.";
  return svg_from_scenes(scenes, options);
}

}  // namespace grokscope::bench
