// Two speeds: what the features would allow beside what the network answers, and what that rests on: in how
// many dimensions the classes come apart, how far the last layer leans towards the training labels, how far
// the kernel has moved.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "history/held_back.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "How well the best linear read-out of its features does on test examples (the representation), beside "
    "what "
    "the network answers (its readout). Look for the line of the features to lie above that of the network: "
    "then they know more than it says. The read-out may choose its layer, on a fold of its own: it has that "
    "much more freedom than the network's own. Two Speeds of Learning 2026.";

struct Pair {
  const char* chart;
  const char* title;
  const char* axis;
  const char* help;
  const char* probe;
  SeriesLine first, second;
};

Chart accuracy_chart(const PanelContext& context, const Frame& frame) {
  Chart chart;
  chart.name = "two-speeds";
  chart.title = "Representation and readout";
  chart.remark = remark_of(frame);
  chart.help = kHelp;
  chart.caption = held_back_at(*context.history, context.step).sentence;
  if (const auto why = frame.texts.find("probe_undefined"); why != frame.texts.end())
    chart.caption = sentence_of(why->second);
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "accuracy";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  add_phase_bands(context, false, plot.marks);
  add_series_line(context, {"train_accuracy", Role::train, "train accuracy", "train", true}, plot.marks);
  add_series_line(
      context,
      {"layers.best_probe_test", Role::series_3, "best linear read-out on test examples", "features", true},
      plot.marks);
  add_series_line(context, {"test_accuracy", Role::test, "test accuracy", "network", true}, plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

/// One measure, of training and of test examples.
Chart pair_chart(const PanelContext& context, const Pair& pair) {
  const FramePtr frame = frame_of(context, pair.probe);
  Chart chart;
  chart.name = pair.chart;
  chart.title = pair.title;
  chart.help = pair.help;
  if (frame != nullptr) chart.remark = remark_of(*frame);
  chart.empty = why_empty(context, frame.get());
  if (!chart.empty.empty()) return chart;
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = pair.axis;
  add_phase_bands(context, false, plot.marks);
  const bool train = add_series_line(context, pair.first, plot.marks);
  const bool test = add_series_line(context, pair.second, plot.marks);
  if (!train && !test) {
    for (const auto& [name, why] : frame->texts) {
      if (name.find("undefined") != name.npos) chart.empty = "Not defined here: " + why;
    }
    if (chart.empty.empty()) chart.empty = "Not measured at this step.";
    return chart;
  }
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

std::string number_in(const Frame& frame, const char* name) {
  return whole_text(scalar_of(&frame, name));
}

Chart geometry_chart(const PanelContext& context) {
  Chart chart = pair_chart(
      context,
      {"two-speeds-dimension",
       "Critical dimension of the classes",
       "dimensions",
       "In how few random dimensions the classes of the last features can still be told apart by a plane: "
       "the "
       "smaller, the better separated. Look for it to fall gradually, long before test accuracy rises. Chou "
       "et "
       "al. 2025; Two Speeds of Learning 2026.",
       "geometry",
       {"geometry.critical_dimension_train", Role::train, "critical dimension, train", "train", false},
       {"geometry.critical_dimension_test", Role::test, "critical dimension, test", "test", false}});
  const FramePtr frame = frame_of(context, "geometry");
  if (frame == nullptr || !chart.empty.empty()) return chart;
  chart.caption = number_in(*frame, "classes") + " classes, at most " +
                  number_in(*frame, "points_per_class") + " points each; capacity on test examples " +
                  pretty(scalar_of(frame.get(), "capacity_test"), 3);
  chart.plots.front().y.minimum = 0.0;
  return chart;
}

Chart bias_chart(const PanelContext& context) {
  Chart chart = pair_chart(
      context,
      {"two-speeds-bias",
       "Last layer: alignment with the labels",
       "alignment",
       "How much the last layer's kernel looks like the labels, on training and on test examples. Look for "
       "the "
       "gap between the two, the readout's train bias, before test accuracy rises, and for its end with it. "
       "Two Speeds of Learning 2026.",
       "kernel",
       {"kernel.last_layer_alignment_train", Role::train, "alignment, train", "train", false},
       {"kernel.last_layer_alignment_test", Role::test, "alignment, test", "test", false}});
  if (!chart.empty.empty()) return chart;
  chart.plots.front().y.minimum = 0.0;
  const FramePtr frame = frame_of(context, "kernel");
  const double bias = scalar_of(frame.get(), "readout_train_bias");
  if (std::isfinite(bias)) chart.caption = "train bias of the readout: " + pretty(bias, 2);
  return chart;
}

Chart kernel_chart(const PanelContext& context) {
  Chart chart = pair_chart(
      context,
      {"two-speeds-kernel",
       "Tangent kernel: distance from the start",
       "distance",
       "How far the network's own tangent kernel has moved from where this run began: 0 not at all. Look for "
       "it to move early, while test accuracy still stands. Zheng et al. 2024; Kumar et al. 2024.",
       "kernel",
       {"kernel.distance_from_start_train", Role::train, "distance from the start, train", "train", false},
       {"kernel.distance_from_start_test", Role::test, "distance from the start, test", "test", false}});
  if (!chart.empty.empty()) return chart;
  chart.plots.front().y.minimum = 0.0;
  const FramePtr frame = frame_of(context, "kernel");
  const double test = scalar_of(frame.get(), "alignment_test");
  if (std::isfinite(test)) chart.caption = "alignment with the test labels: " + pretty(test, 2);
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "layers");
  if (std::string why = why_empty(context, frame.get()); !why.empty()) {
    Chart chart;
    chart.name = "two-speeds";
    chart.title = "Representation and readout";
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  if (!large) return {{Rect{0, 0, 1, 1}, accuracy_chart(context, *frame)}};
  std::vector<PlacedChart> charts;
  charts.push_back({Rect{0, 0, 1, 0.5f}, accuracy_chart(context, *frame)});
  charts.push_back({Rect{0, 0.5f, 0.34f, 0.5f}, geometry_chart(context)});
  charts.push_back({Rect{0.34f, 0.5f, 0.33f, 0.5f}, bias_chart(context)});
  charts.push_back({Rect{0.67f, 0.5f, 0.33f, 0.5f}, kernel_chart(context)});
  return charts;
}

bool applies(const PanelContext& context, std::string_view) {
  return probe_applies(context, "layers");
}

constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};
constexpr PanelCommand kCommands[] = {
    {"Measure now",
     [] {
       return Action(SendCommand{LookNow{{"layers", "geometry", "kernel"}}});
     }},
    {"Stop measuring", [] { return Action(SendCommand{CancelLooks{}}); }}};

}  // namespace

const Panel kTwoSpeeds{.name = "two-speeds",
                       .short_name = "Two speeds",
                       .title = "Two speeds of learning",
                       .help = kHelp,
                       .key = Key::t,
                       .switches = kSwitches,
                       .commands = kCommands,
                       .build = build,
                       .applies = applies};

}  // namespace grokscope::panel
