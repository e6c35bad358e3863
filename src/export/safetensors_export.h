// The weights of a run as one safetensors file: a checked copy of a checkpoint. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace grokscope {

/// A checkpoint that was read with every check, as the bytes of a safetensors file.
struct CheckedWeights {
  std::int64_t step = 0;
  std::string bytes;
};
/// The checkpoint of `step` (none given: the newest complete one). A step without a checkpoint is an error
/// that names the nearest step that has one.
Result<CheckedWeights> checked_weights(const std::string& run_path, std::optional<std::int64_t> step);

}  // namespace grokscope
