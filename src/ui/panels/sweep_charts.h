// The charts of a sweep: where its cells lie, the map over two of its axes, curves over one, the
// distribution of one cell, the course of its runs. Pure functions of the context. Main thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "ui/panels/common.h"

namespace grokscope::panel {

/// How a plan is laid out: its first axis upwards, its last to the right, the one between chosen.
struct SweepGrid {
  const SweepAxis* up = nullptr;  ///< nullptr: there is one axis
  const SweepAxis* right = nullptr;
  const SweepAxis* between = nullptr;  ///< of three; nullptr else
  std::size_t slice = 0;               ///< which value of `between`

  std::size_t rows() const { return up == nullptr ? 1 : up->values.size(); }
  std::size_t columns() const { return right->values.size(); }
  std::size_t slices() const { return between == nullptr ? 1 : between->values.size(); }
  std::size_t cell(std::size_t row, std::size_t column) const {
    return (row * slices() + slice) * columns() + column;
  }
};
/// Nothing: the plan is a list of runs.
std::optional<SweepGrid> grid_of(const PanelContext& context);
/// "Weight decay".
std::string axis_label(const SweepAxis& axis);
/// "weight decay".
std::string in_words(const SweepAxis& axis);
/// "0.03", "64 %", "adamw".
std::string value_label(const SweepAxis& axis, std::size_t value);
/// Its values at equal distances, each with its name; `margin` beyond the first and the last.
Axis axis_of_values(const SweepAxis& axis, double margin);
/// "weight decay 0.03 · training fraction 40 %".
std::string cell_words(const PanelContext& context, std::size_t cell);

/// What was chosen.
SweepMeasure measure_of(const PanelContext& context);
/// That the mouse was above last, or one in the middle.
std::size_t cell_of_interest(const PanelContext& context, const SweepGrid& grid);

/// "132 of 288 runs · 2.1 a second · about 1 min 15 s left".
std::string sweep_progress(const SweepView& sweep);

Chart sweep_map(const PanelContext& context, const SweepGrid& grid);
/// Steps (or the final error) over one axis through the cell, median and range of the seeds.
Chart sweep_section(const PanelContext& context, const SweepGrid& grid, bool along_right);
/// How many seeds of a cell took how long.
Chart sweep_distribution(const PanelContext& context, const SweepGrid& grid);
/// The recorded curves of the cell, one a seed.
Chart sweep_cell(const PanelContext& context, const SweepGrid& grid);

extern const PanelChoice kSweepMeasure, kSweepSlice, kSweepCell;

}  // namespace grokscope::panel
