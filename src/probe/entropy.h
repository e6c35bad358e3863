// The entropy probe: over how many directions the last features before the answer are spread, the cheapest
// measure that moves before test accuracy does. Jobs thread.
//
// Features: of the last layer before the answer, after its activation function, over training and test
// examples alike, at most 512 of them, drawn by a stream of config.seed. λ_k: eigenvalues of their
// covariance.
//
//   scalars spectral       −Σ p_k ln p_k / ln d, p_k = λ_k / Σλ: 0 one direction, 1 all alike (Truong et al.
//                          2026, arXiv 2604.13123)
//           participation  (Σλ)² / Σλ²
//           features       d
//   texts   layer          which layer that is
//           undefined      why there is no number ("every example gives the same features")
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_entropy(const ProbeInput& input);

}  // namespace grokscope
