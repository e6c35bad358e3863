// Progress measures: the losses of the network with and without its key frequencies, and how concentrated it
// is.
#include "base/text.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Restricted loss keeps only the key frequencies in the answers, excluded loss takes them away. Look for "
    "restricted "
    "to fall and excluded to rise while test accuracy still stands still: the rule grows before it shows. "
    "Restricted is measured on test pairs whose mirror (b, a) is not trained on, with at most the eight "
    "strongest frequencies; it is grey while one answer for all pairs would lose as little. Nanda et al. "
    "2023, section 5.";

Chart losses_chart(const PanelContext& context, const Frame& frame) {
  Chart chart;
  chart.name = "progress";
  chart.title = "Restricted and excluded loss";
  chart.remark = remark_of(frame);
  chart.help = kHelp;
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "loss";
  plot.y.scale = Scale::log;
  add_phase_bands(context, false, plot.marks);
  add_flags(context, false, plot.marks);
  add_series_line(context, {"train_loss", Role::train, "train loss", "train", false}, plot.marks);
  add_series_line(context, {"test_loss", Role::test, "test loss", "test", false}, plot.marks);
  // NaN where an earlier version looked: then nothing is said about it.
  const bool says_nothing = scalar_of(&frame, "restricted_loss") >= scalar_of(&frame, "constant_loss");
  add_series_line(context,
                  {"progress.restricted_loss", says_nothing ? Role::dim : Role::series_3, "restricted loss",
                   "restricted", false},
                  plot.marks);
  if (says_nothing) chart.caption = "restricted says nothing yet: one answer for all would lose as little";
  add_series_line(context, {"progress.excluded_loss", Role::series_4, "excluded loss", "excluded", false},
                  plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart gini_chart(const PanelContext& context, const Frame& frame) {
  Chart chart;
  chart.name = "progress-gini";
  chart.title = "Gini coefficients";
  chart.remark = remark_of(frame);
  chart.help =
      "How unevenly the Fourier components of the embedding W_E and of the neuron-to-logit map W_L are "
      "spread: 0 all "
      "alike, 1 a single one. Look for a steady climb through the plateau. Nanda et al. 2023, section 5.";
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "Gini";
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  add_phase_bands(context, false, plot.marks);
  add_series_line(context, {"progress.gini_embedding", Role::series_1, "Gini of W_E", "W_E", false},
                  plot.marks);
  add_series_line(context, {"progress.gini_neuron_to_logit", Role::series_2, "Gini of W_L", "W_L", false},
                  plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart squares_chart(const PanelContext& context, const Frame& frame) {
  Chart chart;
  chart.name = "progress-squares";
  chart.title = "Sum of squared weights";
  chart.remark = remark_of(frame);
  chart.help =
      "Σθ², what weight decay presses down. Look for the steep fall after the rule is found: the lookup "
      "table is being "
      "cleaned away. Nanda et al. 2023, section 5.";
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "Σθ²";
  plot.y.minimum = 0.0;
  add_phase_bands(context, false, plot.marks);
  add_series_line(context, {"progress.sum_of_squares", Role::norm, "sum of squares Σθ²", "Σθ²", false},
                  plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "progress");
  if (std::string why = why_empty(context, frame.get()); !why.empty()) {
    Chart chart;
    chart.name = "progress";
    chart.title = "Restricted and excluded loss";
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  if (!large) return {{Rect{0, 0, 1, 1}, losses_chart(context, *frame)}};
  std::vector<PlacedChart> charts;
  charts.push_back({Rect{0, 0, 1, 0.6f}, losses_chart(context, *frame)});
  charts.push_back({Rect{0, 0.6f, 0.5f, 0.4f}, gini_chart(context, *frame)});
  charts.push_back({Rect{0.5f, 0.6f, 0.5f, 0.4f}, squares_chart(context, *frame)});
  return charts;
}

bool applies(const PanelContext& context, std::string_view) {
  return probe_applies(context, "progress");
}

constexpr TilePlace kTiles[] = {{TileRow::lower, 10, 300}, {TileRow::lower, 20, 200, "progress-gini"}};
constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};

}  // namespace

const Panel kProgress{.name = "progress",
                      .short_name = "Progress",
                      .title = "Progress measures",
                      .help = kHelp,
                      .key = Key::digit_7,
                      .tiles = kTiles,
                      .switches = kSwitches,
                      .build = build,
                      .applies = applies};

}  // namespace grokscope::panel
