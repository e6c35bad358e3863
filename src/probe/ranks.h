// The ranks probe: how many directions each layer's activations use. Jobs thread.
//
// sigma: singular values of the activation (example, feature) minus its mean over examples, in float64.
// Examples: all pairs; for images the held-out test images, as Fan et al. 2024 do. At most 1024 of them,
// drawn by a stream of config.seed: always the same ones.
//
//   arrays  <tap>/singular_values (n)  sigma / sigma_1, largest first, n = min(example, feature);
//                                      below 1e-6 reads 0
//   scalars <tap>.numerical  number of sigma > 1e-3 sigma_1 (Fan et al. 2024 use another tolerance:
//                            docs/probes.md)
//           <tap>.stable     sum sigma^2 / sigma_1^2
//           <tap>.effective  exp(entropy of sigma / sum sigma), Roy & Vetterli 2007
//           (all three are 0 when a layer gives every example the same activation)
//   texts   taps             names in order from input to output, joined by commas
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_ranks(const ProbeInput& input);

}  // namespace grokscope
