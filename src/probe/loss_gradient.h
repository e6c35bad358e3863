// The gradient of a run's own mean loss at any weights, by autograd in float64, for probes that step a little
// way themselves. Not the stepper's gradient: no dropout, no noise, no weight decay. Any thread.
#pragma once

#include "probe/probe.h"

namespace grokscope {

/// Of the examples `indices` (n), on their training labels, at `flat` (total) float64: (total) float64.
at::Tensor loss_gradient(const ProbeInput& input, const at::Tensor& flat, const at::Tensor& indices);

}  // namespace grokscope
