#include "claims/claim_charts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/text.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostDots = 40;  ///< a longer line is a curve, not a list of measurements

PointsMark dots_of(const ClaimLine& line) {
  PointsMark dots;
  dots.points = line.samples;
  dots.hue.assign(line.samples.size(), std::numeric_limits<float>::quiet_NaN());
  dots.role = line.role;
  return dots;
}

LineMark mark_of(ClaimLine line) {
  LineMark mark;
  mark.samples = std::move(line.samples);
  mark.role = line.role;
  mark.label = line.label;
  mark.name = std::move(line.label);
  return mark;
}

}  // namespace

Role claim_role(std::size_t index) {
  constexpr std::array kRoles{Role::series_1, Role::series_2, Role::series_3,
                              Role::series_4, Role::series_5, Role::series_6};
  return kRoles[index % kRoles.size()];
}

ClaimLine line_of(const History& history, std::string_view name, std::string label, Role role) {
  ClaimLine line{std::move(label), {}, role};
  const Series* series = history.series(name);
  for (std::size_t i = 0; series != nullptr && i < series->size(); ++i) {
    if (series->at(i).x > 0) line.samples.push_back(series->at(i));
  }
  return line;
}

Chart claim_chart(std::string name, std::string title, Axis x, Axis y, std::vector<ClaimLine> lines) {
  Chart chart;
  chart.name = std::move(name);
  chart.title = std::move(title);
  Plot plot;
  plot.x = std::move(x);
  plot.y = std::move(y);
  for (ClaimLine& line : lines) {
    if (line.samples.empty()) continue;
    if (line.samples.size() <= kMostDots) plot.marks.emplace_back(dots_of(line));
    plot.marks.emplace_back(mark_of(std::move(line)));
  }
  if (plot.marks.empty()) chart.empty = "nothing was measured";
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart accuracy_chart(std::string name, std::string title, const History& history) {
  return claim_chart(std::move(name), std::move(title), log_axis("step"), percent_axis("accuracy"),
                     {line_of(history, "train_accuracy", "train", Role::train),
                      line_of(history, "test_accuracy", "test", Role::test)});
}

Chart scale_chart(const TrainedRun& trained, const std::string& what) {
  const std::string alpha = pretty(trained.run.config.init.scale);
  return accuracy_chart("alpha-" + alpha, what + ", α = " + alpha, trained.history);
}

Chart category_chart(std::string name, std::string title, Axis x, Axis y, std::int64_t columns,
                     const std::vector<float>& values, std::vector<Role> roles) {
  FieldMark field;
  field.columns = columns;
  field.rows = static_cast<std::int64_t>(values.size()) / columns;
  for (std::int64_t row = field.rows - 1; row >= 0; --row) {  // the mark's first row is on top
    const auto begin = values.begin() + row * columns;
    field.values.insert(field.values.end(), begin, begin + columns);
  }
  field.categories = std::move(roles);
  field.x0 = field.y0 = -0.5;
  field.x1 = static_cast<double>(columns) - 0.5;
  field.y1 = static_cast<double>(field.rows) - 0.5;
  Chart chart;
  chart.name = std::move(name);
  chart.title = std::move(title);
  Plot plot;
  plot.x = std::move(x);
  plot.y = std::move(y);
  plot.x.integer = plot.y.integer = true;
  plot.marks.emplace_back(std::move(field));
  chart.plots.push_back(std::move(plot));
  return chart;
}

Axis log_axis(std::string label) {
  return {.label = std::move(label), .scale = Scale::log};
}

Axis percent_axis(std::string label) {
  Axis axis{.label = std::move(label)};
  axis.minimum = 0.0;
  axis.maximum = 1.0;
  axis.percent = true;
  return axis;
}

}  // namespace grokscope
