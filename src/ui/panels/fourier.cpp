// Fourier: how much of the token embedding each frequency holds, now and over time. Where tokens have no
// cyclic order the singular spectrum stands instead; for images, the first layer's filters.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "base/whole_number.h"
#include "ui/panels/common.h"
#include "ui/panels/mosaic.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "How much of the token embedding each frequency cos(2πka/p), sin(2πka/p) holds. Look for a few bars to "
    "rise out of "
    "a flat floor shortly before test accuracy moves: the network computes with those waves. Nanda et al. "
    "2023, figure 3.";
constexpr std::size_t kTimeColumns = 120;

/// Early on almost every frequency is above a quarter of the largest: a key that everyone holds is none.
bool keys_stand_out(std::size_t keys, std::size_t frequencies) {
  return frequencies <= 6 || keys * 2 <= frequencies;
}

/// 1 for the bars to accent: the key frequencies, or early on those with three times the average share.
std::vector<std::uint8_t> strong_bars(const Frame& frame, const Array& power) {
  const std::size_t count = power.values.size();
  std::vector<std::uint8_t> strong(count, 0);
  const Array* keys = array_of(&frame, "key_frequencies");
  if (keys != nullptr && keys_stand_out(keys->values.size(), count)) {
    for (const float key : keys->values) {
      if (const auto index = index_from(static_cast<double>(key) - 1.0, count)) strong[*index] = 1;
    }
    return strong;
  }
  for (std::size_t i = 0; i < count; ++i)
    strong[i] = power.values[i] * static_cast<float>(count) > 3.0f ? 1 : 0;
  return strong;
}

std::string key_caption(const Frame& frame, const Array& power) {
  double share = 0.0;
  std::int64_t bars = 0;
  const std::vector<std::uint8_t> strong = strong_bars(frame, power);
  for (std::size_t i = 0; i < strong.size(); ++i) {
    bars += strong[i];
    share += strong[i] != 0 ? static_cast<double>(power.values[i]) : 0.0;
  }
  const Array* keys = array_of(&frame, "key_frequencies");
  const bool settled = keys != nullptr && keys_stand_out(keys->values.size(), power.values.size());
  std::string text = "No frequency stands out yet";
  if (bars > 0) {
    text = grouped(bars) + (settled ? " key" : "") + (bars == 1 ? " frequency " : " frequencies ") +
           (settled ? (bars == 1 ? "holds " : "hold ") : (bars == 1 ? "rises, " : "rise, ")) + percent(share);
  }
  const double gini = scalar_of(&frame, "gini");
  return std::isfinite(gini) ? text + " · Gini " + pretty(gini, 2) : text;
}

Plot power_plot(const Frame& frame, const Array& power) {
  Plot plot;
  const std::size_t count = power.values.size();
  BarsMark bars;
  bars.strong = strong_bars(frame, power);
  double largest = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    bars.bars.push_back({static_cast<double>(i + 1), power.values[i]});
    bars.labels.push_back(std::to_string(i + 1));
    largest = std::max(largest, static_cast<double>(power.values[i]));
  }
  plot.x.label = "frequency k";
  plot.x.integer = true;
  plot.x.minimum = 0.2;
  plot.x.maximum = static_cast<double>(count) + 0.8;
  plot.y.label = "share of power";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = std::clamp(std::ceil(11.5 * largest) / 10.0, 0.1, 1.0);
  plot.marks.push_back(std::move(bars));
  return plot;
}

Chart power_chart(const Frame& frame, const Array& power) {
  Chart chart;
  chart.name = "fourier";
  chart.title = "Fourier power of the embedding";
  chart.remark = remark_of(frame);
  chart.caption = key_caption(frame, power);
  chart.help = kHelp;
  chart.plots.push_back(power_plot(frame, power));
  return chart;
}

/// One column per equal stretch of the (log) step axis: what was known then.
FieldMark power_over_time(const PanelContext& context, std::size_t frequencies, const Axis& axis) {
  FieldMark field;
  field.rows = static_cast<std::int64_t>(frequencies);
  field.columns = kTimeColumns;
  field.values.assign(frequencies * kTimeColumns, std::numeric_limits<float>::quiet_NaN());
  field.x0 = *axis.minimum;
  field.x1 = *axis.maximum;
  field.y0 = 0.5;
  field.y1 = static_cast<double>(frequencies) + 0.5;
  float largest = 1e-3f;
  for (std::size_t column = 0; column < kTimeColumns; ++column) {
    const double share = (static_cast<double>(column) + 0.5) / static_cast<double>(kTimeColumns);
    const double step = context.on(kLogSteps) ? field.x0 * std::pow(field.x1 / field.x0, share)
                                              : field.x0 + (field.x1 - field.x0) * share;
    if (step > static_cast<double>(context.step)) break;
    const FramePtr frame = context.history->latest_at("fourier", step_at(step));
    const Array* power = array_of(frame.get(), "power");
    if (power == nullptr || power->values.size() != frequencies) continue;
    for (std::size_t k = 0; k < frequencies; ++k) {
      field.values[(frequencies - 1 - k) * kTimeColumns + column] = power->values[k];
      largest = std::max(largest, power->values[k]);
    }
  }
  field.low = 0.0;
  field.high = largest;
  return field;
}

Chart time_chart(const PanelContext& context, const Frame& frame, std::size_t frequencies) {
  Chart chart;
  chart.name = "fourier-time";
  chart.title = "Frequencies over time";
  chart.remark = remark_of(frame);
  chart.help =
      "Share of the embedding's power at each frequency (up), at each step (right); brighter is more. Look "
      "for the few "
      "bright stripes that survive while the rest fades. Nanda et al. 2023.";
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "frequency k";
  plot.y.integer = true;
  plot.y.minimum = 0.5;
  plot.y.maximum = static_cast<double>(frequencies) + 0.5;
  FieldMark field = power_over_time(context, frequencies, plot.x);
  plot.colors = ColorScale{field.map, false, percent(field.low), percent(field.high), "of the power"};
  plot.marks.push_back(std::move(field));
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart norms_chart(const Frame& frame) {
  Chart chart;
  chart.name = "fourier-norms";
  chart.title = "Cosine and sine components";
  chart.remark = remark_of(frame);
  chart.help =
      "Length of the cosine and the sine component of the embedding at each frequency. Look for both to rise "
      "together at "
      "a key frequency: the network needs the pair to rotate. Nanda et al. 2023, figure 3.";
  Plot plot;
  plot.x.label = "frequency k";
  plot.x.integer = true;
  plot.y.label = "norm";
  plot.y.minimum = 0.0;
  if (const Array* cosine = array_of(&frame, "cos_norm")) {
    plot.x.minimum = 0.2;
    plot.x.maximum = static_cast<double>(cosine->values.size()) + 0.8;
  }
  const auto add = [&](const char* name, const char* label, Role role) {
    const Array* array = array_of(&frame, name);
    if (array == nullptr) return;
    LineMark line;
    line.role = role;
    line.name = std::string(label) + " component";
    line.label = label;
    line.width_px = 1.8f;
    line.ends_at_cursor = false;
    for (std::size_t i = 0; i < array->values.size(); ++i)
      line.samples.push_back({static_cast<double>(i + 1), array->values[i]});
    plot.marks.push_back(std::move(line));
  };
  add("cos_norm", "cos", Role::series_1);
  add("sin_norm", "sin", Role::series_2);
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart concentration_chart(const PanelContext& context) {
  Chart chart;
  chart.name = "fourier-concentration";
  chart.title = "Concentration";
  chart.remark = step_text(context.step);
  chart.help =
      "Gini coefficient of the Fourier components (0: all alike, 1: a single one) and the share of power "
      "that the key "
      "frequencies hold. Look for both to rise before test accuracy does. Nanda et al. 2023, section 5.";
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "share";
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  add_phase_bands(context, false, plot.marks);
  add_series_line(context, {"fourier.gini", Role::series_1, "Gini coefficient", "Gini", false}, plot.marks);
  add_series_line(context,
                  {"fourier.top8_share", Role::series_3, "share of the eight strongest", "top 8:", true},
                  plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart spectrum_chart(const Frame& frame, const Array& values) {
  Chart chart;
  chart.name = "fourier";
  chart.title = "Singular values of the embedding";
  chart.remark = remark_of(frame);
  chart.caption = "These tokens have no cyclic order, so there are no frequencies to find.";
  chart.help =
      "How many directions the token embedding really uses: its singular values, largest first. Look for a "
      "few to stay "
      "while the rest falls. Shown instead of frequencies, because these tokens have no cyclic order.";
  Plot plot;
  plot.x.label = "index";
  plot.x.integer = true;
  plot.y.label = "singular value";
  plot.y.minimum = 0.0;
  BarsMark bars;
  for (std::size_t i = 0; i < values.values.size(); ++i)
    bars.bars.push_back({static_cast<double>(i + 1), values.values[i]});
  bars.strong.assign(bars.bars.size(), 0);
  plot.marks.push_back(std::move(bars));
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart filters_chart(const Frame& frame, const Array& filters) {
  Chart chart;
  chart.name = "fourier";
  chart.title = "First-layer filters";
  chart.remark = remark_of(frame);
  chart.caption = "Pixels have no cyclic order: each square is what one unit looks for.";
  chart.help =
      "The first layer's weights of the units with the largest norm, as images; red and blue pull in "
      "opposite directions. "
      "Look for noise to turn into strokes. Shown instead of frequencies, because pixels have no cyclic "
      "order.";
  chart.plots.push_back(mosaic_plot(filters, ColorMap::rdbu, -1.0, 1.0, false));
  chart.plots.back().colors =
      ColorScale{ColorMap::rdbu, false, pretty(-1.0, 2), "1", "of the largest weight"};
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "fourier");
  Chart empty;
  empty.name = "fourier";
  empty.title = "Fourier power of the embedding";
  empty.help = kHelp;
  empty.empty = why_empty(context, frame.get());
  const Rect whole{0, 0, 1, 1};
  if (!empty.empty.empty()) return {{whole, std::move(empty)}};
  if (const Array* values = array_of(frame.get(), "singular_values"))
    return {{whole, spectrum_chart(*frame, *values)}};
  if (const Array* filters = array_of(frame.get(), "filters");
      filters != nullptr && filters->shape.size() == 3) {
    return {{whole, filters_chart(*frame, *filters)}};
  }
  const Array* power = array_of(frame.get(), "power");
  if (power == nullptr) {
    empty.empty = "This look at the embedding holds no frequencies.";
    return {{whole, std::move(empty)}};
  }
  if (!large) return {{whole, power_chart(*frame, *power)}};
  std::vector<PlacedChart> charts;
  charts.push_back({Rect{0, 0, 0.5f, 0.5f}, power_chart(*frame, *power)});
  charts.push_back({Rect{0.5f, 0, 0.5f, 0.5f}, time_chart(context, *frame, power->values.size())});
  charts.push_back({Rect{0, 0.5f, 0.5f, 0.5f}, norms_chart(*frame)});
  charts.push_back({Rect{0.5f, 0.5f, 0.5f, 0.5f}, concentration_chart(context)});
  return charts;
}

std::string hover(const PanelContext& context, const PlotPlace& at) {
  const std::size_t chart = at.chart;
  const double x = at.x, y = at.y;
  const FramePtr frame = frame_of(context, "fourier");
  const Array* power = array_of(frame.get(), "power");
  if (power == nullptr || chart == 3) return {};
  const bool over_time = chart == 1;
  const FramePtr shown = over_time ? context.history->latest_at("fourier", step_at(x)) : frame;
  const Array* values = array_of(shown.get(), "power");
  if (values == nullptr) return {};
  const auto index = index_from((over_time ? y : x) - 1.0, values->values.size());
  if (!index) return {};
  std::string text = "frequency " + std::to_string(*index + 1) + " · " + remark_of(*shown) + "\n" +
                     percent(values->values[*index], 1) + " of the power";
  for (const char* name : {"cos_norm", "sin_norm"}) {
    const Array* norm = array_of(shown.get(), name);
    if (norm != nullptr && *index < norm->values.size()) {
      text +=
          std::string("\n") + (name[0] == 'c' ? "cos" : "sin") + " norm " + pretty(norm->values[*index], 3);
    }
  }
  return text;
}

bool applies(const PanelContext& context, std::string_view chart) {
  const FramePtr frame = newest_frame(context, "fourier");
  if (frame == nullptr) return true;
  const Array* spectrum = array_of(frame.get(), "singular_values");
  if (spectrum != nullptr && spectrum->values.size() < 2) return false;  // an embedding of one number
  return frame->not_applicable.empty() && (chart.empty() || array_of(frame.get(), "power") != nullptr);
}

constexpr TilePlace kTiles[] = {{TileRow::middle, 10, 308}, {TileRow::lower, 30, 260, "fourier-time"}};
constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};

}  // namespace

const Panel kFourier{.name = "fourier",
                     .short_name = "Fourier",
                     .title = "Fourier power of the embedding",
                     .help = kHelp,
                     .key = Key::digit_3,
                     .tiles = kTiles,
                     .switches = kSwitches,
                     .build = build,
                     .hover = hover,
                     .applies = applies};

}  // namespace grokscope::panel
