// The axes of a chart's plots: fitted to what is drawn, shown as far as a zoom asks, and in equal scales or
// whole cells where a plot wants that. Not the rows of text around them (frame_of.h). Internal.
#pragma once

#include <vector>

#include "chart/chart.h"
#include "chart/frame_of.h"

namespace grokscope {

/// Fitted axes of every plot; stacked plots share the first one's x. Zoomed, except where a plot keeps its
/// shape: that is zoomed when its area is known. `extents` gets one for each plot.
void fit_axes(const Chart& chart, std::vector<PlotFrame>& frames, std::vector<PlotExtent>& extents);

bool keeps_shape(const Plot& plot, const PlotTransform& transform);
/// The axes as they are become home; then they show what the zoom asks for.
void zoom_in(const ChartZoom& zoom, std::size_t plot, PlotTransform& transform);

/// Equal scales on both axes: a field (`tight`) keeps its range and gives up area, points keep the area and
/// widen the range.
void keep_aspect(PlotTransform& transform, bool tight);

/// A whole number of pixels a cell, when cells are large enough to be seen one by one. Other fields share
/// their axes with lines and fill the area.
void snap_cells(const Plot& plot, PlotTransform& transform);

}  // namespace grokscope
