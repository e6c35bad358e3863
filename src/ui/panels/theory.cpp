// Theory: what is computed and not trained: a study's curves over its parameters, what they say in a
// sentence, the shown run laid over them. The sliders beside them: theory_controls.cpp.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/panels/common.h"
#include "ui/panels/panel_list.h"
#include "ui/panels/theory_controls.h"
#include "ui/theory_view.h"

namespace grokscope::panel {
namespace {

using theory::StudyLook;

constexpr std::string_view kHelp =
    "Double descent and patterns of learning in closed form: computed at once, not trained. Look for what "
    "moves "
    "when a slider does, and for the sentence below the title. Belkin et al. 2019 and 2020; Heckel and "
    "Yilmaz "
    "2021; Davies, Langosco, Krueger 2023.";

/// Points of a curve that are drawn as dots as well.
constexpr std::size_t kFewPoints = 40;

struct Ink {
  Role role = Role::series_1;
  Dash dash = Dash::automatic;
  bool pale = false;
};
Ink ink_of(StudyLook look) {
  switch (look) {
    case StudyLook::formula:
      return {Role::series_1, Dash::solid};
    case StudyLook::measured:
      return {Role::series_2, Dash::dashed};
    case StudyLook::train:
      return {Role::train};
    case StudyLook::test:
      return {Role::test};
    case StudyLook::part_1:
      return {Role::series_3};
    case StudyLook::part_2:
      return {Role::series_4};
    case StudyLook::part_3:
      return {Role::series_5};
    case StudyLook::run_train:
      return {Role::train, Dash::automatic, true};
    case StudyLook::run_test:
      return {Role::test, Dash::automatic, true};
  }
  return {};
}

bool can_stand(const theory::StudyAxis& axis, double value) {
  return std::isfinite(value) && (!axis.log || value > 0.0);
}

/// The curve in the pieces that can be drawn; the last one has the label.
std::vector<LineMark> lines_of(const theory::StudyPlot& plot, const theory::StudySeries& series) {
  const Ink ink = ink_of(series.look);
  std::vector<LineMark> lines;
  bool broken = true;
  for (const theory::StudyPoint& point : series.points) {
    if (!can_stand(plot.x, point.x) || !can_stand(plot.y, point.y)) {
      broken = true;
      continue;
    }
    if (std::exchange(broken, false)) {
      LineMark line;
      line.role = ink.role;
      line.dash = ink.dash;
      line.name = series.name;
      line.ends_at_cursor = false;
      if (ink.pale) {
        line.opacity = 0.45;
        line.width_px = 1.6f;
      }
      lines.push_back(std::move(line));
    }
    lines.back().samples.push_back({point.x, point.y});
  }
  if (!lines.empty()) lines.back().label = series.name;
  return lines;
}

/// One standard error to each side; the lower end of a log axis where nothing is left of it.
AreaMark errors_of(const theory::StudyPlot& plot, const theory::StudySeries& series) {
  AreaMark area;
  area.role = ink_of(series.look).role;
  area.opacity = 0.3;
  area.name = series.name + " ± standard error";
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const double y = series.points[i].y, error = series.errors[i];
    if (!std::isfinite(y) || !std::isfinite(error)) {
      area.x.push_back(series.points[i].x);
      area.low.push_back(std::nan(""));
      area.high.push_back(std::nan(""));
      continue;
    }
    area.x.push_back(series.points[i].x);
    area.low.push_back(plot.y.log ? std::max(y - error, y * 0.01) : y - error);
    area.high.push_back(y + error);
  }
  return area;
}

Axis axis_of(const theory::StudyAxis& from) {
  Axis axis{.label = from.label, .scale = from.log ? Scale::log : Scale::linear};
  axis.percent = from.percent;
  axis.integer = from.whole;
  if (from.percent) {
    axis.minimum = 0.0;
    axis.maximum = 1.0;
  }
  return axis;
}

/// From the first to the last point of any curve: a decade that is not full stays out.
void fit_to_points(const theory::StudyPlot& from, Axis& axis) {
  for (const theory::StudySeries& series : from.series) {
    for (const theory::StudyPoint& point : series.points) {
      if (!can_stand(from.x, point.x)) continue;
      axis.minimum = std::min(axis.minimum.value_or(point.x), point.x);
      axis.maximum = std::max(axis.maximum.value_or(point.x), point.x);
    }
  }
  if (axis.minimum != axis.maximum) return;
  axis.minimum.reset();
  axis.maximum.reset();
}

Plot plot_of(const theory::StudyPlot& from, const std::vector<theory::StudyMark>& places, bool with_names) {
  Plot plot{axis_of(from.x), axis_of(from.y), {}};
  fit_to_points(from, plot.x);
  for (const theory::StudyMark& place : places)
    plot.marks.push_back(FlagMark{place.x, with_names ? place.text : std::string()});
  for (const theory::StudySeries& series : from.series) {
    if (!series.errors.empty()) plot.marks.push_back(errors_of(from, series));
  }
  for (const theory::StudySeries& series : from.series) {
    for (LineMark& line : lines_of(from, series)) {
      if (series.points.size() <= kFewPoints && series.look != StudyLook::formula)
        plot.marks.push_back(PointsMark{
            .points = line.samples, .hue = {}, .labels = {}, .role = line.role, .radius_px = 2.8f});
      plot.marks.push_back(std::move(line));
    }
  }
  return plot;
}

/// "n = 100 · D = 200 · σ = 0.5": the values that are not those it begins with, or the first three.
std::string remark_of(const theory::StudyRequest& of) {
  std::string text;
  std::size_t told = 0;
  for (const bool changed : {true, false}) {
    for (std::size_t i = 0; i < of.values.size() && told < 3; ++i) {
      const theory::StudyParameter& parameter = of.study->parameters[i];
      if ((of.values[i] != parameter.initial) != changed) continue;
      const std::string value = parameter.options.empty()
                                    ? pretty(of.values[i], 3)
                                    : theory::text_of_parameter(parameter, of.values[i]);
      text += (text.empty() ? "" : " · ") + std::string(parameter.name) + " = " + value;
      ++told;
    }
  }
  return text;
}

Chart nothing_yet(const PanelContext& context) {
  Chart chart;
  chart.name = "theory";
  chart.title = "Theory";
  chart.help = kHelp;
  chart.empty = context.theory == nullptr || context.theory->news.error.empty()
                    ? std::string("It is being computed.")
                    : sentence_of(context.theory->news.error);
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const TheoryView* view = context.theory;
  if (view == nullptr || view->news.result == nullptr || view->news.result->plots.empty())
    return {{Rect{0, 0, 1, 1}, nothing_yet(context)}};
  const theory::StudyResult& result = *view->news.result;
  std::vector<PlacedChart> charts;
  const std::size_t count = large ? result.plots.size() : 1;
  const float first = count > 1 ? 0.64f : 1.0f,
              below = 1.0f / static_cast<float>(std::max<std::size_t>(count, 2) - 1);
  for (std::size_t i = 0; i < count; ++i) {
    const theory::StudyPlot& plot = result.plots[i];
    Chart chart;
    chart.name = "theory-" + plot.name;
    chart.title = plot.title;
    chart.remark = remark_of(view->news.of);
    chart.help = std::string(view->news.of.study->help) + "\n" + std::string(view->news.of.study->source);
    if (i == 0) chart.sentence = result.caption;
    if (i == 0 && view->news.busy) chart.caption = "More is being computed.";
    chart.plots.push_back(plot_of(plot, result.marks, i == 0));
    const Rect place =
        i == 0 ? Rect{0, 0, first, 1} : Rect{first, below * static_cast<float>(i - 1), 1.0f - first, below};
    charts.push_back({place, std::move(chart)});
  }
  return charts;
}

constexpr const PanelChoice* kChoices[] = {&kStudy};

}  // namespace

const Panel kTheory{.name = "theory",
                    .short_name = "Theory",
                    .title = "Theory",
                    .help = kHelp,
                    .key = Key::y,
                    .choices = kChoices,
                    .over_theory = true,
                    .build = build,
                    .controls = theory_controls};

}  // namespace grokscope::panel
