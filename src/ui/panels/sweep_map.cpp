// The map of a sweep: a cell a pair of settings, with its letter or number, so that it is read without
// colour.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "config/fields.h"
#include "ui/panels/sweep_charts.h"

namespace grokscope::panel {
namespace {

using theory::LearningPhase;
constexpr float kEmpty = std::numeric_limits<float>::quiet_NaN();

/// Of the map, in the order of its categories.
struct PhaseLook {
  LearningPhase phase;
  Role role;
  const char* letter;
  const char* name;
};
constexpr std::array<PhaseLook, 4> kPhases = {
    PhaseLook{LearningPhase::comprehension, Role::phase_comprehension, "C", "C comprehension"},
    PhaseLook{LearningPhase::grokking, Role::phase_grokking, "G", "G grokking"},
    PhaseLook{LearningPhase::memorisation, Role::phase_memorisation, "M", "M memorisation"},
    PhaseLook{LearningPhase::confusion, Role::phase_confusion, "–", "– confusion"}};

FieldMark empty_field(const SweepGrid& grid) {
  FieldMark field;
  field.rows = static_cast<std::int64_t>(grid.rows());
  field.columns = static_cast<std::int64_t>(grid.columns());
  field.values.assign(grid.rows() * grid.columns(), kEmpty);
  field.signs.assign(field.values.size(), no_sign);
  field.texts.assign(field.values.size(), "");
  field.x0 = field.y0 = -0.5;
  field.x1 = static_cast<double>(grid.columns()) - 0.5;
  field.y1 = static_cast<double>(grid.rows()) - 0.5;
  field.apart = true;
  return field;
}

/// Row 0 of a field is on top.
std::size_t place_in(const SweepGrid& grid, std::size_t row, std::size_t column) {
  return (grid.rows() - 1 - row) * grid.columns() + column;
}

template <typename Visit>
void for_each_cell(const PanelContext& context, const SweepGrid& grid, SweepMeasure measure, Visit visit) {
  const SweepTable& table = *context.sweep->news.table;
  for (std::size_t row = 0; row < grid.rows(); ++row) {
    for (std::size_t column = 0; column < grid.columns(); ++column) {
      const CellSummary cell = summary_of(table.cell(grid.cell(row, column)), measure);
      if (cell.known > 0) visit(place_in(grid, row, column), cell);
    }
  }
}

/// What is still to be trained: the map is there before it is filled.
FieldMark unknown_field(const PanelContext& context, const SweepGrid& grid) {
  FieldMark field = empty_field(grid);
  field.categories = {Role::faint};
  field.category_names = {""};
  const SweepTable& table = *context.sweep->news.table;
  for (std::size_t row = 0; row < grid.rows(); ++row) {
    for (std::size_t column = 0; column < grid.columns(); ++column) {
      const auto cell = table.cell(grid.cell(row, column));
      const bool none = std::all_of(cell.begin(), cell.end(),
                                    [](const SweepRow& run) { return run.state == RowState::unknown; });
      if (none) field.values[place_in(grid, row, column)] = 0.0f;
    }
  }
  return field;
}

/// Of what has no value: diverged, failed, or never.
FieldMark no_value_field(const SweepGrid& grid) {
  FieldMark field = empty_field(grid);
  field.categories = {Role::dim};
  field.category_names = {""};
  return field;
}

void add_phases(const PanelContext& context, const SweepGrid& grid, Plot& plot) {
  FieldMark field = empty_field(grid), lost = no_value_field(grid);
  for (const PhaseLook& look : kPhases) {
    field.categories.push_back(look.role);
    field.category_names.emplace_back(look.name);
  }
  for_each_cell(context, grid, SweepMeasure::phase, [&](std::size_t place, const CellSummary& cell) {
    const auto look = std::find_if(kPhases.begin(), kPhases.end(),
                                   [&](const PhaseLook& one) { return one.phase == cell.phase; });
    if (cell.diverged || look == kPhases.end()) {
      lost.values[place] = 0.0f;
      lost.texts[place] = cell.diverged ? "!" : "?";
      return;
    }
    field.values[place] = static_cast<float>(look - kPhases.begin());
    field.texts[place] = look->letter;
    if (cell.disagrees) field.signs[place] = hatch_sign;
  });
  plot.marks.push_back(std::move(lost));
  plot.marks.push_back(std::move(field));
}

/// "840", "1.2k".
std::string short_steps(double steps) {
  if (steps < 1000.0) return pretty(steps, 3);
  return pretty(steps / 1000.0, steps < 10'000.0 ? 2 : 3) + "k";
}

/// Bright is early, or right; dark late, or wrong.
void add_values(const PanelContext& context, const SweepGrid& grid, SweepMeasure measure, Plot& plot) {
  FieldMark field = empty_field(grid), never = no_value_field(grid);
  never.category_names = {measure == SweepMeasure::final_error ? "diverged" : "never"};
  const bool steps = measure != SweepMeasure::final_error;
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  for_each_cell(context, grid, measure, [&](std::size_t place, const CellSummary& cell) {
    if (cell.diverged || !std::isfinite(cell.median)) {
      never.values[place] = 0.0f;
      never.signs[place] = cell.disagrees ? hatch_sign : cross_sign;
      return;
    }
    low = std::min(low, steps ? std::max(cell.median, 1.0) : cell.median);
    high = std::max(high, cell.median);
    field.values[place] = static_cast<float>(cell.median);
    field.texts[place] = steps ? short_steps(cell.median) : percent(cell.median);
    if (cell.disagrees) field.signs[place] = hatch_sign;
  });
  if (!steps) {
    low = 0.0;
    high = 1.0;
  }
  if (!(low <= high)) low = high = 1.0;
  field.log = steps;
  field.bright_low = true;
  field.low = low;
  field.high = high;
  const auto end = [&](double value) { return steps ? grouped(std::llround(value)) : percent(value); };
  plot.colors = ColorScale{field.map, false, end(high), end(low), std::string(name_of(measure))};
  plot.marks.push_back(std::move(never));
  plot.marks.push_back(std::move(field));
}

/// Where the shown run lies, if it does.
void add_live_run(const PanelContext& context, const SweepGrid& grid, Plot& plot) {
  const bool trains = context.history != nullptr && context.history->last() != nullptr;
  if (!trains || context.config == nullptr || grid.up == nullptr) return;
  const auto value = [&](const SweepAxis& axis) { return find_field(axis.field)->get(*context.config); };
  const auto x = place_on(*grid.right, value(*grid.right)), y = place_on(*grid.up, value(*grid.up));
  if (x && y) plot.marks.push_back(MarkerMark{*x, *y, Role::event, "this run"});
}

std::string about_seeds(const PanelContext& context) {
  const std::size_t seeds = context.sweep->plan->runs_of_cell();
  return seeds < 2 ? "" : " Hatched: its " + std::to_string(seeds) + " seeds disagree.";
}

}  // namespace

Chart sweep_map(const PanelContext& context, const SweepGrid& grid) {
  const SweepMeasure measure = measure_of(context);
  Chart chart;
  chart.name = "sweep-map";
  chart.title = measure == SweepMeasure::phase ? "Phase of learning" : std::string(name_of(measure));
  chart.title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(chart.title[0])));
  if (grid.between != nullptr) chart.title += " at " + context.chosen(kSweepSlice);
  chart.remark = sweep_progress(*context.sweep);
  chart.help =
      "One cell is one pair of settings, trained with every seed. Look for where generalising begins, and "
      "for "
      "the strip in which it comes late (grokking) between memorising and understanding at once. Phases: Liu "
      "et al. 2022, effective theory, Table 1.";
  chart.caption = measure == SweepMeasure::phase
                      ? "What became of each pair of settings." + about_seeds(context)
                      : "Median of the seeds; a cross: never." + about_seeds(context);
  chart.hint = "Click a cell: its run. M: colour by another.";
  Plot plot;
  plot.x = axis_of_values(*grid.right, 0.5);
  plot.y = axis_of_values(*grid.up, 0.5);
  plot.marks.push_back(unknown_field(context, grid));
  if (measure == SweepMeasure::phase)
    add_phases(context, grid, plot);
  else
    add_values(context, grid, measure, plot);
  add_live_run(context, grid, plot);
  chart.plots.push_back(std::move(plot));
  return chart;
}

}  // namespace grokscope::panel
