// Double descent over widths and over numbers of examples: charts of a sweep.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "history/descent.h"
#include "ui/panels/descent_charts.h"
#include "ui/panels/sweep_charts.h"
#include "ui/panels/sweep_spread.h"

namespace grokscope::panel {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostTimes = 4.0;  // "four times the data" of Nakkiran et al. 2019, section 7

double final_error(const SweepRow& row) {
  return 1.0 - static_cast<double>(row.test_accuracy);
}
double best_error(const SweepRow& row) {
  return 1.0 - static_cast<double>(row.best_test_accuracy);
}
double fit_error(const SweepRow& row) {
  return 1.0 - static_cast<double>(row.train_accuracy);
}
double final_loss(const SweepRow& row) {
  return static_cast<double>(row.test_loss);
}

double number_on(const SweepAxis& axis, std::size_t at) {
  const FieldValue& value = axis.values[at];
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&value);
  return real == nullptr ? kNan : *real;
}

/// Numbers at their own places on a logarithmic axis, each with its name.
Axis axis_of_numbers(const SweepAxis& axis) {
  Axis named;
  named.label = in_words(axis);
  named.scale = Scale::log;
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    const double number = number_on(axis, i);
    if (!(number > 0.0)) continue;
    low = std::min(low, number);
    high = std::max(high, number);
    named.names.push_back({number, value_label(axis, i), text_of(axis.values[i])});
  }
  if (high > 0.0) {
    named.minimum = low / 1.12;
    named.maximum = high * 1.12;
  }
  return named;
}

/// The least whole tenth above everything that is drawn: most of a picture up to 100 % would be empty.
double error_axis_end(const Plot& plot) {
  double highest = 0.0;
  for (const Mark& mark : plot.marks) {
    const auto* points = std::get_if<PointsMark>(&mark);
    for (std::size_t i = 0; points != nullptr && i < points->points.size(); ++i)
      highest = std::max(highest, points->points[i].y);
  }
  return std::clamp(std::ceil(10.0 * highest + 0.3) / 10.0, 0.1, 1.0);
}

CellsAlong cells_of_row(const SweepGrid& grid, std::size_t row) {
  CellsAlong along;
  for (std::size_t column = 0; column < grid.columns(); ++column) {
    along.cells.push_back(grid.cell(row, column));
    along.x.push_back(number_on(*grid.right, column));
  }
  return along;
}

/// Errors in per cent over the numbers of an axis.
Plot error_plot(const SweepAxis& axis, const char* label) {
  Plot plot;
  plot.x = axis_of_numbers(axis);
  plot.y.label = label;
  plot.y.percent = true;
  plot.y.minimum = 0.0;
  return plot;
}

bool is_unfinished(const SweepView& sweep) {
  return sweep.news.known < sweep.news.all;
}

Chart sweep_chart(const PanelContext& context, const char* name, const char* title) {
  Chart chart;
  chart.name = name;
  chart.title = title;
  chart.remark = sweep_progress(*context.sweep);
  if (!context.sweep->news.error.empty()) chart.caption = sentence_of(context.sweep->news.error);
  return chart;
}

/// "at width 4" of the interpolation threshold, where there is one.
std::string threshold_sentence(std::optional<double> threshold, std::int64_t examples) {
  if (!threshold) return "";
  const std::string all = examples > 0 ? "its " + grouped(examples) + " examples" : "its training set";
  return " From about width " + pretty(*threshold, 2) + " on it can fit " + all +
         ": effective complexity = n.";
}

std::int64_t train_size_of(const SweepPlan& plan) {
  return plan.base.task.train_size;
}

struct Harm {
  std::string width;
  double few = 0.0, many = 0.0, error_few = 0.0, error_many = 0.0;
  double rise() const { return error_many - error_few; }
};

/// The largest rise of a curve over at most four times as many examples.
std::optional<Harm> largest_harm(std::span<const Sample> curve, const std::string& width) {
  std::optional<Harm> worst;
  for (const Sample& few : curve) {
    for (const Sample& many : curve) {
      if (!(many.x > few.x) || many.x > kMostTimes * few.x) continue;
      const Harm harm{width, few.x, many.x, few.y, many.y};
      if (!worst || harm.rise() > worst->rise()) worst = harm;
    }
  }
  return worst;
}

std::string harm_sentence(const std::optional<Harm>& harm, bool unfinished) {
  if (!harm) return "Too little is known yet to tell.";
  const std::string numbers = "with " + harm->width + ", " + grouped(std::llround(harm->many)) +
                              " examples give " + percent(harm->error_many, 1) + " test error, " +
                              grouped(std::llround(harm->few)) + " give " + percent(harm->error_few, 1);
  if (harm->rise() >= kLeastDescent / 2.0) return "More data hurt: " + numbers + ".";
  if (harm->rise() > -kLeastDescent / 2.0) return "More data do not help: " + numbers + ".";
  return std::string("More data help at every width") + (unfinished ? " so far." : ".");
}

}  // namespace

bool sweeps_widths(const SweepPlan& plan) {
  return plan.axes.size() == 1 && plan.axes.front().field == "model.width";
}

bool sweeps_examples(const SweepPlan& plan) {
  return !plan.axes.empty() && plan.axes.size() <= 2 && plan.axes.back().field == "task.train_size";
}

Chart descent_over_width(const PanelContext& context) {
  const auto grid = grid_of(context);
  const SweepTable& table = *context.sweep->news.table;
  const SweepAxis& axis = *grid->right;
  const auto cells = cells_of_row(*grid, 0);
  Chart chart = sweep_chart(context, "descent-width", "Error against the size of the network");
  chart.help =
      "Training and test error at the end of training, for networks of many widths; dashed: the test error "
      "of "
      "each at its best moment. Look for the peak near the width that can just fit its training set, where "
      "the "
      "training error passes 10 % (the interpolation threshold), and for the fall beyond it. Nakkiran et al. "
      "2019, figures 1 and 4.";
  Plot plot = error_plot(axis, "error");
  const std::vector<Sample> train = medians_along(table, cells, fit_error),
                            test = medians_along(table, cells, final_error);
  const auto threshold = falls_to(train, kFitError, true);
  if (threshold) {
    plot.marks.push_back(BandMark{.x0 = *threshold / 1.12,
                                  .x1 = *threshold * 1.12,
                                  .role = Role::accent,
                                  .label = "interpolation threshold",
                                  .opacity = 0.16f});
  }
  add_spread(
      table, cells,
      {"test error, stopped at its best moment", "best moment", Role::series_3, best_error, Dash::dashed},
      plot);
  add_spread(table, cells, {"train error", "train", Role::train, fit_error}, plot);
  add_spread(table, cells, {"test error at the end", "test", Role::test, final_error}, plot);
  plot.y.maximum = error_axis_end(plot);
  if (test.empty()) {
    chart.empty = "No network has been trained yet.";
  } else {
    chart.sentence = descent_sentence(test, "width ", is_unfinished(*context.sweep)) +
                     threshold_sentence(threshold, train_size_of(*context.sweep->plan));
  }
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart loss_over_width(const PanelContext& context) {
  const auto grid = grid_of(context);
  Chart chart = sweep_chart(context, "descent-width-loss", "Test loss against the size");
  chart.remark.clear();
  chart.caption.clear();
  chart.help = "The test loss at the end of training. It peaks where the test error does, and more sharply.";
  Plot plot;
  plot.x = axis_of_numbers(*grid->right);
  plot.y.label = "test loss";
  plot.y.minimum = 0.0;
  add_spread(*context.sweep->news.table, cells_of_row(*grid, 0),
             {"test loss at the end", "test", Role::test, final_loss}, plot);
  if (plot.marks.empty()) chart.empty = "No network has been trained yet.";
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart descent_over_examples(const PanelContext& context) {
  const auto grid = grid_of(context);
  const SweepTable& table = *context.sweep->news.table;
  const SweepAxis& axis = *grid->right;
  Chart chart = sweep_chart(context, "descent-examples", "Test error against the number of examples");
  chart.help =
      "Test error at the end of training over the number of training examples, a line for each network. More "
      "data move the peak to larger networks: near it a network gains nothing, or loses, from up to four "
      "times "
      "as many. Shaded: where more examples made the test error larger by one point or more. Nakkiran et al. "
      "2019, section 7.";
  Plot plot = error_plot(axis, "test error");
  std::optional<Harm> worst;
  Plot drawn;
  double hurts_from = std::numeric_limits<double>::infinity(), hurts_to = 0.0;
  for (std::size_t row = 0; row < grid->rows(); ++row) {
    const std::string words =
        grid->up == nullptr ? "this network" : in_words(*grid->up) + " " + value_label(*grid->up, row);
    const auto cells = cells_of_row(*grid, row);
    const std::vector<Sample> curve = medians_along(table, cells, final_error);
    if (const auto harm = largest_harm(curve, words); harm && (!worst || harm->rise() > worst->rise()))
      worst = harm;
    for (std::size_t i = 1; i < curve.size(); ++i) {
      if (curve[i].y - curve[i - 1].y < kLeastDescent / 2.0) continue;
      hurts_from = std::min(hurts_from, curve[i - 1].x);
      hurts_to = std::max(hurts_to, curve[i].x);
    }
    const std::string label = grid->up == nullptr ? "test" : words;
    add_spread(table, cells, {words, label, series_role(row), final_error}, drawn);
  }
  if (hurts_from < hurts_to)
    plot.marks.push_back(BandMark{
        .x0 = hurts_from, .x1 = hurts_to, .role = Role::accent, .label = "more data hurt", .opacity = 0.14f});
  if (drawn.marks.empty()) {
    chart.empty = "No network has been trained yet.";
  } else {
    chart.sentence = harm_sentence(worst, is_unfinished(*context.sweep));
  }
  for (Mark& mark : drawn.marks) plot.marks.push_back(std::move(mark));
  plot.y.maximum = error_axis_end(plot);
  chart.plots.push_back(std::move(plot));
  return chart;
}

}  // namespace grokscope::panel
