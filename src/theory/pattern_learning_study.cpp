// The study pattern_learning: accuracy curves of three patterns, a run laid over them, and the fit to it.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "theory/curve_shape.h"
#include "theory/pattern_learning.h"
#include "theory/study_list.h"
#include "theory/study_parameters.h"

namespace grokscope::theory {
namespace {

constexpr std::size_t kNumbersOfPattern = 4;
constexpr int kPoints = 301;

/// What is the same of the three patterns.
constexpr StudyParameter speed(std::string_view name, std::string_view title, double initial) {
  return in_decades(real_number(name, title, "per unit of time", {0.005, 2, initial},
                                "How steeply it is learned (α_i of equation 1)."));
}
constexpr StudyParameter onset(std::string_view name, std::string_view title, double initial) {
  return real_number(name, title, "units of time", {0, 300, initial},
                     "When half of it is learned (b_i of equation 1).");
}
constexpr StudyParameter capacity(std::string_view name, std::string_view title, double initial) {
  return real_number(name, title, "fraction", {0, 1, initial},
                     "Which share of the examples it answers in the end (γ_i of equation 1).");
}
constexpr StudyParameter generalisation(std::string_view name, std::string_view title, double initial) {
  return real_number(name, title, "fraction", {0, 1, initial},
                     "How often what it answers on unseen examples is right (g_i of equation 2).");
}

// The initial values are those of the paper's double descent.
constexpr std::array kParameters{
    speed("alpha1", "Heuristic: speed α", 0.15),      onset("b1", "Heuristic: onset b", 30),
    capacity("gamma1", "Heuristic: capacity γ", 0.7), generalisation("g1", "Heuristic: test g", 1),
    speed("alpha2", "Overfitting: speed α", 0.15),    onset("b2", "Overfitting: onset b", 50),
    capacity("gamma2", "Overfitting: capacity γ", 1), generalisation("g2", "Overfitting: test g", 0),
    speed("alpha3", "Slow: speed α", 0.05),           onset("b3", "Slow: onset b", 200),
    capacity("gamma3", "Slow: capacity γ", 0.2),      generalisation("g3", "Slow: test g", 1)};

const std::vector<StudySetting>& settings() {
  static const std::vector<StudySetting> kSettings{
      {"double-descent", "Double descent (paper)", {}},
      {"grokking", "Grokking (paper)", {{"gamma1", 0.0}, {"gamma3", 1.0}}}};
  return kSettings;
}

Patterns patterns_of(const StudyValues& values) {
  Patterns patterns;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const double* of = values.data() + i * kNumbersOfPattern;
    patterns[i] = {of[0], of[1], of[2], of[3]};
  }
  return patterns;
}

StudyValues values_of_patterns(const Patterns& patterns) {
  StudyValues values;
  for (const Pattern& one : patterns)
    values.insert(values.end(), {one.speed, one.onset, one.capacity, one.generalisation});
  return values;
}

StudySeries curve(std::string name, StudyLook look, const std::function<double(double)>& of) {
  StudySeries series{std::move(name), look, {}};
  for (int i = 0; i < kPoints; ++i) {
    const double time = kPatternTime * i / (kPoints - 1);
    series.points.push_back({time, of(time)});
  }
  return series;
}

/// When the curve first reaches the level; NaN for never.
double time_of(const StudySeries& series, double level) {
  for (const StudyPoint& point : series.points) {
    if (point.y >= level) return point.x;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::string descents_words(const StudySeries& test, StudyResult& result) {
  const auto at = [&](std::size_t i) { return percent(test.points[i].y); };
  const auto when = [&](std::size_t i) { return "t = " + pretty(test.points[i].x, 3); };
  std::vector<double> y;
  for (const StudyPoint& point : test.points) y.push_back(point.y);
  const std::vector<TurningPoint> turns = turning_points(y, 0.02);
  if (turns.size() >= 2 && !turns[0].minimum) {
    const std::size_t up = turns[0].index, down = turns[1].index, last = y.size() - 1;
    result.numbers.push_back({"peak", y[up]});
    result.numbers.push_back({"peak_at", test.points[up].x});
    result.numbers.push_back({"dip", y[down]});
    result.numbers.push_back({"dip_at", test.points[down].x});
    return fmt::format(
        "Test accuracy rises to {} at {}, falls to {} at {} while the overfitting pattern takes over, and "
        "rises "
        "again to {}: double descent of the test error.",
        at(up), when(up), at(down), when(down), at(last));
  }
  if (turns.size() == 1 && !turns[0].minimum)
    return fmt::format(
        "Test accuracy rises to {} at {} and falls to {}: overfitting, without a second descent "
        "of the error.",
        at(turns[0].index), when(turns[0].index), at(y.size() - 1));
  return {};
}

/// Grokking: the test accuracy comes long after the training accuracy.
std::string caption_of(const StudySeries& train, const StudySeries& test, StudyResult& result) {
  const double fitted = time_of(train, 0.95), generalised = time_of(test, 0.95);
  const double end_train = train.points.back().y, end_test = test.points.back().y;
  result.numbers = {{"train_95_at", fitted},
                    {"test_95_at", generalised},
                    {"final_train", end_train},
                    {"final_test", end_test}};
  if (std::string words = descents_words(test, result); !words.empty()) return words;
  if (std::isfinite(fitted) && std::isfinite(generalised) && generalised >= 1.5 * std::max(fitted, 1.0)) {
    return fmt::format(
        "Training accuracy reaches 95 % at t = {}, test accuracy at t = {}, {} times as late: "
        "delayed generalisation.",
        pretty(fitted, 3), pretty(generalised, 3), pretty(generalised / std::max(fitted, 1.0), 2));
  }
  if (std::isfinite(fitted) && std::isfinite(generalised))
    return fmt::format(
        "Both accuracies reach 95 %, training at t = {} and test at t = {}: it generalises without "
        "a long delay.",
        pretty(fitted, 3), pretty(generalised, 3));
  if (std::isfinite(fitted))
    return fmt::format(
        "Training accuracy reaches 95 % at t = {}, test accuracy ends at {}: it memorises and does "
        "not generalise by t = 300.",
        pretty(fitted, 3), percent(end_test));
  return fmt::format("Neither is learned by t = 300: training accuracy ends at {}, test accuracy at {}.",
                     percent(end_train), percent(end_test));
}

/// The run's two curves over the model's time.
void lay_over(const Patterns& patterns, const RunCurves& run, StudyResult& result) {
  const double unit = fitted_steps_per_unit(patterns, run);
  StudySeries train{"train of the run", StudyLook::run_train, {}},
      test{"test of the run", StudyLook::run_test, {}};
  double next = 0.0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    const double time = run.steps[i] / unit;
    if (time > kPatternTime) break;
    if (time < next) continue;  // no more than can be seen
    next = time + kPatternTime / 600.0;
    train.points.push_back({time, run.train_accuracy[i]});
    test.points.push_back({time, run.test_accuracy[i]});
  }
  StudyPlot& plot = result.plots.front();
  plot.series.insert(plot.series.begin(), {std::move(train), std::move(test)});
  const double left = misfit(patterns, run, unit);
  result.numbers.push_back({"steps_per_unit", unit});
  result.numbers.push_back({"misfit", left});
  result.caption += fmt::format(" Pale: {}, {} steps a unit of time, off by {} on average.", run.name,
                                pretty(unit, 3), percent(left, 1));
}

Status compute(const StudyValues& values, const StudyInputs& inputs, const StudySink& sink) {
  const Patterns patterns = patterns_of(values);
  const StudySeries train =
      curve("train accuracy", StudyLook::train, [&](double t) { return train_accuracy(patterns, t); });
  const StudySeries test =
      curve("test accuracy", StudyLook::test, [&](double t) { return test_accuracy(patterns, t); });
  StudyResult result;
  result.complete = true;
  result.caption = caption_of(train, test, result);
  const StudyAxis time{.label = "time t"}, share{.label = "accuracy", .percent = true};
  result.plots.push_back({"accuracy", "Accuracy of three patterns together", time, share, {train, test}});
  if (inputs.run != nullptr && inputs.run->size() > 1) lay_over(patterns, *inputs.run, result);
  constexpr std::array kNames{"heuristic", "overfitting", "slow, preferred"};
  constexpr std::array kLooks{StudyLook::part_1, StudyLook::part_2, StudyLook::part_3};
  StudyPlot each{
      "patterns", "Examples that each pattern answers", time, {.label = "p(t)", .percent = true}, {}};
  for (std::size_t i = 0; i < patterns.size(); ++i)
    each.series.push_back(curve(kNames[i], kLooks[i], [&, i](double t) { return patterns[i].learned(t); }));
  result.plots.push_back(std::move(each));
  sink(result);
  return {};
}

Result<StudyFit> fit(const StudyValues& start, const RunCurves& run) {
  StudyValues least, most;
  for (const StudyParameter& parameter : kParameters) {
    least.push_back(parameter.minimum);
    most.push_back(parameter.maximum);
  }
  const auto found = fit_patterns(patterns_of(start), patterns_of(least), patterns_of(most), run);
  if (!found) return found.error();
  StudyFit fit{.values = values_of_patterns(found->patterns),
               .estimates = {},
               .residual = found->residual,
               .steps_per_unit = found->steps_per_unit,
               .caption = {}};
  const StudyValues errors = values_of_patterns(found->errors);
  std::size_t known = 0;
  for (std::size_t i = 0; i < kParameters.size(); ++i) {
    fit.estimates.push_back({kParameters[i].name, fit.values[i], errors[i]});
    known += std::isfinite(errors[i]) ? 1 : 0;
  }
  fit.caption = fmt::format(
      "Fitted to {}: both curves within {} on average (root mean square); {} of {} parameters have a "
      "standard "
      "error, the others stand at an end of their range or leave no trace.",
      run.name, percent(fit.residual, 1), known, kParameters.size());
  return fit;
}

}  // namespace

Study pattern_learning_study() {
  return {
      .name = "pattern_learning",
      .title = "Pattern learning",
      .source = "Davies, Langosco, Krueger 2023, Unifying grokking and double descent, equations 1 and 2",
      .help =
          "Three patterns are learned at their own speeds: a heuristic that generalises, overfitting that "
          "does not, and a slow one that is preferred once it is there. Look how the same model gives double "
          "descent and grokking.",
      .formulas =
          "    p_i(t) = γ_i / (1 + exp(−α_i (t − b_i)))\n"
          "    train accuracy = 1 − Π_i (1 − p_i)\n"
          "    test accuracy = Σ_A P(A) G(A)\n\n"
          "A runs over the sets of patterns that answer an example, independently of each other; G(A) is the "
          "mean g of its patterns, but that of the preferred one (the slow one) alone where it is among "
          "them, and "
          "0 for none. A run is laid over it with the number of steps a unit of time that comes nearest. "
          "*Fit* "
          "lays the whole run over t = 0 … 300 and finds the twelve parameters by least squares "
          "(Levenberg–Marquardt, within their ranges); standard errors are those of a linear model around "
          "the "
          "minimum, with the residuals taken as independent.",
      .parameters = kParameters,
      .settings = settings(),
      .reads_run = true,
      .compute = compute,
      .fit = fit};
}

}  // namespace grokscope::theory
