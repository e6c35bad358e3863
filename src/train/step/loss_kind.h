// The losses by name only. Any thread.
#pragma once

#include <string_view>

#include "base/result.h"

namespace grokscope {

enum class LossKind { cross_entropy, mean_squared, stablemax };

/// cross_entropy | mse | stablemax.
Result<LossKind> loss_kind_from(std::string_view name);

}  // namespace grokscope
