// The layers probe: what every layer's features can do, from the first to the answer: how many directions
// they use and how well a linear read-out of them answers. Jobs thread.
//
// Features of a layer: its pre-activations, as Fan, Pascanu and Jaggi 2024 take them, where it has an
// activation function; what it gives, where not; of the last one, "output", the answers themselves. Examples:
// the test examples, at most 1 024 of them, drawn by a stream of config.seed; for the linear probe as many of
// the training examples beside them.
//
//   arrays  <layer>/eigenvalues (feature)  of the covariance over examples, over the largest, largest first
//   scalars <layer>.rank            feature rank as published: λ > λ_1 d ε, ε of the precision of the weights
//           <layer>.stable          Σλ / λ_1
//           <layer>.effective       exp(entropy of λ / Σλ)
//           <layer>.participation   (Σλ)² / Σλ²
//           <layer>.entropy         entropy of λ / Σλ over log d: 0 one direction, 1 all alike
//           <layer>.weight_norm     ‖W, b‖₂ of the layer's own parameters, where they are named after it
//           <layer>.probe_train, .probe_test   accuracy of a ridge probe on the features (ridge_probe.h)
//           <layer>.probe_penalty   the penalty that it chose
//           best_probe_test         probe_test of the layer whose probe did best on the fold that chose
//                                   its penalty
//           readout_gap             best_probe_test minus the accuracy of the network on the same examples
//           probe_chosen (layer)    what each layer's ridge probe did on the fold that chose its penalty; NaN
//   texts   layers                  names in order from input to output, joined by commas
//           parts                   of a large network: in so many looks at a part every layer has its turn
//           steps                   when each layer was looked at last (layer_turns.h); arrays and reasons of
//                                   a layer are of that step, scalars are of this one or left out
//           <layer>.undefined       why a layer has no spectrum ("every example gives the same features")
//           best_layer              the layer of best_probe_test
//           probe_undefined         why there is no linear probe in this run
// A scalar that is not defined is left out.
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_layers(const ProbeInput& input);

}  // namespace grokscope
