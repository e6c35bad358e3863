// The sizes of a task that step_flops() counts with. Any thread.
#pragma once

#include "data/dataset.h"
#include "model/step_flops.h"

namespace grokscope {

/// Of a step over `examples` examples of `data`.
StepShape step_shape(const Dataset& data, std::int64_t examples);

}  // namespace grokscope
