// Representation: where plain addition has put its numbers, how straight the line is that they form, and when
// that happens beside train and test accuracy.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "config/task_kinds.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Where the network has put each number, along the direction in which they differ most. Look for the dots "
    "to fall on a straight line: then a + b of pairs that it never saw follows from pairs that it did. Liu "
    "et "
    "al. 2022, effective theory, figure 1.";
constexpr std::string_view kQualityHelp =
    "RQI is the share of parallelograms i + j = m + n that the vectors keep; predicted accuracy is what "
    "follows "
    "from the training pairs by them. Look for RQI to rise just before test accuracy does. Liu et al. 2022, "
    "effective theory, section 3.";
constexpr std::string_view kTimeHelp =
    "The place of every number over training. Look for the lines to sort themselves and to become evenly "
    "spaced. Liu et al. 2022, effective theory, figure 4.";

float hue_of(std::size_t token, std::size_t tokens) {
  return static_cast<float>(token) / static_cast<float>(std::max<std::size_t>(tokens, 1));
}

Chart places_chart(const Frame& frame, const Array& line, bool large) {
  Chart chart;
  chart.name = "representation";
  chart.title = "Numbers on a line";
  const double quality = scalar_of(&frame, "rqi");
  chart.remark =
      std::isfinite(quality) ? "RQI " + percent(quality) + ", " + remark_of(frame) : remark_of(frame);
  chart.help = kHelp;
  PointsMark points;
  points.radius_px = large ? 6.0f : 4.0f;
  LineMark path;
  path.role = Role::faint;
  path.width_px = 1.2f;
  path.ends_at_cursor = false;
  path.name = "place";
  for (std::size_t token = 0; token < line.values.size(); ++token) {
    const Sample at{static_cast<double>(token), line.values[token]};
    path.samples.push_back(at);
    points.points.push_back(at);
    points.hue.push_back(hue_of(token, line.values.size()));
    points.labels.push_back(std::to_string(token));
  }
  Plot plot;
  plot.x.label = "number";
  plot.x.integer = true;
  plot.x.minimum = -0.5;
  plot.x.maximum = static_cast<double>(line.values.size()) - 0.5;
  plot.y.label = "place";
  if (line.values.size() > 1)
    plot.colors = ColorScale{ColorMap::twilight, true, "0", std::to_string(line.values.size() - 1), "number"};
  plot.marks.push_back(std::move(path));
  plot.marks.push_back(std::move(points));
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart quality_chart(const PanelContext& context, const Frame& frame) {
  Chart chart;
  chart.name = "representation-rqi";
  chart.title = "Representation quality";
  chart.remark = remark_of(frame);
  chart.help = kQualityHelp;
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "share";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  add_phase_bands(context, false, plot.marks);
  add_flags(context, false, plot.marks);
  add_series_line(context, {"train_accuracy", Role::train, "train accuracy", "train", true}, plot.marks);
  add_series_line(context, {"test_accuracy", Role::test, "test accuracy", "test", true}, plot.marks);
  add_series_line(
      context, {"representation.predicted_accuracy", Role::series_4, "predicted accuracy", "predicted", true},
      plot.marks);
  add_series_line(context, {"representation.rqi", Role::series_3, "RQI", "RQI", true}, plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart time_chart(const PanelContext& context, const Frame& frame, std::size_t tokens) {
  Chart chart;
  chart.name = "representation-time";
  chart.title = "Every number's place over time";
  chart.remark = remark_of(frame);
  chart.help = kTimeHelp;
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "place";
  std::vector<LineMark> lines(tokens);
  const std::vector<FramePtr> looks = context.history->frames("representation");
  std::vector<double> later(tokens, 0.0);
  // Backwards: a look that came out the other way round is turned to fit the one after it.
  for (auto look = looks.rbegin(); look != looks.rend(); ++look) {
    const Array* line = array_of(look->get(), "line");
    if (line == nullptr || line->values.size() != tokens || (*look)->step > context.step) continue;
    double alike = 0.0;
    for (std::size_t token = 0; token < tokens; ++token) alike += later[token] * line->values[token];
    for (std::size_t token = 0; token < tokens; ++token) {
      later[token] = alike < 0.0 ? -line->values[token] : line->values[token];
      lines[token].samples.push_back({static_cast<double>((*look)->step), later[token]});
    }
  }
  for (LineMark& line : lines) std::reverse(line.samples.begin(), line.samples.end());
  for (std::size_t token = 0; token < tokens; ++token) {
    lines[token].role = series_role(token);
    lines[token].width_px = 1.6f;
    lines[token].name = "number " + std::to_string(token);
    lines[token].label = std::to_string(token);
    plot.marks.push_back(std::move(lines[token]));
  }
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "representation");
  std::string why = why_empty(context, frame.get());
  const Array* line = array_of(frame.get(), "line");
  if (why.empty() && line == nullptr) why = "This look holds no places.";
  if (frame == nullptr || line == nullptr || !why.empty()) {
    Chart chart;
    chart.name = "representation";
    chart.title = "Numbers on a line";
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  std::vector<PlacedChart> charts;
  if (!large) {
    charts.push_back({Rect{0, 0, 1, 1}, places_chart(*frame, *line, false)});
    return charts;
  }
  charts.push_back({Rect{0, 0, 0.42f, 1}, places_chart(*frame, *line, true)});
  charts.push_back({Rect{0.42f, 0, 0.58f, 0.55f}, quality_chart(context, *frame)});
  charts.push_back({Rect{0.42f, 0.55f, 0.58f, 0.45f}, time_chart(context, *frame, line->values.size())});
  return charts;
}

/// Of plain addition only; there it takes the place of the tokens' circle.
bool applies(const PanelContext& context, std::string_view) {
  return context.config != nullptr && task_kind_of(context.config->task).plain_sums;
}

constexpr TilePlace kTiles[] = {{TileRow::middle, 30, 220}};
constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};

}  // namespace

const Panel kRepresentation{.name = "representation",
                            .short_name = "Addition",
                            .title = "Representation of plain addition",
                            .help = kHelp,
                            .key = Key::digit_8,
                            .tiles = kTiles,
                            .switches = kSwitches,
                            .build = build,
                            .applies = applies};

}  // namespace grokscope::panel
