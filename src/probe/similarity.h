// The similarity probe: how alike the layers are to one another, to themselves at the start of the run and to
// themselves at this probe's previous look. Jobs thread.
//
// Linear CKA (Kornblith et al. 2019, eq. 5) ‖YcᵀXc‖²_F / (‖XcᵀXc‖_F ‖YcᵀYc‖_F) of the features of two layers,
// minus their means: 1 the same up to a rotation and a scale, 0 nothing in common. Features: after the
// activation function; of the last one, "output", the answers. Examples: at most 256 test examples (of those
// trained on where none are kept back), drawn by a stream of config.seed.
//
//   arrays  layers (layer, layer)   CKA of every layer with every other; NaN where one has none
//   scalars <layer>.from_start      CKA with itself at step 0 of this run
//           <layer>.from_before     CKA with itself at the previous look
//           before_step             the step of the previous look
//           samples                 how many examples
//   texts   layers                  names in order from input to output, joined by commas
//           <layer>.undefined       why a layer cannot be compared
//           from_start_undefined, from_before_undefined
// A scalar that is not defined is left out.
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_similarity(const ProbeInput& input);

}  // namespace grokscope
