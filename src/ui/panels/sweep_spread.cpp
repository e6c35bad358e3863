#include "ui/panels/sweep_spread.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/statistics.h"

namespace grokscope::panel {

SeedSpread spread_of_seeds(std::span<const SweepRow> cell, RunValue of) {
  std::vector<double> values;
  SeedSpread spread;
  for (const SweepRow& row : cell) {
    if (row.state == RowState::unknown) continue;
    const double value = of(row);
    values.push_back(std::isfinite(value) ? value : std::numeric_limits<double>::infinity());
    if (!std::isfinite(value)) continue;
    spread.low = std::isnan(spread.low) ? value : std::min(spread.low, value);
    spread.high = std::isnan(spread.high) ? value : std::max(spread.high, value);
  }
  const double median = values.empty() ? SeedSpread::kNan : median_of(std::move(values));
  if (std::isfinite(median)) spread.median = median;
  return spread;
}

std::vector<Sample> medians_along(const SweepTable& table, const CellsAlong& along, RunValue of) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < along.cells.size(); ++i) {
    const double median = spread_of_seeds(table.cell(along.cells[i]), of).median;
    if (std::isfinite(median)) samples.push_back({along.x[i], median});
  }
  return samples;
}

void add_spread(const SweepTable& table, const CellsAlong& along, const SweepLine& shown, Plot& plot) {
  AreaMark range;
  range.role = shown.role;
  range.name = shown.name;
  LineMark line;
  line.role = shown.role;
  line.name = shown.name;
  line.label = shown.label;
  line.dash = shown.dash;
  line.ends_at_cursor = false;
  PointsMark points;
  points.role = shown.role;
  points.radius_px = 2.2f;
  for (std::size_t i = 0; i < along.cells.size(); ++i) {
    const auto cell = table.cell(along.cells[i]);
    const SeedSpread spread = spread_of_seeds(cell, shown.of);
    range.x.push_back(along.x[i]);
    range.low.push_back(spread.low);
    range.high.push_back(spread.high);
    line.samples.push_back({along.x[i], spread.median});
    for (const SweepRow& row : cell) {
      const double value = row.state == RowState::unknown ? SeedSpread::kNan : shown.of(row);
      if (std::isfinite(value)) points.points.push_back({along.x[i], value});
    }
  }
  if (points.points.empty()) return;
  if (table.seeds > 1) plot.marks.push_back(std::move(range));
  plot.marks.push_back(std::move(line));
  plot.marks.push_back(std::move(points));
}

}  // namespace grokscope::panel
