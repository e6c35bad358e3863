// Timeline: accuracy above, loss below, on one shared step axis, with phases, interventions and the room for
// the future.
#include <algorithm>
#include <cmath>
#include <span>

#include "base/text.h"
#include "history/forecast.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr PanelSwitch kNorm{
    .name = "weight_norm", .text = "Weight norm", .explained = "Weight norm on the timeline", .key = Key::n};

constexpr std::string_view kHelp =
    "Accuracy and loss over training steps, on the pairs it trains on (blue, solid) and on pairs it has "
    "never seen "
    "(vermillion, dashed). Look for a long gap between blue reaching 100 % and vermillion following: that "
    "delay is "
    "grokking. With label noise train is scored on the labels that it is given, wrong ones included, and "
    "test on "
    "the true ones. Thin: test pairs (a, b) whose mirror (b, a) is not trained on; where the order does not "
    "matter the "
    "others come free. Power et al. 2022, figure 1.";

bool formerly_trained_exists(const PanelContext& context) {
  const Evaluation* now = context.history->evaluation_at(context.step);
  return now != nullptr && now->formerly_trained_count > 0;
}

bool mirrors_matter(const PanelContext& context) {
  const Evaluation* now = context.history->evaluation_at(context.step);
  return now != nullptr && std::isfinite(now->unmirrored_test_accuracy);
}

/// The share of the labels trained on that are wrong by the settings.
double label_noise(const PanelContext& context) {
  return context.config == nullptr ? 0.0 : context.config->task.label_noise;
}

/// Whether the labels trained on are not all true, or once were not: a curve is read as a whole.
bool had_label_noise(const PanelContext& context) {
  if (label_noise(context) > 0.0) return true;
  if (context.history == nullptr) return false;
  if (context.history->config().task.label_noise > 0.0) return true;
  const std::span<const Event> events = context.history->events();
  return std::any_of(events.begin(), events.end(), [&](const Event& event) {
    return event.kind == "set" && event.step <= context.step &&
           event.detail.value("field", Json()) == "task.label_noise";
  });
}

/// What the numbers of the training class are scored on where its labels are, or were, not all true.
std::string scored_on(const PanelContext& context) {
  if (!had_label_noise(context)) return {};
  const double noise = label_noise(context);
  return "train: scored on the labels it is given, " + (noise > 0.0 ? percent(noise) : std::string("none")) +
         " of them wrong" + (noise > 0.0 ? "" : " now") + "; test: on the true ones";
}

void add_lines(const PanelContext& context, bool accuracy, std::vector<Mark>& marks) {
  const std::string what = accuracy ? "accuracy" : "loss";
  const bool noisy = had_label_noise(context);
  const SeriesLine train{"train_" + what, Role::train, "train " + what + (noisy ? " on given labels" : ""),
                         noisy ? "train (given labels)" : "train", accuracy};
  const SeriesLine test{"test_" + what, Role::test, "test " + what, "test", accuracy};
  add_ghost_lines(context, train, false, marks);
  add_ghost_lines(context, test, accuracy, marks);
  add_series_line(context, train, marks);
  if (accuracy && mirrors_matter(context)) {
    const SeriesLine unmirrored{"unmirrored_test_accuracy", Role::test, "test accuracy without mirrors",
                                "no mirror", true};
    if (add_series_line(context, unmirrored, marks)) std::get<LineMark>(marks.back()).width_px = 1.1f;
  }
  add_series_line(context, test, marks);
  if (formerly_trained_exists(context)) {
    add_series_line(context,
                    {"formerly_trained_" + what, Role::formerly_trained, "formerly trained " + what,
                     "trained once", accuracy},
                    marks);
  }
}

/// Where it is expected to generalise; named while that lies ahead.
void add_forecast(const PanelContext& context, std::vector<Mark>& marks) {
  const auto forecast = recorded_forecast(*context.history, context.step);
  if (!forecast) return;
  const bool ahead = generalised_step(*context.history, context.step) < 0;
  const int made = forecast->record.made();
  const std::string record =
      made > 0 ? ", right " + std::to_string(forecast->record.right) + " of " + std::to_string(made) : "";
  marks.push_back(BandMark{.x0 = static_cast<double>(forecast->from_step),
                           .x1 = static_cast<double>(forecast->to_step),
                           .role = Role::accent,
                           .label = ahead ? "forecast" + record : "",
                           .opacity = 0.16f});
}

/// What the band is when its name no longer stands on it: there the phases have theirs.
std::string about_the_band(const PanelContext& context) {
  const auto forecast = recorded_forecast(*context.history, context.step);
  if (!forecast || generalised_step(*context.history, context.step) < 0) return {};
  return "dark band: where it was forecast to generalise, at step " + grouped(forecast->made_step);
}

/// Where it rose in several stages, each is numbered where it began.
void add_stages(const PanelContext& context, std::vector<Mark>& marks) {
  const std::vector<Stage> stages = stages_known_at(context.history->accuracy_stages(), context.step);
  if (stages.size() >= 2) add_stage_marks(stages, Role::test, marks);
}

Plot accuracy_plot(const PanelContext& context) {
  Plot plot;
  plot.x = step_axis(context, newest_of_all(context));
  plot.x.hidden = true;
  plot.y.label = "accuracy";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  plot.height_share = 0.6;
  add_phase_bands(context, true, plot.marks);
  add_forecast(context, plot.marks);
  add_flags(context, false, plot.marks);
  add_lines(context, true, plot.marks);
  add_stages(context, plot.marks);
  return plot;
}

Plot loss_plot(const PanelContext& context) {
  Plot plot;
  plot.x = step_axis(context, newest_of_all(context));
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
  plot.x = step_axis(context, newest_of_all(context));
  plot.y.label = "weight norm ‖θ‖";
  plot.height_share = 0.3;
  const Series* norm = context.history->series("weight_norm");
  if (norm != nullptr && !norm->empty()) {
    plot.y.minimum = 0.0;
    double highest = 0.0;
    const auto include = [&](const Series* series) {
      const MinMax all = series == nullptr ? MinMax{} : series->summarize(0, series->size());
      if (all.any) highest = std::max(highest, all.maximum);
    };
    include(norm);
    for (const OtherRun& other : context.others) include(other.history->series("weight_norm"));
    if (highest > 0.0) plot.y.maximum = snap_up(1.05 * highest);
  }
  add_phase_bands(context, false, plot.marks);
  add_flags(context, false, plot.marks);
  const SeriesLine line{"weight_norm", Role::norm, "weight norm ‖θ‖", "‖θ‖", false};
  add_ghost_lines(context, line, false, plot.marks);
  add_series_line(context, line, plot.marks);
  return plot;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  Chart chart;
  chart.name = "timeline";
  chart.title = "Accuracy and loss";
  chart.help = kHelp;
  const bool empty = context.history == nullptr || context.history->last() == nullptr;
  if (empty) {
    chart.empty =
        context.error.empty() ? "Starting: the first step is on its way." : sentence_of(context.error);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  const bool with_norm = large || context.on(kNorm);
  if (with_norm) chart.title = "Accuracy, loss and weight norm";
  chart.remark =
      std::string(context.on(kLogSteps) ? "log steps" : "linear steps") + " · " + step_text(context.step);
  chart.caption = scored_on(context);
  if (chart.caption.empty()) chart.caption = about_the_band(context);
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
std::string hover(const PanelContext& context, const PlotPlace& mouse) {
  const double x = mouse.x;
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
  line(had_label_noise(context) ? "train, on the labels it is given" : "train", at->train_accuracy,
       at->train_loss);
  line("test", at->test_accuracy, at->test_loss);
  if (std::isfinite(at->unmirrored_test_accuracy))
    text += "\n  without mirrors  " + percent(at->unmirrored_test_accuracy, 1);
  if (at->formerly_trained_count > 0) {
    line("formerly trained", at->formerly_trained_accuracy, at->formerly_trained_loss);
  }
  text += "\nweight norm " + pretty(at->weight_norm, 3);
  for (const OtherRun& other : context.others) {
    const Evaluation* then = other.history->evaluation_at(at->step);
    if (then == nullptr) continue;
    text += "\n" + other.label;
    line("  train", then->train_accuracy, then->train_loss);
    line("  test", then->test_accuracy, then->test_loss);
  }
  for (const Flag& change : flags_at(*context.history, context.step)) {
    if (std::abs(std::log((change.step + 1.0) / (at->step + 1.0))) < 0.02) text += "\n" + change.text;
  }
  return text;
}

constexpr TilePlace kTiles[] = {{TileRow::top, 10, 650}};
constexpr const PanelSwitch* kSwitches[] = {&kPreviousRun, &kNorm, &kLogSteps};

}  // namespace

const Panel kTimeline{.name = "timeline",
                      .short_name = "Timeline",
                      .title = "Accuracy and loss",
                      .help = kHelp,
                      .key = Key::digit_1,
                      .tiles = kTiles,
                      .switches = kSwitches,
                      .build = build,
                      .hover = hover};

}  // namespace grokscope::panel
