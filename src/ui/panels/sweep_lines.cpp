// Lines of a sweep: along one axis through a cell, how its seeds spread, and the course of its runs.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/statistics.h"
#include "base/text.h"
#include "config/fields.h"
#include "ui/panels/sweep_charts.h"
#include "ui/panels/sweep_spread.h"

namespace grokscope::panel {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double never_is_gap(std::int64_t step) {
  return step < 0 ? kNan : static_cast<double>(std::max<std::int64_t>(step, 1));
}
constexpr SweepLine kTrained{"99 % train accuracy", "train 99 %", Role::train,
                             [](const SweepRow& row) { return never_is_gap(row.train_99); }};
constexpr SweepLine kGeneralised{"95 % test accuracy", "test 95 %", Role::test,
                                 [](const SweepRow& row) { return never_is_gap(row.test_95); }};
constexpr SweepLine kError{"final test error", "test error", Role::test,
                           [](const SweepRow& row) { return 1.0 - static_cast<double>(row.test_accuracy); }};

/// Steps to 95 % test accuracy of the runs of a cell that reached it.
std::vector<double> steps_of(std::span<const SweepRow> cell) {
  std::vector<double> steps;
  for (const SweepRow& row : cell) {
    if (row.test_95 >= 0) steps.push_back(static_cast<double>(row.test_95));
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

}  // namespace

Chart sweep_section(const PanelContext& context, const SweepGrid& grid, bool along_right) {
  const SweepTable& table = *context.sweep->news.table;
  const std::size_t cell = cell_of_interest(context, grid);
  const std::size_t row = cell / (grid.slices() * grid.columns()), column = cell % grid.columns();
  const SweepAxis& along = along_right ? *grid.right : *grid.up;
  const bool error = measure_of(context) == SweepMeasure::final_error;
  Chart chart;
  chart.name = along_right ? "sweep-section" : "sweep-section-up";
  chart.title = error ? "Final test error" : "Steps to generalise";
  const SweepAxis* across = along_right ? grid.up : grid.right;
  if (across != nullptr)
    chart.remark = "at " + in_words(*across) + " " + value_label(*across, along_right ? row : column);
  chart.help =
      "A cut through the map at the cell under the mouse. Line: median over the seeds; band: from the lowest "
      "to the highest; dots: single runs. Where the line has a gap, half of the runs or more never got "
      "there. "
      "Power et al. 2022, figure 1 (centre), is such a cut along the training fraction.";
  CellsAlong cells;
  for (std::size_t i = 0; i < along.values.size(); ++i) {
    cells.cells.push_back(along_right ? grid.cell(row, i) : grid.cell(i, column));
    cells.x.push_back(static_cast<double>(i));
  }
  Plot plot;
  plot.x = axis_of_values(along, 0.3);
  plot.y.label = error ? "error" : "steps";
  if (error) {
    plot.y.percent = true;
    plot.y.minimum = 0.0;
    plot.y.maximum = 1.0;
    add_spread(table, cells, kError, plot);
  } else {
    plot.y.scale = Scale::log;
    add_spread(table, cells, kTrained, plot);
    add_spread(table, cells, kGeneralised, plot);
  }
  if (plot.marks.empty()) chart.empty = "No run of this cut got there (yet).";
  if (grid.up == nullptr) chart.remark = sweep_progress(*context.sweep);
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart sweep_distribution(const PanelContext& context, const SweepGrid& grid) {
  constexpr std::size_t kMostBins = 24;
  const auto cell = context.sweep->news.table->cell(cell_of_interest(context, grid));
  const std::vector<double> steps = steps_of(cell);
  const auto known = static_cast<std::size_t>(std::count_if(
      cell.begin(), cell.end(), [](const SweepRow& row) { return row.state != RowState::unknown; }));
  Chart chart;
  chart.name = "sweep-distribution";
  chart.title = "When its seeds generalise";
  chart.remark = sweep_progress(*context.sweep);
  chart.help =
      "How many of the runs, which differ in their seed alone, reached 95 % test accuracy at which step. "
      "Look "
      "at how wide it is: one run says little about a setting.";
  if (steps.empty()) {
    chart.empty = known == 0 ? "No run has ended yet." : "None of its runs has generalised.";
    return chart;
  }
  const std::size_t bins =
      std::clamp<std::size_t>(2 * static_cast<std::size_t>(std::sqrt(steps.size())), 1, kMostBins);
  const double low = steps.front(), width = std::max((steps.back() - low) / static_cast<double>(bins), 1.0);
  BarsMark bars;
  bars.width = 0.92 * width;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double from = low + width * static_cast<double>(bin), to = from + width;
    const auto first = std::lower_bound(steps.begin(), steps.end(), from);
    const auto last = bin + 1 == bins ? steps.end() : std::lower_bound(steps.begin(), steps.end(), to);
    bars.bars.push_back({from + width / 2.0, static_cast<double>(last - first)});
  }
  bars.strong.assign(bins, 1);
  bars.labels.assign(bins, "");
  Plot plot;
  plot.x.label = "steps to 95 % test accuracy";
  plot.x.integer = plot.y.integer = true;
  plot.y.label = "runs";
  plot.y.minimum = 0.0;
  plot.marks.push_back(std::move(bars));
  chart.caption = "Median " + grouped(std::llround(steps[steps.size() / 2])) + ", from " +
                  grouped(std::llround(low)) + " to " + grouped(std::llround(steps.back())) + "; " +
                  std::to_string(known - steps.size()) + " of " + std::to_string(known) + " never.";
  chart.plots.push_back(std::move(plot));
  return chart;
}

Chart sweep_cell(const PanelContext& context, const SweepGrid& grid) {
  const std::size_t cell = cell_of_interest(context, grid);
  const SweepView& sweep = *context.sweep;
  Chart chart;
  chart.name = "sweep-cell";
  chart.title = "Runs of one cell";
  chart.caption = cell_words(context, cell);
  chart.help = "The recorded course of every run of the cell under the mouse, one line a seed.";
  const auto known = summary_of(sweep.news.table->cell(cell), SweepMeasure::phase).known;
  chart.remark = std::to_string(known) + " of " + std::to_string(sweep.plan->runs_of_cell()) + " seeds";
  const CellCurves* curves = sweep.news.curves.get();
  if (curves == nullptr || curves->cell != cell) {
    chart.empty = "Reading its curves.";
    return chart;
  }
  if (curves->curves.empty()) {
    chart.empty = curves->known == 0 ? "Not trained yet."
                                     : "This plan records no curves: name metrics in its \"record\".";
    return chart;
  }
  Plot plot;
  plot.x.label = "step";
  plot.x.integer = true;
  if (context.on(kLogSteps)) plot.x.scale = Scale::log;
  plot.y.label = curves->series == "test_accuracy" ? "test accuracy" : curves->series;
  if (curves->series.ends_with("accuracy")) {
    plot.y.percent = true;
    plot.y.minimum = 0.0;
    plot.y.maximum = 1.0;
  }
  const bool many = curves->curves.size() > 6;
  for (std::size_t i = 0; i < curves->curves.size(); ++i) {
    const CellCurves::Curve& curve = curves->curves[i];
    LineMark line;
    line.role = many ? Role::test : series_role(i);
    if (many) line.dash = Dash::solid;  // dashes of many lines are a mist
    line.name = "seed " + std::to_string(curve.seed);
    if (!many) line.label = line.name;
    line.opacity = many ? std::max(0.12, 3.0 / static_cast<double>(curves->curves.size())) : 1.0;
    line.width_px = many ? 1.4f : 2.0f;
    line.ends_at_cursor = false;
    for (std::size_t at = 0; at < std::min(curve.steps.size(), curve.values.size()); ++at) {
      if (curve.steps[at] > 0 || plot.x.scale == Scale::linear)
        line.samples.push_back({static_cast<double>(curve.steps[at]), curve.values[at]});
    }
    plot.marks.push_back(std::move(line));
  }
  chart.plots.push_back(std::move(plot));
  return chart;
}

}  // namespace grokscope::panel
