// The strip above a plot, in rows: flags stand right on the plot, band names above them. Internal to the
// layout.
#pragma once

#include "chart/draw.h"

namespace grokscope {

bool in_area(const PlotTransform& transform, float x);
/// Middle of a row, counted from the plot upwards.
float strip_row(const Sheet& sheet, const PlotFrame& frame, int row);
int strip_rows(const Sheet& sheet, const PlotFrame& frame);

/// Every intervention of the chart, once, on its uppermost plot: side by side, in rows above each other, and
/// what would still hide another as one flag that says how many they are.
void label_flags(Sheet& sheet, const Chart& chart, const ChartFrame& frame);

}  // namespace grokscope
