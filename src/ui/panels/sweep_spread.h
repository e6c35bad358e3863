// What a line over cells of a sweep shows of their seeds: median, range and every run. Pure functions. Main
// thread.
#pragma once

#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "chart/chart.h"
#include "sweep/sweep_table.h"

namespace grokscope::panel {

/// What a line shows of a run: NaN, it has no such value.
using RunValue = double (*)(const SweepRow& row);

struct SweepLine {
  std::string_view name;   ///< "final test error": in CSV
  std::string_view label;  ///< "test error": at the line's end
  Role role = Role::test;
  RunValue of = nullptr;
  Dash dash = Dash::automatic;
};

/// Of the runs of a cell that are known and have a value; the median only where half of those known do.
struct SeedSpread {
  static constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  double low = kNan, median = kNan, high = kNan;
};
SeedSpread spread_of_seeds(std::span<const SweepRow> cell, RunValue of);

/// Cells, and where each stands on the x axis, ascending.
struct CellsAlong {
  std::vector<std::size_t> cells;
  std::vector<double> x;
};
/// The medians that there are.
std::vector<Sample> medians_along(const SweepTable& table, const CellsAlong& along, RunValue of);
/// Line, band (of several seeds) and dots; nothing where no run has a value.
void add_spread(const SweepTable& table, const CellsAlong& along, const SweepLine& shown, Plot& plot);

}  // namespace grokscope::panel
