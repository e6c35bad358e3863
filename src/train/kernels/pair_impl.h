// The kernels of rows.h for rows that are an activated sum of two tokens' rows. The sum is computed again on
// the way back: the tables' rows are in cache anyway, and a block takes half the room. Included by
// rows_impl.h once per instruction set; helpers always inlined.
#pragma once

#include <cstdint>

#include "train/kernels/activation_impl.h"
#include "train/kernels/mix_impl.h"
#include "train/kernels/rows.h"
#include "train/kernels/simd.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

static void pair_forward(Activation activation, const PairRows& pairs, float* rows, std::int64_t width) {
  by_activation(
      activation, [&](auto kind) __attribute__((always_inline)) {
        for (std::int64_t i = 0; i < pairs.count; ++i) {
          const float* row_a = pairs.table_a + pairs.a[i] * pairs.stride;
          const float* row_b = pairs.table_b + pairs.b[i] * pairs.stride;
          float* out = rows + i * pairs.stride;
          for (std::int64_t f = 0; f < width; f += kLanes)
            store(out + f, activated<kind.value>(load(row_a + f) + load(row_b + f)));
        }
      });
}

/// One tile of columns. A first token's part stays in registers while the token lasts; the second tokens'
/// parts of a block's tile stay in L1.
template <Activation kActivation, int kVectors>
GROKSCOPE_INLINE void pair_backward_tile(const PairRows& pairs, const float* d_rows, std::int64_t f,
                                         float* d_table_a, float* d_table_b) {
  const std::int64_t stride = pairs.stride;
  for (std::int64_t i = 0; i < pairs.count;) {
    const std::int32_t a = pairs.a[i];
    Vec row_a[kVectors], sums[kVectors]{};
    for (int v = 0; v < kVectors; ++v) row_a[v] = load(pairs.table_a + a * stride + f + v * kLanes);
    for (; i < pairs.count && pairs.a[i] == a; ++i) {
      const float* row_b = pairs.table_b + pairs.b[i] * stride + f;
      const float* d_row = d_rows + i * stride + f;
      float* to_b = d_table_b + pairs.b[i] * stride + f;
      for (int v = 0; v < kVectors; ++v) {
        const Vec u = row_a[v] + load(row_b + v * kLanes);
        const Vec d = load(d_row + v * kLanes) * slope<kActivation>(u);
        sums[v] += d;
        store(to_b + v * kLanes, load(to_b + v * kLanes) + d);
      }
    }
    float* to_a = d_table_a + a * stride + f;
    for (int v = 0; v < kVectors; ++v) store(to_a + v * kLanes, load(to_a + v * kLanes) + sums[v]);
  }
}

static void pair_backward(Activation activation, const PairRows& pairs, const float* d_rows,
                          std::int64_t width, float* d_table_a, float* d_table_b) {
  by_activation(
      activation, [&](auto kind) __attribute__((always_inline)) {
        std::int64_t f = 0;
        for (; f + kTileVectors * kLanes <= width; f += kTileVectors * kLanes)
          pair_backward_tile<kind.value, kTileVectors>(pairs, d_rows, f, d_table_a, d_table_b);
        for (; f < width; f += kLanes)
          pair_backward_tile<kind.value, 1>(pairs, d_rows, f, d_table_a, d_table_b);
      });
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
