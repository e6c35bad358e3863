// Layers: what the features of every layer can do, layer by layer over time: how many directions they use and
// how well a linear read-out of them answers; and the layers as they are now.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "base/whole_number.h"
#include "ui/panels/common.h"
#include "ui/panels/layers_look.h"
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

/// Row by row from the last layer down to the first; one column for each equal stretch of the step axis.
FieldMark map_over_time(const LayersLook& look, const Measure& measure, const Axis& axis) {
  FieldMark field;
  field.rows = static_cast<std::int64_t>(look.layers.size());
  field.columns = kTimeColumns;
  field.values.assign(look.layers.size() * kTimeColumns, std::numeric_limits<float>::quiet_NaN());
  field.x0 = *axis.minimum;
  field.x1 = *axis.maximum;
  field.y0 = 0.5;
  field.y1 = static_cast<double>(look.layers.size()) + 0.5;
  double largest = 1e-3;
  for (std::int64_t column = 0; column < kTimeColumns; ++column) {
    const double share = (static_cast<double>(column) + 0.5) / static_cast<double>(kTimeColumns);
    const double step = look.context->on(kLogSteps) ? field.x0 * std::pow(field.x1 / field.x0, share)
                                                    : field.x0 + (field.x1 - field.x0) * share;
    if (step > static_cast<double>(look.until())) break;
    for (std::size_t layer = 0; layer < look.layers.size(); ++layer) {
      const double value = look.value_at_step(layer, measure.suffix, step_at(step));
      const std::size_t row = look.layers.size() - 1 - layer;
      field.values[row * kTimeColumns + static_cast<std::size_t>(column)] = static_cast<float>(value);
      if (std::isfinite(value)) largest = std::max(largest, value);
    }
  }
  field.low = 0.0;
  field.high = measure.high > 0.0 ? measure.high : largest;
  return field;
}

/// Around the row of the layer in detail.
LineMark frame_of_row(const LayersLook& look, const Axis& axis) {
  const double row = static_cast<double>(look.detail + 1), left = *axis.minimum, right = *axis.maximum;
  LineMark line;
  line.role = Role::text;
  line.dash = Dash::solid;
  line.width_px = 1.4f;
  line.name = "in detail";
  line.ends_at_cursor = line.fits_axes = false;
  line.samples = {
      {left, row - 0.5}, {right, row - 0.5}, {right, row + 0.5}, {left, row + 0.5}, {left, row - 0.5}};
  return line;
}

/// "1 embedding, 2 attention, ..": what the numbers of the layers mean, where they are few.
std::string names_of(const std::vector<std::string>& layers) {
  constexpr std::size_t kFew = 6;
  std::string text;
  for (std::size_t i = 0; i < layers.size() && layers.size() <= kFew; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(i + 1) + " " + tap_label(layers[i]);
  return text;
}

/// Over steps; what is shown may be newer than the newest evaluation.
void share_time_of_looks(const LayersLook& look, Chart& chart) {
  share_time(*look.context, chart);
  chart.x_until = std::max(*chart.x_until, static_cast<double>(look.until()));
}

Chart map_chart(const LayersLook& look, const Measure& measure) {
  Chart chart;
  chart.name = measure.chart;
  chart.title = measure.title;
  chart.remark = look.remark();
  chart.help = measure.help;
  Plot plot;
  plot.x = step_axis(*look.context, look.until());
  chart.caption = names_of(look.layers);
  plot.y.label = "layer";
  plot.y.integer = true;
  plot.y.minimum = 0.5;
  plot.y.maximum = static_cast<double>(look.layers.size()) + 0.5;
  FieldMark field = map_over_time(look, measure, plot.x);
  plot.colors = measure.high == 1.0
                    ? ColorScale{field.map, false, percent(0.0), percent(1.0), "test accuracy"}
                    : ColorScale{field.map, false, "0", pretty(field.high, 3), "directions"};
  plot.marks.push_back(std::move(field));
  plot.marks.push_back(frame_of_row(look, plot.x));
  chart.plots.push_back(std::move(plot));
  share_time_of_looks(look, chart);
  return chart;
}

/// One value a layer, as of the newest look at it.
LineMark line_over_layers(const LayersLook& look, const char* suffix, Role role, const char* label) {
  LineMark line;
  line.role = role;
  line.name = line.label = label;
  line.ends_at_cursor = false;
  for (std::size_t i = 0; i < look.layers.size(); ++i) {
    if (look.steps[i] < 0) continue;  // the line goes on over those that nobody has looked at yet
    line.samples.push_back({static_cast<double>(i + 1), look.value(i, suffix)});
  }
  return line;
}

/// Behind the layer in detail.
BandMark band_of_layer(const LayersLook& look) {
  const double at = static_cast<double>(look.detail + 1);
  return {at - 0.2, at + 0.2, Role::accent, "", 0.2f};
}

Axis layer_axis(std::size_t layers) {
  Axis axis;
  axis.label = "layer";
  axis.integer = true;
  axis.minimum = 0.8;
  axis.maximum = static_cast<double>(layers) + 0.2;
  return axis;
}

/// What the linear probe of the best layer does better or worse than the network, if all have been looked at.
std::string about_the_readout(const LayersLook& look) {
  const Series* series = look.context->history->series("layers.readout_gap");
  const double gap = value_at(series, look.until());
  if (!std::isfinite(gap)) return "";
  const std::string best = text_of_frame(look.frame.get(), "best_layer");
  return "best on held-out training examples: " + (best.empty() ? "" : tap_label(best) + ", ") +
         pretty(100.0 * std::abs(gap), 2) + (gap >= 0.0 ? " points above" : " points below") + " the network";
}

/// The layers whose rank is below three quarters of the width: as many as there are in a row, up to the
/// answer.
std::string about_the_tunnel(const LayersLook& look, std::int64_t width) {
  int tunnel = 0;
  for (std::size_t i = 0; i < look.layers.size(); ++i) {
    const double rank = look.value(i, ".rank");
    tunnel += look.layers[i] != "output" && rank < kTunnelShare * static_cast<double>(width) ? 1 : 0;
  }
  return tunnel == 0 ? "no layer below three quarters of the width"
                     : std::to_string(tunnel) + (tunnel == 1 ? " layer" : " layers") +
                           " below three quarters of the width";
}

Chart ranks_now(const LayersLook& look) {
  Chart chart;
  chart.name = "layers-now";
  chart.title = "Directions of each layer now";
  chart.remark = look.remark();
  chart.help =
      "Feature rank as published (eigenvalues above the rounding of the precision), participation ratio and "
      "effective "
      "rank of each layer. Layers of low rank just before the answer are called the tunnel. Fan, Pascanu and "
      "Jaggi 2024.";
  chart.caption = names_of(look.layers);
  if (look.context->config->model.kind == "mlp")
    chart.caption = about_the_tunnel(look, look.context->config->model.width);
  Plot plot;
  plot.x = layer_axis(look.layers.size());
  plot.y.label = "directions";
  plot.y.minimum = 0.0;
  plot.marks.push_back(band_of_layer(look));
  plot.marks.push_back(line_over_layers(look, ".rank", Role::series_1, "feature rank"));
  plot.marks.push_back(line_over_layers(look, ".effective", Role::series_2, "effective"));
  plot.marks.push_back(line_over_layers(look, ".participation", Role::series_3, "participation"));
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart probes_now(const LayersLook& look) {
  Chart chart;
  chart.name = "layers-probes-now";
  chart.title = "Linear read-out of each layer now";
  chart.remark = look.remark();
  chart.help =
      "Accuracy of a ridge regression from each layer's features to the answers, on training and on test "
      "examples. Where "
      "it is higher than the network's own test accuracy, the features know more than the read-out uses.";
  chart.empty = text_of_frame(look.frame.get(), "probe_undefined");
  if (!chart.empty.empty()) return chart;
  Plot plot;
  plot.x = layer_axis(look.layers.size());
  plot.y.label = "accuracy";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  plot.marks.push_back(band_of_layer(look));
  plot.marks.push_back(line_over_layers(look, ".probe_train", Role::train, "train"));
  plot.marks.push_back(line_over_layers(look, ".probe_test", Role::test, "test"));
  chart.caption = about_the_readout(look);
  chart.plots.push_back(std::move(plot));
  return chart;
}

/// One layer over time; of the last one before the answer the lasting rises and falls, numbered.
Chart detail_chart(const LayersLook& look) {
  const std::string& layer = look.layers[look.detail];
  const PanelContext& context = *look.context;
  Chart chart;
  chart.name = "layers-detail";
  chart.title =
      look.detail_is_last_hidden() ? "Directions before the answer" : "Directions of " + tap_label(layer);
  chart.remark = look.remark_of_layer(look.detail);
  chart.help =
      "How many directions a layer uses, over time: the last one before the answer, or the one that is "
      "clicked on in the map (Page down: the next lower one). Look for its rank to fall with the rise of "
      "test accuracy, and whether it rises and falls again with a second one. Fan, Pascanu and Jaggi 2024.";
  Plot plot;
  plot.x = step_axis(context, look.until());
  plot.y.label = "directions";
  plot.y.minimum = 0.0;
  add_phase_bands(context, false, plot.marks);
  PanelContext shown = context;
  shown.step = std::max(context.step, look.until());
  const std::string name = "layers." + layer;
  bool any =
      add_series_line(shown, {name + ".rank", Role::series_1, "feature rank", "rank", false}, plot.marks);
  any |= add_series_line(shown, {name + ".effective", Role::series_2, "effective rank", "effective", false},
                         plot.marks);
  any |= add_series_line(
      shown, {name + ".participation", Role::series_3, "participation ratio", "participation", false},
      plot.marks);
  if (!any) {
    const std::string why = text_of_frame(look.frame.get(), layer + ".undefined");
    chart.empty = look.steps[look.detail] < 0
                      ? "It is looked at soon: the layers take turns."
                      : "Not defined here" + (why.empty() ? std::string(".") : ", because " + why + ".");
    return chart;
  }
  if (look.detail_is_last_hidden())
    add_stage_marks(stages_known_at(context.history->rank_stages(), shown.step), Role::series_1, plot.marks);
  chart.caption = tap_label(layer);
  chart.plots.push_back(std::move(plot));
  share_time_of_looks(look, chart);
  return chart;
}

/// The eigenvalues of that layer's covariance at the newest look at it.
Chart spectrum_chart_of_layer(const LayersLook& look) {
  const std::string& layer = look.layers[look.detail];
  Chart chart;
  chart.name = "layers-spectrum";
  chart.title = "Its spectrum now";
  chart.remark = look.remark_of_layer(look.detail);
  chart.help =
      "Eigenvalues of the covariance of that layer's features, over the largest. The feature rank counts "
      "those "
      "above the rounding of the precision. Look for a cliff: what lies behind it is not used. Fan, Pascanu "
      "and "
      "Jaggi 2024.";
  const auto found = look.frame->arrays.find(layer + "/eigenvalues");
  if (found == look.frame->arrays.end()) {
    chart.empty = look.steps[look.detail] < 0 ? "It is looked at soon: the layers take turns."
                                              : "Not defined here: every example gives the same features.";
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
  const LayersLook look = layers_look(context);
  std::string why = why_empty(context, look.frame.get());
  if (why.empty() && look.layers.empty()) why = "There are no layers to look at.";
  if (!why.empty()) {
    Chart chart;
    chart.name = kRank.chart;
    chart.title = kRank.title;
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  if (!large) return {{Rect{0, 0, 1, 1}, map_chart(look, kRank)}};
  std::vector<PlacedChart> charts;
  charts.push_back({Rect{0, 0, 0.36f, 0.5f}, map_chart(look, kRank)});
  charts.push_back({Rect{0.36f, 0, 0.32f, 0.5f}, ranks_now(look)});
  charts.push_back({Rect{0.68f, 0, 0.32f, 0.5f}, detail_chart(look)});
  charts.push_back({Rect{0, 0.5f, 0.36f, 0.5f}, map_chart(look, kProbe)});
  charts.push_back({Rect{0.36f, 0.5f, 0.32f, 0.5f}, probes_now(look)});
  charts.push_back({Rect{0.68f, 0.5f, 0.32f, 0.5f}, spectrum_chart_of_layer(look)});
  return charts;
}

/// The layer at a place of the maps (rows) or of the charts over layers (columns).
std::optional<std::size_t> layer_under(const LayersLook& look, const PlotPlace& at) {
  const bool over_layers = at.chart == 1 || at.chart == 4, map = at.chart == 0 || at.chart == 3;
  if (!over_layers && !map) return std::nullopt;
  return index_from(std::round(over_layers ? at.x : at.y) - 1.0, look.layers.size());
}

std::optional<Action> click(const PanelContext& context, const PlotPlace& at) {
  const LayersLook look = layers_look(context);
  const auto layer = layer_under(look, at);
  if (!layer) return std::nullopt;
  return Choose{std::string(kDetailedLayer.name), tap_label(look.layers[*layer])};
}

/// Of the maps: the layer, and what was known of it at that step.
std::string hover(const PanelContext& context, const PlotPlace& at) {
  const LayersLook look = layers_look(context);
  const auto layer = layer_under(look, at);
  if (!layer || (at.chart != 0 && at.chart != 3)) return {};
  const bool ranks = at.chart == 0;
  const std::int64_t step = std::min(step_at(at.x), look.until());
  const Series* series =
      context.history->series(look.series_name(*layer, ranks ? kRank.suffix : kProbe.suffix));
  const std::size_t index = series == nullptr ? 0 : series->latest_at(static_cast<double>(step));
  std::string text = tap_label(look.layers[*layer]) + "\n";
  if (series == nullptr || index >= series->size()) return text + "not looked at until " + step_text(step);
  const Sample sample = series->at(index);
  text += ranks ? pretty(sample.y, 3) + " directions" : percent(sample.y, 1) + " of the test examples";
  return text + "\nlooked at: " + step_text(step_at(sample.x)) + "\nclick: shows this layer in detail";
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
constexpr const PanelChoice* kChoices[] = {&kDetailedLayer};
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
                    .choices = kChoices,
                    .commands = kCommands,
                    .build = build,
                    .hover = hover,
                    .click = click,
                    .applies = applies};

}  // namespace grokscope::panel
