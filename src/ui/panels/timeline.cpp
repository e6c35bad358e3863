// Timeline: accuracy above, loss below, on one shared step axis, with phases, interventions and the room for
// the future.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/panels/common.h"
#include "ui/panels/registry.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Accuracy and loss over training steps, on the pairs it trains on (blue, solid) and on pairs it has "
    "never seen "
    "(vermillion, dashed). Look for a long gap between blue reaching 100 % and vermillion following: that "
    "delay is "
    "grokking. Power et al. 2022, figure 1.";

bool formerly_trained_exists(const PanelContext& context) {
  const Evaluation* now = context.history->evaluation_at(context.step);
  return now != nullptr && now->formerly_trained_count > 0;
}

void add_lines(const PanelContext& context, bool accuracy, std::vector<Mark>& marks) {
  const std::string what = accuracy ? "accuracy" : "loss";
  add_series_line(context, {"train_" + what, Role::train, "train " + what, "train", accuracy}, marks);
  add_series_line(context, {"test_" + what, Role::test, "test " + what, "test", accuracy}, marks);
  if (formerly_trained_exists(context)) {
    add_series_line(context,
                    {"formerly_trained_" + what, Role::formerly_trained, "formerly trained " + what,
                     "once trained", accuracy},
                    marks);
  }
}

Plot accuracy_plot(const PanelContext& context) {
  Plot plot;
  plot.x = step_axis(context);
  plot.x.hidden = true;
  plot.y.label = "accuracy";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  plot.height_share = 0.6;
  add_phase_bands(context, true, plot.marks);
  add_flags(context, false, plot.marks);
  add_lines(context, true, plot.marks);
  return plot;
}

Plot loss_plot(const PanelContext& context) {
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "loss";
  plot.y.scale = Scale::log;
  plot.height_share = 0.4;
  add_phase_bands(context, false, plot.marks);
  add_flags(context, true, plot.marks);
  add_lines(context, false, plot.marks);
  return plot;
}

Plot norm_plot(const PanelContext& context) {
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "weight norm ‖θ‖";
  plot.height_share = 0.3;
  const Series* norm = context.history->series("weight_norm");
  if (norm != nullptr && !norm->empty()) {
    const MinMax all = norm->summarize(0, norm->size());
    plot.y.minimum = 0.0;
    if (all.any) plot.y.maximum = snap_up(1.05 * all.maximum);
  }
  add_phase_bands(context, false, plot.marks);
  add_flags(context, false, plot.marks);
  add_series_line(context, {"weight_norm", Role::norm, "weight norm ‖θ‖", "‖θ‖", false}, plot.marks);
  return plot;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  Chart chart;
  chart.name = "timeline";
  chart.title = "Accuracy and loss";
  chart.help = kHelp;
  const bool empty = context.history == nullptr || context.history->last() == nullptr;
  if (empty) {
    chart.empty = "Starting: the first step is on its way.";
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  const bool with_norm = large || context.show_norm;
  if (with_norm) chart.title = "Accuracy, loss and weight norm";
  chart.remark =
      std::string(context.log_steps ? "log steps" : "linear steps") + " · " + step_text(context.step);
  chart.plots.push_back(accuracy_plot(context));
  chart.plots.push_back(loss_plot(context));
  if (with_norm) {
    chart.plots[0].height_share = 0.45;
    chart.plots[1].height_share = 0.33;
    chart.plots[1].x.hidden = true;
    chart.plots.push_back(norm_plot(context));
    chart.plots[2].height_share = 0.22;
  }
  share_time(context, chart);
  return {{Rect{0, 0, 1, 1}, std::move(chart)}};
}

/// Values at the nearest evaluation, every line of the chart at once.
std::string hover(const PanelContext& context, std::size_t, std::size_t, double x, double) {
  if (context.history == nullptr) return {};
  const Series* train = context.history->series("train_loss");
  if (train == nullptr || train->empty()) return {};
  const std::size_t nearest = train->nearest(std::min(x, static_cast<double>(context.step)));
  const Evaluation* at = context.history->evaluation_at(static_cast<std::int64_t>(train->at(nearest).x));
  if (at == nullptr) return {};
  std::string text = step_text(at->step);
  const auto line = [&](const char* name, double accuracy, double loss) {
    if (!std::isfinite(accuracy) && !std::isfinite(loss)) return;
    text += std::string("\n") + name + "  " + (std::isfinite(accuracy) ? percent(accuracy, 1) : "–") +
            "  loss " + (std::isfinite(loss) ? pretty(loss, 3) : "–");
  };
  line("train", at->train_accuracy, at->train_loss);
  line("test", at->test_accuracy, at->test_loss);
  if (at->formerly_trained_count > 0) {
    line("formerly trained", at->formerly_trained_accuracy, at->formerly_trained_loss);
  }
  text += "\nweight norm " + pretty(at->weight_norm, 3);
  for (const Flag& change : flags_at(*context.history, context.step)) {
    if (std::abs(std::log((change.step + 1.0) / (at->step + 1.0))) < 0.02) text += "\n" + change.text;
  }
  return text;
}

}  // namespace

const Panel kTimeline{"timeline", "Accuracy and loss", kHelp, build, hover};

}  // namespace grokscope::panel
