// The convolutional network on sequences of numbers (cnn1d_shape.h) with LibTorch: the reference of the fused
// one. Any thread.
#pragma once

#include "model/model.h"

namespace grokscope {

Result<std::shared_ptr<const Model>> make_cnn1d(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
