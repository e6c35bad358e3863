// Same dynamics: grokking and double descent on one kind of axis: error over steps, counted in how long the
// training set took to be fitted, where effective model complexity passes the number of examples. The shown
// run beside a recorded one of the other kind.
#include <algorithm>
#include <cmath>

#include "assets/embedded.h"
#include "base/json_text.h"
#include "base/text.h"
#include "history/descent.h"
#include "ui/panels/descent_charts.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr std::string_view kHelp =
    "Grokking and double descent side by side: training and test error over the steps, counted in the step "
    "at "
    "which the training error passes 10 %: there effective model complexity passes the number of examples. "
    "Look "
    "for the same course (fit, wait or get worse, generalise) and for how long it takes. One side is the "
    "shown "
    "run, the other was recorded. Davies, Langosco and Krueger 2023; Nakkiran et al. 2019.";

struct Course {
  std::string title;
  std::vector<Sample> train, test;  ///< errors over steps
  std::optional<double> fit_step;
  double weight_decay = 0.0;
  bool double_descent = false;
};

void finish(Course& course) {
  course.fit_step = falls_to(course.train, kFitError, false);
}

Course shown_course(const PanelContext& context) {
  Course course;
  course.train = smooth_error(context, "train_accuracy");
  course.test = smooth_error(context, "test_accuracy");
  const bool noisy = context.config != nullptr && context.config->task.label_noise > 0.0;
  course.double_descent = noisy || is_double_descent(course.test);
  course.weight_decay = context.config == nullptr ? 0.0 : context.config->optimizer.weight_decay;
  course.title = "this run";
  finish(course);
  return course;
}

std::vector<Sample> errors_from(const Json& json, const char* series) {
  std::vector<Sample> errors;
  const Json steps = json.value("step", Json::array()), values = json.value(series, Json::array());
  for (std::size_t i = 0; i < std::min(steps.size(), values.size()); ++i)
    errors.push_back({steps[i].get<double>(), 1.0 - values[i].get<double>()});
  return smoothed(errors, 3);
}

/// Recorded with scripts/reference-curves, so that the other kind is there without a training.
Course recorded_course(bool double_descent) {
  Course course;
  const EmbeddedAsset* asset =
      find_embedded_asset(double_descent ? "reference/double-descent.json" : "reference/grokking.json");
  const auto json =
      asset == nullptr ? Result<Json>(failure("no such asset")) : parse_json(asset->bytes, asset->name);
  if (!json) return course;
  course.double_descent = double_descent;
  course.train = errors_from(*json, "train_accuracy");
  course.test = errors_from(*json, "test_accuracy");
  course.weight_decay = json->value("weight_decay", 0.0);
  course.title = "recorded: " + json->value("preset", std::string());
  finish(course);
  return course;
}

/// How long after fitting, in times of it, half of the fall that generalises has come; NaN: it has not.
double half_way(const Course& course) {
  if (!course.fit_step) return std::nan("");
  const auto bump = largest_bump(course.test);
  const bool falls_again = bump && bump->fall() >= kLeastDescent;
  std::vector<Sample> rest;
  const double from = course.double_descent && falls_again ? bump->peak.x : *course.fit_step;
  for (const Sample& one : course.test)
    if (one.x >= from) rest.push_back(one);
  if (rest.size() < 2) return std::nan("");
  double lowest = rest.front().y;
  for (const Sample& one : rest) lowest = std::min(lowest, one.y);
  if (rest.front().y - lowest < kLeastDescent) return std::nan("");
  const auto at = falls_to(rest, 0.5 * (rest.front().y + lowest), false);
  return at ? *at / *course.fit_step : std::nan("");
}

LineMark relative_line(const std::vector<Sample>& errors, double fit_step, Role role, const char* name,
                       const char* label) {
  LineMark line;
  for (const Sample& one : errors)
    if (one.x > 0.0) line.samples.push_back({one.x / fit_step, one.y});
  line.role = role;
  line.name = name;
  line.label = label;
  line.ends_at_cursor = false;
  return line;
}

Chart course_chart(const Course& course) {
  Chart chart;
  chart.name = course.double_descent ? "same-double-descent" : "same-grokking";
  chart.title = course.double_descent ? "Double descent" : "Grokking";
  chart.remark = course.title;
  chart.help = kHelp;
  if (!course.fit_step) {
    chart.empty =
        "This run does not fit its training set yet: its effective complexity is below its number of "
        "examples.";
    return chart;
  }
  Plot plot;
  plot.x.label = "steps / steps to fit";
  plot.x.scale = Scale::log;
  plot.y.label = "error";
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  plot.y.maximum = 1.0;
  plot.marks.push_back(BandMark{
      .x0 = 1.0 / 1.06, .x1 = 1.06, .role = Role::accent, .label = "complexity = n", .opacity = 0.3f});
  plot.marks.push_back(relative_line(course.train, *course.fit_step, Role::train, "train error", "train"));
  plot.marks.push_back(relative_line(course.test, *course.fit_step, Role::test, "test error", "test"));
  const double half = half_way(course);
  const char* fall = course.double_descent ? "second fall" : "late fall";
  chart.caption = std::isfinite(half) ? "Half of the " + std::string(fall) + " has come at " +
                                            pretty(half, 2) + " times the steps to fit."
                                      : "The " + std::string(fall) + " has not come.";
  chart.plots.push_back(std::move(plot));
  return chart;
}

constexpr const char* kStatement =
    "Davies, Langosco and Krueger 2023: a network learns several patterns at different speeds, and what "
    "memorises is "
    "learned first. What generalises comes later and takes its place, over the steps or over the sizes of a "
    "network.";

/// Where these two runs differ.
std::string difference(const Course& grokking, const Course& descent) {
  const double late = half_way(grokking), second = half_way(descent);
  std::string text = "Where they differ: ";
  if (std::isfinite(late) && std::isfinite(second)) {
    text += "grokking waits until " + pretty(late, 2) + " times the fit, the second descent comes at " +
            pretty(second, 2) + " times";
  } else {
    text += "a second descent comes while the training set is being fitted, grokking long after";
  }
  return text + (grokking.weight_decay > 0.0 && !(descent.weight_decay > 0.0)
                     ? ", and only grokking has weight decay to drive it."
                     : ".");
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const Course shown = shown_course(context);
  if (shown.test.size() < 2) {
    Chart chart;
    chart.name = "same-grokking";
    chart.title = "Same dynamics";
    chart.help = kHelp;
    chart.empty =
        context.error.empty() ? "Starting: the first steps are on their way." : sentence_of(context.error);
    return {{Rect{0, 0, 1, 1}, std::move(chart)}};
  }
  const Course other = recorded_course(!shown.double_descent);
  const Course &grokking = shown.double_descent ? other : shown,
               &descent = shown.double_descent ? shown : other;
  if (!large) return {{Rect{0, 0, 1, 1}, course_chart(shown)}};
  Chart left = course_chart(grokking), right = course_chart(descent);
  left.sentence = kStatement;
  right.sentence = difference(grokking, descent);
  return {{Rect{0, 0, 0.5f, 1}, std::move(left)}, {Rect{0.5f, 0, 0.5f, 1}, std::move(right)}};
}

}  // namespace

const Panel kSameDynamics{.name = "same-dynamics",
                          .short_name = "Same",
                          .title = "Same dynamics",
                          .help = kHelp,
                          .key = Key::g,
                          .build = build};

}  // namespace grokscope::panel
