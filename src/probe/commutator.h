// The commutator probe: how much it matters in which order two mini-batches are learned. Jobs thread.
//
// Two steps of plain gradient descent, first on mini-batch A and then on B, end at θ_AB; the other way round
// at θ_BA. Defect = ‖θ_AB − θ_BA‖ / (‖η g_A‖ ‖η g_B‖): 0 where the loss is flat, the curvature that the two
// steps feel where it is not (Xu 2026, arXiv 2602.16746: η = 1e-3, mini-batches of 512, the median of five
// pairs of them). In float64, without the state of the optimizer and without weight decay. Mini-batches are
// drawn from the training examples, at most half of them each, anew at every step, by streams of
// config.seed.
//
//   scalars defect         the median over the pairs
//           defect_low, defect_high   the smallest and the largest
//           batch          examples in each mini-batch
#pragma once

#include <functional>

#include "probe/probe.h"

namespace grokscope {

/// (total) float64 of weights (total) float64.
using GradientOf = std::function<at::Tensor(const at::Tensor& weights)>;

/// The defect of one pair of mini-batches at `weights`. NaN where a gradient is zero or not finite: nothing
/// is learned there.
double commutator_defect(const at::Tensor& weights, const GradientOf& gradient_a,
                         const GradientOf& gradient_b, double rate);

Frame look_at_commutator(const ProbeInput& input);

}  // namespace grokscope
