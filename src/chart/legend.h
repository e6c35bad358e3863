// What the colours of a chart mean, in rows below its plots: a square for each kind of cell, a bar with its
// ends where a colour is a number. Internal to the layout.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chart/chart.h"
#include "chart/sheet.h"

namespace grokscope {

struct LegendItem {
  std::string text;
  Role role = Role::text;  ///< of a square
  std::uint8_t sign = no_sign;
  std::optional<ColorScale> scale;  ///< a bar instead
};
using LegendRows = std::vector<std::vector<LegendItem>>;

/// In as few rows as hold them.
LegendRows legend_of(const Chart& chart, const Sheet& sheet, float width);
/// `middle_y`: of the first row.
void draw_legend(Sheet& sheet, const LegendRows& rows, float left, float middle_y);

}  // namespace grokscope
