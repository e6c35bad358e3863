// Transposing a matrix that a multiply reads faster the other way round: libraries pack columns of a small
// matrix one number at a time. Any thread, on its own part.
#pragma once

#include <algorithm>
#include <cstdint>

#include "train/fused/simd.h"

namespace grokscope::fused {

/// to (columns, rows) = from (rows, columns) transposed; strides: floats from one stored row to the next. A
/// cache line of `to` at a time.
inline void transpose(std::int64_t rows, std::int64_t columns, const float* from, std::int64_t from_stride,
                      float* to, std::int64_t to_stride) {
  for (std::int64_t first = 0; first < rows; first += kLanes) {
    const std::int64_t end = std::min(rows, first + kLanes);
    for (std::int64_t k = 0; k < columns; ++k) {
      for (std::int64_t row = first; row < end; ++row) to[k * to_stride + row] = from[row * from_stride + k];
    }
  }
}

}  // namespace grokscope::fused
