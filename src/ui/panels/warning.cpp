// Early warning: what moves before test accuracy does, with the published thresholds and the run's own
// baselines, and the forecast that follows from it or why there is none.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "history/forecast.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "When this run will have generalised, from finished runs like it: made once, when the entropy of its "
    "last "
    "features and its test loss both begin to fall. Look for the curve to rise inside the band; how often "
    "that was so before stands beside it. Truong et al. 2026; docs/forecasts.md.";

/// A level over the whole axis.
LineMark level_line(const Axis& axis, double level, Role role, const std::string& label) {
  LineMark line;
  line.samples = {{*axis.minimum, level}, {*axis.maximum, level}};
  line.role = role;
  line.dash = Dash::dotted;
  line.width_px = 1.6f;
  line.name = line.label = label;
  line.ends_at_cursor = false;
  return line;
}

std::string record_text(const ForecastRecord& record) {
  if (record.made() == 0) return "no forecast for runs like this one has been put to the test yet";
  return "right in " + std::to_string(record.right) + " of " + std::to_string(record.made()) +
         " runs like this one";
}

/// The sentence below the forecast's chart.
std::string forecast_sentence(const PanelContext& context) {
  const History& history = *context.history;
  const auto forecast = recorded_forecast(history, context.step);
  if (!forecast) {
    for (const Event& event : history.events()) {
      if (event.kind == "no_forecast" && event.step <= context.step) return event.detail.value("text", "");
    }
    const std::string why = why_no_ground(history, context.step);
    return why.empty() ? "No forecast was made in this run." : "No forecast: " + sentence_of(why);
  }
  const std::string span = "steps " + grouped(forecast->from_step) + " to " + grouped(forecast->to_step);
  const std::string made = "forecast at step " + grouped(forecast->made_step) + ": ";
  const std::int64_t came = generalised_step(history, context.step);
  if (came >= forecast->from_step && came <= forecast->to_step)
    return made + span + "; it came at step " + grouped(came) + ", as forecast";
  if (came >= 0) return made + span + "; it came at step " + grouped(came) + ": the forecast was wrong";
  if (context.step > forecast->to_step) return made + span + "; it has not come: the forecast was wrong";
  return made + "generalises at " + span + "; " + record_text(forecast->record);
}

Chart forecast_chart(const PanelContext& context) {
  Chart chart;
  chart.name = "warning";
  chart.title = "Forecast";
  chart.remark = step_text(context.step);
  chart.help = kHelp;
  chart.caption = forecast_sentence(context);
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "test accuracy";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  add_phase_bands(context, false, plot.marks);
  if (const auto forecast = recorded_forecast(*context.history, context.step)) {
    plot.x.maximum = std::max(*plot.x.maximum, static_cast<double>(forecast->to_step));
    plot.marks.push_back(BandMark{.x0 = static_cast<double>(forecast->from_step),
                                  .x1 = static_cast<double>(forecast->to_step),
                                  .role = Role::accent,
                                  .label = "forecast",
                                  .opacity = 0.2f});
  }
  const double halfway = (1.0 + context.history->chance_level()) / 2.0;
  plot.marks.push_back(level_line(plot.x, halfway, Role::dim, "generalised"));
  add_series_line(context, {"test_accuracy", Role::test, "test accuracy", "test", true}, plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart entropy_chart(const PanelContext& context, const Frame& frame) {
  Chart chart;
  chart.name = "warning-entropy";
  chart.title = "Spectral entropy of the last features";
  chart.remark = remark_of(frame);
  chart.help =
      "Over how many directions the features before the answer are spread: 0 one, 1 all alike. Look for a "
      "fall while test accuracy still stands. Dotted: the value below which the published runs generalised "
      "(0.609). A fall alone does not promise it. Truong et al. 2026.";
  if (const auto why = frame.texts.find("undefined"); why != frame.texts.end())
    chart.caption = "not defined now: " + why->second;
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "entropy";
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  add_phase_bands(context, false, plot.marks);
  plot.marks.push_back(level_line(plot.x, kPublishedEntropy, Role::dim, "published 0.609"));
  add_series_line(context, {"entropy.spectral", Role::series_1, "spectral entropy", "entropy", false},
                  plot.marks);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

Chart commutator_chart(const PanelContext& context, const Frame* frame) {
  Chart chart;
  chart.name = "warning-commutator";
  chart.title = "Commutator defect";
  chart.help =
      "How much it matters in which order two mini-batches are learned. Look for it to rise above both "
      "dotted "
      "lines: ten times its first values, and 20. Runs that never generalise may cross them too; at a "
      "learning "
      "rate of 0.01 it gave no warning in the paper either. Xu 2026.";
  if (frame != nullptr) chart.remark = remark_of(*frame);
  chart.empty = why_empty(context, frame);
  if (!chart.empty.empty()) return chart;
  Plot plot;
  plot.x = step_axis(context);
  plot.y.label = "defect";
  plot.y.scale = Scale::log;
  add_phase_bands(context, false, plot.marks);
  plot.marks.push_back(level_line(plot.x, kDefectFloor, Role::dim, "20"));
  if (const double baseline = defect_baseline(*context.history); baseline > 0.0) {
    plot.marks.push_back(level_line(plot.x, kDefectFactor * baseline, Role::dim, "10 × its first"));
  }
  add_series_line(context, {"commutator.defect", Role::series_2, "commutator defect", "defect", false},
                  plot.marks);
  if (const std::int64_t onset = defect_onset(*context.history, context.step); onset >= 0)
    chart.caption = "above both since step " + grouped(onset);
  chart.plots.push_back(std::move(plot));
  share_time(context, chart);
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr entropy = frame_of(context, "entropy");
  if (std::string why = why_empty(context, entropy.get()); !why.empty()) {
    Chart chart;
    chart.name = "warning";
    chart.title = "Early warning";
    chart.help = kHelp;
    chart.empty = std::move(why);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  if (!large) return {{Rect{0, 0, 1, 1}, forecast_chart(context)}};
  std::vector<PlacedChart> charts;
  charts.push_back({Rect{0, 0, 1, 0.5f}, forecast_chart(context)});
  charts.push_back({Rect{0, 0.5f, 0.5f, 0.5f}, entropy_chart(context, *entropy)});
  charts.push_back(
      {Rect{0.5f, 0.5f, 0.5f, 0.5f}, commutator_chart(context, frame_of(context, "commutator").get())});
  return charts;
}

bool applies(const PanelContext& context, std::string_view) {
  return probe_applies(context, "entropy");
}

constexpr const PanelSwitch* kSwitches[] = {&kLogSteps};
constexpr PanelCommand kCommands[] = {{"Measure now",
                                       [] {
                                         return Action(SendCommand{LookNow{{"entropy", "commutator"}}});
                                       }},
                                      {"Stop measuring", [] { return Action(SendCommand{CancelLooks{}}); }}};

}  // namespace

const Panel kWarning{.name = "warning",
                     .short_name = "Warning",
                     .title = "Early warning",
                     .help = kHelp,
                     .key = Key::w,
                     .switches = kSwitches,
                     .commands = kCommands,
                     .build = build,
                     .applies = applies};

}  // namespace grokscope::panel
