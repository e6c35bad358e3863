// The progress probe: Nanda et al. 2023, section 5, for a + b mod p. Jobs thread.
//
// Key frequencies are those of this step (a live instrument cannot know the final ones): those of which a
// component norm of W_L over the classes is above a quarter of the largest; of W_E over the tokens where
// there is no W_L. Before structure appears almost every frequency passes: restricted loss then means "any
// function of a + b". L[a, b, c] are the logits of all p^2 pairs; P L keeps, for each key frequency w, its
// two directions cos w(a + b) and sin w(a + b) over the pairs (unit norm: P is an orthogonal projection).
//
//   scalars restricted_loss      loss of P L + per-class mean of L, over test pairs
//           restricted_loss_all  the same over all pairs, as in the paper's code
//           excluded_loss        loss of L - P L, over training pairs
//           full_train_loss, full_test_loss       loss of L, for comparison
//           gini_embedding, gini_neuron_to_logit  of the p - 1 Fourier component norms of W_E, W_L, if any
//           sum_of_squares       sum theta^2
//           key_count            number of key frequencies used
//   arrays  key_frequencies (n)  strongest first
//   texts   key_source           "W_L" | "W_E"
//
// Losses are the run's own (nats with float64 log-softmax, or mean squared error). Training pairs use the
// labels that training uses; test pairs are those never trained on; a class without members gives NaN.
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_progress(const ProbeInput& input);

}  // namespace grokscope
