// The lu probe: loss against weight norm along the ray c * theta. A job: a deep copy of the weights.
//
// Every parameter, biases included, is multiplied by c: 33 values log-spaced in 0.1..3.2, and c = 1 in its
// place. It is the slice through the present network, after Liu et al. 2022 (Omnigrok); their "reduced
// landscape" trains on each sphere instead.
//
//   arrays  norm, scale (n)          c |theta|_2 and c, ascending
//           train_loss, test_loss (n)          mean per example in the run's loss (nats, or squared error)
//           train_accuracy, test_accuracy (n)  shares
//   scalars norm_now                 |theta|_2
//           valley_low, valley_high  norms between which test loss is at least halfway down, in its
//           logarithm,
//                                    from that of chance to its minimum, and train accuracy >= 0.9 max,
//                                    around the best such point; absent if test loss stays above 0.8 of
//                                    chance, if there is no such point, or when cancelled
//   texts   subset                   which examples were used, in words
//           cancelled = "1"          stopped half way: the arrays hold what there is
//
// Train uses the labels that training uses (noise included). Test is examples that were never trained on.
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_lu(const ProbeInput& input);

}  // namespace grokscope
