// The answers probe: what the network says to every pair, or to 64 pictures. Jobs thread.
//
// text `kind` = "grid" | "images"; text `probability` = "softmax" | "clamped output" (mse: least squares on
// one-hot targets estimates the probability itself, so the output is cut to 0..1) | "nearest vector" (classes
// with a target vector each: softmax of -|output - vector|^2 / 2, the posterior under noise of unit
// variance). Not applicable to regression, text and molecules: there is no grid of guesses.
//
// grid: rows are a, columns are b; -1 (probabilities: 0) where there is no such pair
//   arrays  guess, target (rows, columns)   class index; the target of what is trained on is its label
//           confidence (rows, columns)      probability given to the target
//           true_target (rows, columns)     only where some label trained on is wrong
//           membership (rows, columns)      0 train, 1 formerly trained, 2 test, 3 unused
//           top_classes, top_probabilities (rows, columns, 3)   best guess first; -1, 0: fewer classes
//   scalars right_share                     share of all pairs whose guess is the target
//           wrong_labels                    how many labels trained on are wrong; absent if none
//
// images: the first 32 of the split's fixed order (training images as long as 32 are trained on), then 32
// held-out ones drawn by a stream of config.seed: the same pictures whatever happens to the split
//   arrays  samples (64, height, width)
//           sample_guess, sample_target, sample_confidence, sample_membership (64)
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_answers(const ProbeInput& input);

}  // namespace grokscope
