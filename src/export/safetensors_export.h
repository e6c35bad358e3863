// The weights of a run as one safetensors file: those of a checkpoint, by name. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace grokscope {

inline constexpr std::string_view kWeightsSchema = "grokscope.weights/1";

/// The weights of a checkpoint that was read with every check, as the bytes of a safetensors file.
struct CheckedWeights {
  std::int64_t step = 0;
  std::string bytes;
  bool unnamed = false;  ///< of an earlier version: all weights in one vector, "flat"
};
/// The checkpoint of `step` (none given: the newest complete one). A step without a checkpoint is an error
/// that names the nearest step that has one.
Result<CheckedWeights> checked_weights(const std::string& run_path, std::optional<std::int64_t> step);

}  // namespace grokscope
