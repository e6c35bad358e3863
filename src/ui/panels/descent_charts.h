// The charts of double descent: over the steps of the shown run, over the width of a network, over the number
// of examples; the last two of a sweep. Pure functions of the context. Main thread.
#pragma once

#include "ui/panels/common.h"

namespace grokscope::panel {

/// Error over steps, with the critical regime as far as it has come.
Chart descent_over_steps(const PanelContext& context);

/// Where the training error of the shown run passes what its wrong labels leave and one hundredth: between
/// them the network is just about able to fit its examples. Nothing: it has not come so far.
struct CriticalRegime {
  double from_step = 0.0, to_step = 0.0;
  bool over = false;
};
std::optional<CriticalRegime> critical_regime(const PanelContext& context);
/// The error 1 − accuracy of a series of the shown run up to the shown step, smoothed over neighbouring
/// evaluations.
std::vector<Sample> smooth_error(const PanelContext& context, std::string_view series);

/// What a sweep's axes allow.
bool sweeps_widths(const SweepPlan& plan);    ///< one axis: model.width
bool sweeps_examples(const SweepPlan& plan);  ///< one or two axes, the last: task.train_size

/// Error over the width: at the end of training, of the training set, and stopped at the best moment.
Chart descent_over_width(const PanelContext& context);
/// The same of the test loss.
Chart loss_over_width(const PanelContext& context);
/// Test error over the number of examples, a line for each value of the other axis.
Chart descent_over_examples(const PanelContext& context);

}  // namespace grokscope::panel
