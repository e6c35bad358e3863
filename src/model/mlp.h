// MLP on pairs of tokens (shared embedding, or one-hot inputs), on images or on rows of features. Any thread:
// const after construction.
#pragma once

#include <memory>

#include "base/result.h"
#include "model/model.h"

namespace grokscope {

Result<std::shared_ptr<const Model>> make_mlp(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
