// The representation probe: how much of plain addition the embeddings have understood (Liu et al. 2022,
// effective theory, section 3; theory/parallelograms.h has the definitions). Jobs thread.
//
// Applies to task.kind = addition and models with token embeddings. Embeddings are taken in float64 and
// normalised: mean 0, variance 1 (with n - 1, as torch.std()) of all numbers together.
//
//   scalars rqi                 representation quality index: share of the permissible parallelograms kept
//           predicted_accuracy  share of all pairs that are trained on, or follow from one by a parallelogram
//           predicted_test_accuracy  the same share of the test pairs alone; absent when there are none
//           on_a_line           share of the variance along the first principal component
//   arrays  embedding (token, width)  as they are, not normalised
//           line (token)        normalised embeddings along the first principal component: the place of each
//                               token; signed so that the last token lies above the first
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_representation(const ProbeInput& input);

}  // namespace grokscope
