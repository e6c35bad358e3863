// Transposing a matrix that a multiply reads faster the other way round: libraries pack columns of a small
// matrix one number at a time. Any thread, on its own part.
#pragma once

#include <algorithm>
#include <cstdint>

#include "train/kernels/simd.h"

namespace grokscope::fused {

/// Four rows of four, transposed: unpacked by pairs, then by halves.
inline void transpose_four(const float* from, std::int64_t from_stride, float* to, std::int64_t to_stride) {
  Quarter rows[4];
  for (int i = 0; i < 4; ++i) std::memcpy(&rows[i], from + i * from_stride, sizeof(Quarter));
  const Quarter low01 = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
  const Quarter low23 = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
  const Quarter high01 = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
  const Quarter high23 = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
  const Quarter columns[4] = {__builtin_shufflevector(low01, low23, 0, 1, 4, 5),
                              __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
                              __builtin_shufflevector(high01, high23, 0, 1, 4, 5),
                              __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
  for (int i = 0; i < 4; ++i) std::memcpy(to + i * to_stride, &columns[i], sizeof(Quarter));
}

/// to (columns, rows) = from (rows, columns) transposed; strides: floats from one stored row to the next. A
/// cache line of `to` at a time, in squares of four.
inline void transpose(std::int64_t rows, std::int64_t columns, const float* from, std::int64_t from_stride,
                      float* to, std::int64_t to_stride) {
  const auto one_by_one = [&](std::int64_t row, std::int64_t row_end, std::int64_t first, std::int64_t end) {
    for (std::int64_t k = first; k < end; ++k) {
      for (std::int64_t i = row; i < row_end; ++i) to[k * to_stride + i] = from[i * from_stride + k];
    }
  };
  const std::int64_t square_columns = columns / 4 * 4;
  for (std::int64_t first = 0; first < rows; first += kLanes) {
    const std::int64_t end = std::min(rows, first + kLanes), square_end = first + (end - first) / 4 * 4;
    for (std::int64_t k = 0; k < square_columns; k += 4) {
      for (std::int64_t row = first; row < square_end; row += 4)
        transpose_four(from + row * from_stride + k, from_stride, to + k * to_stride + row, to_stride);
    }
    one_by_one(first, square_end, square_columns, columns);
    one_by_one(square_end, end, 0, columns);
  }
}

}  // namespace grokscope::fused
