// Layers: what the features of every layer can do, layer by layer over time: how many directions they use and
// how well a linear read-out of them answers; and the layers as they are now.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "How many directions the features of each layer use (feature rank), from the first layer below to the "
    "answer above, "
    "over time. Look for the ranks of the upper layers to fall when test accuracy rises. Fan, Pascanu and "
    "Jaggi 2024.";
constexpr std::int64_t kTimeColumns = 160;
constexpr double kTunnelShare = 0.75;  // of the width: 300 of the published 400

/// Of a layer's scalars, as a map over layers and time.
struct Measure {
  const char* suffix;
  const char* chart;
  const char* title;
  const char* help;
  double high;  ///< the top of the colour scale; 0: the largest value
};
constexpr Measure kRank{".rank", "layers-rank", "Feature rank of each layer", kHelp.data(), 0.0};
constexpr Measure kProbe{".probe_test", "layers-probe", "Read-out accuracy of each layer",
                         "A ridge regression is fitted to each layer's features on training examples and "
                         "asked about test examples. Brighter "
                         "is more right. Look for it to rise in all layers together with test accuracy. Fan, "
                         "Pascanu and Jaggi 2024.",
                         1.0};

std::vector<std::string> layers_in(const Frame& frame) {
  return split_names(text_of_frame(&frame, "layers"));
}

/// Row by row from the last layer down to the first; one column for each equal stretch of the step axis.
FieldMark map_over_time(const PanelContext& context, const std::vector<std::string>& layers,
                        const Measure& measure, const Axis& axis) {
  FieldMark field;
  field.rows = static_cast<std::int64_t>(layers.size());
  field.columns = kTimeColumns;
  field.values.assign(layers.size() * kTimeColumns, std::numeric_limits<float>::quiet_NaN());
  field.x0 = *axis.minimum;
  field.x1 = *axis.maximum;
  field.y0 = 0.5;
  field.y1 = static_cast<double>(layers.size()) + 0.5;
  double largest = 1e-3;
  for (std::int64_t column = 0; column < kTimeColumns; ++column) {
    const double share = (static_cast<double>(column) + 0.5) / static_cast<double>(kTimeColumns);
    const double step = context.on(kLogSteps) ? field.x0 * std::pow(field.x1 / field.x0, share)
                                              : field.x0 + (field.x1 - field.x0) * share;
    if (step > static_cast<double>(context.step)) break;
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      const double value =
          value_at(context.history->series("layers." + layers[layer] + measure.suffix), step_at(step));
      const std::size_t row = layers.size() - 1 - layer;
      field.values[row * kTimeColumns + static_cast<std::size_t>(column)] = static_cast<float>(value);
      if (std::isfinite(value)) largest = std::max(largest, value);
    }
  }
  field.low = 0.0;
  field.high = measure.high > 0.0 ? measure.high : largest;
  return field;
}

/// "1 embedding, 2 attention, ..": what the numbers of the layers mean, where they are few.
std::string names_of(const std::vector<std::string>& layers) {
  constexpr std::size_t kFew = 6;
  std::string text;
  for (std::size_t i = 0; i < layers.size() && layers.size() <= kFew; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(i + 1) + " " + tap_label(layers[i]);
  return text;
}

Chart map_chart(const PanelContext& context, const Frame& frame, const Measure& measure) {
  const std::vector<std::string> layers = layers_in(frame);
  Chart chart;
  chart.name = measure.chart;
  chart.title = measure.title;
  chart.remark = remark_of(frame);
  chart.help = measure.help;
  Plot plot;
  plot.x = step_axis(context);
  chart.caption = names_of(layers);
  plot.y.label = "layer";
  plot.y.integer = true;
  plot.y.minimum = 0.5;
  plot.y.maximum = static_cast<double>(layers.size()) + 0.5;
  FieldMark field = map_over_time(context, layers, measure, plot.x);
  plot.colors = measure.high == 1.0
                    ? ColorScale{field.map, false, percent(0.0), percent(1.0), "test accuracy"}
                    : ColorScale{field.map, false, "0", pretty(field.high, 3), "directions"};
  plot.marks.push_back(std::move(field));
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

/// One value a layer, now.
LineMark line_over_layers(const Frame& frame, const std::vector<std::string>& layers, const char* suffix,
                          Role role, const char* label) {
  LineMark line;
  line.role = role;
  line.name = line.label = label;
  line.ends_at_cursor = false;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    line.samples.push_back({static_cast<double>(i + 1), scalar_of(&frame, layers[i] + suffix)});
  }
  return line;
}

Axis layer_axis(std::size_t layers) {
  Axis axis;
  axis.label = "layer";
  axis.integer = true;
  axis.minimum = 0.8;
  axis.maximum = static_cast<double>(layers) + 0.2;
  return axis;
}

/// The layers whose rank is below three quarters of the width: as many as there are in a row, up to the
/// answer.
std::string about_the_tunnel(const Frame& frame, const std::vector<std::string>& layers, std::int64_t width) {
  int tunnel = 0;
  for (const std::string& layer : layers) {
    const double rank = scalar_of(&frame, layer + ".rank");
    tunnel += layer != "output" && rank < kTunnelShare * static_cast<double>(width) ? 1 : 0;
  }
  return tunnel == 0 ? "no layer below three quarters of the width"
                     : std::to_string(tunnel) + (tunnel == 1 ? " layer" : " layers") +
                           " below three quarters of the width";
}

Chart ranks_now(const PanelContext& context, const Frame& frame) {
  const std::vector<std::string> layers = layers_in(frame);
  Chart chart;
  chart.name = "layers-now";
  chart.title = "Directions of each layer now";
  chart.remark = remark_of(frame);
  chart.help =
      "Feature rank as published (eigenvalues above the rounding of the precision), participation ratio and "
      "effective "
      "rank of each layer. Layers of low rank just before the answer are called the tunnel. Fan, Pascanu and "
      "Jaggi 2024.";
  chart.caption = names_of(layers);
  if (context.config->model.kind == "mlp")
    chart.caption = about_the_tunnel(frame, layers, context.config->model.width);
  Plot plot;
  plot.x = layer_axis(layers.size());
  plot.y.label = "directions";
  plot.y.minimum = 0.0;
  plot.marks.push_back(line_over_layers(frame, layers, ".rank", Role::series_1, "feature rank"));
  plot.marks.push_back(line_over_layers(frame, layers, ".effective", Role::series_2, "effective"));
  plot.marks.push_back(line_over_layers(frame, layers, ".participation", Role::series_3, "participation"));
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart probes_now(const Frame& frame) {
  const std::vector<std::string> layers = layers_in(frame);
  Chart chart;
  chart.name = "layers-probes-now";
  chart.title = "Linear read-out of each layer now";
  chart.remark = remark_of(frame);
  chart.help =
      "Accuracy of a ridge regression from each layer's features to the answers, on training and on test "
      "examples. Where "
      "it is higher than the network's own test accuracy, the features know more than the read-out uses.";
  chart.empty = text_of_frame(&frame, "probe_undefined");
  if (!chart.empty.empty()) return chart;
  Plot plot;
  plot.x = layer_axis(layers.size());
  plot.y.label = "accuracy";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  plot.marks.push_back(line_over_layers(frame, layers, ".probe_train", Role::train, "train"));
  plot.marks.push_back(line_over_layers(frame, layers, ".probe_test", Role::test, "test"));
  const double gap = scalar_of(&frame, "readout_gap");
  chart.caption = "best on held-out training examples: " + tap_label(text_of_frame(&frame, "best_layer")) +
                  ", " + pretty(100.0 * std::abs(gap), 2) + (gap >= 0.0 ? " points above" : " points below") +
                  " the network";
  chart.plots.push_back(std::move(plot));
  return chart;
}

/// The last layer before the answer, whose rank the paper follows; "" where there is none.
std::string detailed_layer(const std::vector<std::string>& layers) {
  return layers.size() < 2 ? "" : layers[layers.size() - 2];
}

/// The layer before the answer over time, its lasting rises and falls numbered.
Chart detail_chart(const PanelContext& context, const Frame& frame) {
  const std::string layer = detailed_layer(layers_in(frame));
  Chart chart;
  chart.name = "layers-detail";
  chart.title = "Directions before the answer";
  chart.remark = remark_of(frame);
  chart.help =
      "How many directions the last layer before the answer uses, over time. Look for its rank to fall with "
      "the "
      "rise of test accuracy, and whether it rises and falls again with a second one. Fan, Pascanu and Jaggi "
      "2024.";
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "directions";
  plot.y.minimum = 0.0;
  add_phase_bands(context, false, plot.marks);
  const std::string name = "layers." + layer;
  bool any =
      add_series_line(context, {name + ".rank", Role::series_1, "feature rank", "rank", false}, plot.marks);
  any |= add_series_line(context, {name + ".effective", Role::series_2, "effective rank", "effective", false},
                         plot.marks);
  any |= add_series_line(
      context, {name + ".participation", Role::series_3, "participation ratio", "participation", false},
      plot.marks);
  if (!any) {
    const std::string why = text_of_frame(&frame, layer + ".undefined");
    chart.empty = "Not defined here" + (why.empty() ? std::string(".") : ", because " + why + ".");
    return chart;
  }
  add_stage_marks(stages_known_at(context.history->rank_stages(), context.step), Role::series_1, plot.marks);
  chart.caption = tap_label(layer);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

/// The eigenvalues of that layer's covariance now.
Chart spectrum_chart_of_layer(const Frame& frame) {
  const std::string layer = detailed_layer(layers_in(frame));
  Chart chart;
  chart.name = "layers-spectrum";
  chart.title = "Its spectrum now";
  chart.remark = remark_of(frame);
  chart.help =
      "Eigenvalues of the covariance of that layer's features, over the largest. The feature rank counts "
      "those "
      "above the rounding of the precision. Look for a cliff: what lies behind it is not used. Fan, Pascanu "
      "and "
      "Jaggi 2024.";
  const auto found = frame.arrays.find(layer + "/eigenvalues");
  if (found == frame.arrays.end()) {
    chart.empty = "Not defined here: every example gives the same features.";
    return chart;
  }
  LineMark line;
  line.role = Role::series_1;
  line.name = line.label = "eigenvalues";
  line.ends_at_cursor = false;
  for (std::size_t i = 0; i < found->second.values.size(); ++i)
    line.samples.push_back({static_cast<double>(i + 1), found->second.values[i]});
  Plot plot;
  plot.x.label = "number";
  plot.x.integer = true;
  plot.y.label = "λ / λ₁";
  plot.y.scale = Scale::log;
  plot.y.minimum = 1e-10;
  plot.y.maximum = 1.0;
  plot.marks.push_back(std::move(line));
  chart.caption = tap_label(layer);
  chart.plots.push_back(std::move(plot));
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "layers");
  if (std::string why = why_empty(context, frame.get()); !why.empty()) {
    Chart chart;
    chart.name = kRank.chart;
    chart.title = kRank.title;
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  if (!large) return {{Rect{0, 0, 1, 1}, map_chart(context, *frame, kRank)}};
  std::vector<PlacedChart> charts;
  charts.push_back({Rect{0, 0, 0.36f, 0.5f}, map_chart(context, *frame, kRank)});
  charts.push_back({Rect{0.36f, 0, 0.32f, 0.5f}, ranks_now(context, *frame)});
  charts.push_back({Rect{0.68f, 0, 0.32f, 0.5f}, detail_chart(context, *frame)});
  charts.push_back({Rect{0, 0.5f, 0.36f, 0.5f}, map_chart(context, *frame, kProbe)});
  charts.push_back({Rect{0.36f, 0.5f, 0.32f, 0.5f}, probes_now(*frame)});
  charts.push_back({Rect{0.68f, 0.5f, 0.32f, 0.5f}, spectrum_chart_of_layer(*frame)});
  return charts;
}

/// On the dashboard only where there are many layers.
bool applies(const PanelContext& context, std::string_view chart) {
  constexpr std::int64_t kMany = 4;
  if (!chart.empty() && (context.config->model.kind != "mlp" || context.config->model.depth < kMany))
    return false;
  return probe_applies(context, "layers");
}

constexpr TilePlace kTiles[] = {{TileRow::lower, 50, 240, "layers-rank"}};
constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};
constexpr PanelCommand kCommands[] = {
    {"Measure now", [] { return Action(SendCommand{LookNow{{"layers"}}}); }},
    {"Stop measuring", [] { return Action(SendCommand{CancelLooks{}}); }}};

}  // namespace

const Panel kLayers{.name = "layers",
                    .short_name = "Layers",
                    .title = "Layers",
                    .help = kHelp,
                    .key = Key::digit_9,
                    .tiles = kTiles,
                    .switches = kSwitches,
                    .commands = kCommands,
                    .build = build,
                    .applies = applies};

}  // namespace grokscope::panel
