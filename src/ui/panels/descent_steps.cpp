// Double descent over the steps of the shown run.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "history/descent.h"
#include "ui/panels/descent_charts.h"

namespace grokscope::panel {
namespace {

constexpr std::size_t kReach = 3;  // evaluations on either side that a smooth curve takes the mean of
constexpr double kFitted = 0.01;

LineMark smooth_line(std::vector<Sample> samples, Role role, std::string name, std::string label) {
  LineMark line;
  line.samples = std::move(samples);
  line.role = role;
  line.name = std::move(name);
  line.label = std::move(label);
  return line;
}

/// Every evaluation, thin, behind the smooth line.
LineMark raw_line(const PanelContext& context, std::string_view series, Role role, std::string name) {
  LineMark line;
  line.samples = errors_of(context.history->series(series), static_cast<double>(context.step));
  line.role = role;
  line.name = std::move(name);
  line.width_px = 1.0f;
  line.opacity = 0.4;
  line.dash = Dash::solid;
  return line;
}

double wrong_labels(const PanelContext& context) {
  return context.config == nullptr ? 0.0 : context.config->task.label_noise;
}

}  // namespace

std::vector<Sample> smooth_error(const PanelContext& context, std::string_view series) {
  if (context.history == nullptr) return {};
  return smoothed(errors_of(context.history->series(series), static_cast<double>(context.step)), kReach);
}

std::optional<CriticalRegime> critical_regime(const PanelContext& context) {
  const std::vector<Sample> train = smooth_error(context, "train_accuracy");
  const auto from = falls_to(train, wrong_labels(context) + kFitError, false);
  if (!from) return std::nullopt;
  const auto to = falls_to(train, kFitted, false);
  return CriticalRegime{*from, to.value_or(static_cast<double>(context.step)), to.has_value()};
}

Chart descent_over_steps(const PanelContext& context) {
  Chart chart;
  chart.name = "descent-steps";
  chart.title = "Error over training";
  chart.remark = step_text(context.step);
  chart.help =
      "Training and test error over steps; thin lines are single evaluations, thick ones means of seven. "
      "Shaded: the critical regime, from where the training error is what the wrong labels leave plus 10 % "
      "to "
      "where it is 1 %: there the network is just able to fit its training set. Look for test error to rise "
      "in "
      "it and to fall behind it. Nakkiran et al. 2019, section 6.";
  const std::vector<Sample> test = smooth_error(context, "test_accuracy");
  if (test.size() < 2) {
    chart.empty =
        context.error.empty() ? "Starting: the first steps are on their way." : sentence_of(context.error);
    return chart;
  }
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "error";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  const auto critical = critical_regime(context);
  if (critical) {
    plot.marks.push_back(BandMark{.x0 = critical->from_step,
                                  .x1 = critical->to_step,
                                  .role = Role::accent,
                                  .label = critical->over ? "critical regime" : "critical regime: now",
                                  .opacity = 0.16f});
  }
  add_flags(context, true, plot.marks);
  const bool noisy = wrong_labels(context) > 0.0;
  plot.marks.push_back(raw_line(context, "train_accuracy", Role::train, "train error, single evaluations"));
  plot.marks.push_back(raw_line(context, "test_accuracy", Role::test, "test error, single evaluations"));
  plot.marks.push_back(smooth_line(smooth_error(context, "train_accuracy"), Role::train,
                                   noisy ? "train error on the labels it was given" : "train error",
                                   noisy ? "train (given labels)" : "train"));
  plot.marks.push_back(smooth_line(test, Role::test, "test error", "test"));
  const auto bump = largest_bump(test);
  if (bump && bump->fall() >= kLeastDescent) {
    plot.marks.push_back(MarkerMark{
        .x = bump->peak.x, .y = bump->peak.y, .role = Role::test, .label = "peak", .hollow = true});
  }
  chart.sentence = descent_sentence(test, "step ", !context.over);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

}  // namespace grokscope::panel
