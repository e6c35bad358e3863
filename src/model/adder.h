// Adder: a decoder on the sum of two trainable vectors (Liu et al. 2022, effective theory). Any thread: const
// after construction.
#pragma once

#include <memory>

#include "base/result.h"
#include "model/model.h"

namespace grokscope {

Result<std::shared_ptr<const Model>> make_adder(const RunConfig& config, const Dataset& data);

}  // namespace grokscope
