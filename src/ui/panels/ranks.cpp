// Ranks: how many directions each tapped layer really uses, over time, and its singular-value spectrum now.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Effective rank of every layer's activations over all examples: how many directions it really uses. Look "
    "for the "
    "ranks to fall when the network swaps its lookup table for a rule. Roy & Vetterli 2007; Fan et al. 2024.";

struct RankKind {
  const char* suffix;
  const char* name;
  const char* title;
  const char* help;
};
constexpr RankKind kKinds[] = {
    {".effective", "ranks", "Effective rank", kHelp.data()},
    {".stable", "ranks-stable", "Stable rank",
     "Sum of the squared singular values over the largest one squared: how evenly the strongest directions "
     "share. Look "
     "for a fall towards the number of key waves."},
    {".numerical", "ranks-numerical", "Numerical rank",
     "Number of singular values above a thousandth of the largest. Look for it to drop after the fit is "
     "perfect. "
     "Fan et al. 2024."},
};

Chart rank_chart(const PanelContext& context, const Frame& frame, const std::vector<std::string>& taps,
                 const RankKind& kind) {
  Chart chart;
  chart.name = kind.name;
  chart.title = kind.title;
  chart.remark = remark_of(frame);
  chart.help = kind.help;
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "directions";
  plot.y.minimum = 0.0;
  for (std::size_t i = 0; i < taps.size(); ++i) {
    add_series_line(
        context,
        {"ranks." + taps[i] + kind.suffix, series_role(i), tap_label(taps[i]), tap_label(taps[i]), false},
        plot.marks);
  }
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart spectrum_chart(const Frame& frame, const std::vector<std::string>& taps) {
  Chart chart;
  chart.name = "ranks-spectrum";
  chart.title = "Singular values now";
  chart.remark = remark_of(frame);
  chart.help =
      "Singular values of every layer's activations, largest first, divided by the largest. Look for a "
      "cliff: directions "
      "right of it are not used.";
  Plot plot;
  plot.x.label = "index";
  plot.x.integer = true;
  plot.x.minimum = 1.0;
  plot.y.label = "σ / σ₁";
  plot.y.scale = Scale::log;
  plot.y.minimum = 1e-5;
  plot.y.maximum = 1.0;
  for (std::size_t i = 0; i < taps.size(); ++i) {
    const Array* values = array_of(&frame, taps[i] + "/singular_values");
    if (values == nullptr) continue;
    LineMark line;
    line.role = series_role(i);
    line.name = line.label = tap_label(taps[i]);
    line.ends_at_cursor = false;
    for (std::size_t j = 0; j < values->values.size(); ++j) {
      line.samples.push_back(
          {static_cast<double>(j + 1), std::max(static_cast<double>(values->values[j]), 1e-5)});
      if (values->values[j] <= 1e-5f) break;
    }
    plot.marks.push_back(std::move(line));
  }
  chart.plots.push_back(std::move(plot));
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "ranks");
  if (std::string why = why_empty(context, frame.get()); !why.empty()) {
    Chart chart;
    chart.name = "ranks";
    chart.title = "Effective rank";
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  const std::vector<std::string> taps = split_names(text_of_frame(frame.get(), "taps"));
  std::vector<PlacedChart> charts;
  if (!large) {
    charts.push_back({Rect{0, 0, 1, 1}, rank_chart(context, *frame, taps, kKinds[0])});
    return charts;
  }
  charts.push_back({Rect{0, 0, 0.5f, 0.5f}, rank_chart(context, *frame, taps, kKinds[0])});
  charts.push_back({Rect{0.5f, 0, 0.5f, 0.5f}, rank_chart(context, *frame, taps, kKinds[1])});
  charts.push_back({Rect{0, 0.5f, 0.5f, 0.5f}, rank_chart(context, *frame, taps, kKinds[2])});
  charts.push_back({Rect{0.5f, 0.5f, 0.5f, 0.5f}, spectrum_chart(*frame, taps)});
  return charts;
}

bool applies(const PanelContext& context, std::string_view) {
  return probe_applies(context, "ranks");
}

constexpr TilePlace kTiles[] = {{TileRow::middle, 40, 242}, {TileRow::lower, 40, 232, "ranks-spectrum"}};
constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};

}  // namespace

const Panel kRanks{.name = "ranks",
                   .short_name = "Ranks",
                   .title = "Effective rank",
                   .help = kHelp,
                   .key = Key::digit_5,
                   .tiles = kTiles,
                   .switches = kSwitches,
                   .build = build,
                   .applies = applies};

}  // namespace grokscope::panel
