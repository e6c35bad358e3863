// Checkpoint: weights, optimizer state and random state after a step, as values. Torch-free; immutable once
// published.
#pragma once

#include <cstddef>
#include <cstdint>

#include "history/safetensors.h"

namespace grokscope {

struct Checkpoint {
  std::int64_t step = 0;
  TensorFile contents;
};

/// About what it takes in memory.
inline std::size_t bytes_of(const Checkpoint& checkpoint) {
  std::size_t bytes = sizeof(Checkpoint);
  for (const auto& [name, tensor] : checkpoint.contents.tensors) bytes += tensor.bytes.size() + 128;
  for (const auto& [name, text] : checkpoint.contents.metadata) bytes += text.size() + 128;
  return bytes;
}

}  // namespace grokscope
