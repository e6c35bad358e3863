// Scores many weights on a few fixed examples with the run's own engine (fused where it is): what the LU
// curves are made of. Not the trainer's evaluation. Jobs thread.
#pragma once

#include "probe/probe.h"

namespace grokscope {

/// For ProbeInput::make_scorer. `input` must outlive what it makes; its weights are not used.
std::function<ScoreWeights(const at::Tensor& train, const at::Tensor& test)> scorer_factory(
    const ProbeInput& input);

}  // namespace grokscope
