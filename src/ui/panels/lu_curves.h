// The numbers of the LU portrait: curves and paths as they can be drawn, where a point lies on a curve, where
// the valley is. No marks here. Main thread.
#pragma once

#include <optional>
#include <vector>

#include "ui/panel.h"

namespace grokscope::panel {

/// What the loss axis shows.
constexpr double kLossFloor = 1e-7, kLossCeiling = 1e3;

struct Range {
  double low = 0.0, high = 0.0;
};

/// A run up to a step as (norm, loss), evenly thinned in log step: however long it is, it asks for a few
/// hundred of its evaluations.
std::vector<Sample> path_of(const History& history, std::int64_t until, double Evaluation::*loss);
/// The curve along the ray within those norms. Losses below the floor are 0, which a log axis marks on its
/// end.
std::vector<Sample> ray_curve(const Array& norm, const Array& loss, const Range& range);
/// The loss of a curve at a norm, between its points as the line is drawn; NaN outside of it.
double loss_on(const Array* norm, const Array* loss, double at);
/// The middle of the valleys of the last looks: one look that sees it elsewhere does not move it.
std::optional<Range> valley_of(const PanelContext& context, const Frame& frame);

}  // namespace grokscope::panel
