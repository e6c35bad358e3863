// The mixing kernels of rows.h: examples that share a token take or give that token's table rows, which stay in
// registers meanwhile. Included by rows_impl.h once per instruction set; helpers always inlined.
#pragma once

#include <cstdint>
#include <type_traits>

#include "train/fused/rows.h"
#include "train/fused/simd.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

/// Four heads times kTileVectors columns are held in registers: 16 of AVX-512's 32; elsewhere a vector is
/// several registers already.
#if defined(__AVX512F__)
constexpr int kTileVectors = 4;
constexpr int kDotRows = 4;
#else
constexpr int kTileVectors = 1;
constexpr int kDotRows = 1;
#endif

/// Calls pass(heads_at_once, first_head) for all heads, four at a time while there are four.
template <typename Pass>
GROKSCOPE_INLINE void by_heads(std::int64_t heads, const Pass& pass) {
  std::int64_t h = 0;
  for (; h + 4 <= heads; h += 4) pass(std::integral_constant<int, 4>{}, h);
  for (; h < heads; ++h) pass(std::integral_constant<int, 1>{}, h);
}

/// Asks for a cache line of memory that is needed soon.
GROKSCOPE_INLINE void fetch(const float* line) {
  __builtin_prefetch(line, 0, 2);
}
GROKSCOPE_INLINE void fetch_to_write(const float* line) {
  __builtin_prefetch(line, 1, 2);
}

/// One tile of columns of mix_forward, heads h .. h + kHeads.
template <int kHeads, int kVectors>
GROKSCOPE_INLINE void mix_forward_tile(const MixRun& run, std::int64_t h, const float* base, float* rows,
                                       std::int64_t f, bool clip) {
  Vec table[kHeads][kVectors], from[kVectors]{};
  for (int head = 0; head < kHeads; ++head) {
    for (int v = 0; v < kVectors; ++v) {
      const std::int64_t at = (h + head) * run.stride + f + v * kLanes;
      table[head][v] = load(run.table + at);
      if (run.next_table != nullptr) fetch(run.next_table + at);
    }
  }
  for (int v = 0; base != nullptr && v < kVectors; ++v) from[v] = load(base + f + v * kLanes);
  for (std::int64_t i = 0; i < run.count; ++i) {
    const std::int64_t row = run.rows[i];
    float* out = rows + row * run.stride + f;
    const float* weights = run.weights + row * run.heads + h;
    Vec sum[kVectors];
    for (int v = 0; v < kVectors; ++v) sum[v] = base != nullptr ? from[v] : load(out + v * kLanes);
    for (int head = 0; head < kHeads; ++head) {
      const Vec weight = broadcast(weights[head]);
      for (int v = 0; v < kVectors; ++v) sum[v] += weight * table[head][v];
    }
    for (int v = 0; v < kVectors; ++v) store(out + v * kLanes, clip ? maximum(Vec{}, sum[v]) : sum[v]);  // NaN stays
  }
}

static void mix_forward(const MixRun& run, const float* base, float* rows, std::int64_t width,
                        std::int64_t clipped) {
  const std::int64_t last_heads = run.heads % 4 == 0 ? run.heads - 4 : run.heads - 1;
  by_heads(run.heads, [&](auto heads, std::int64_t h) __attribute__((always_inline)) {
    const float* from = h == 0 ? base : nullptr;
    const std::int64_t clip_end = h == last_heads ? clipped : 0;
    std::int64_t f = 0;
    const auto tiles = [&](auto vectors, std::int64_t end) __attribute__((always_inline)) {
      for (; f + vectors.value * kLanes <= end; f += vectors.value * kLanes)
        mix_forward_tile<heads.value, vectors.value>(run, h, from, rows, f, f < clip_end);
    };
    const auto all_tiles = [&](std::int64_t end) __attribute__((always_inline)) {
      tiles(std::integral_constant<int, kTileVectors>{}, end);
      tiles(std::integral_constant<int, 1>{}, end);
    };
    all_tiles(clip_end);
    all_tiles(width);
  });
}

/// dots of kRows examples with kHeads table rows, over all columns.
template <int kHeads, int kRows>
GROKSCOPE_INLINE void mix_dots(const MixRun& run, std::int64_t h, std::int64_t first, const float* d_rows,
                               std::int64_t width, float* dots) {
  const float* next = first == 0 ? run.next_table : nullptr;
  const float *d[kRows], *table[kHeads];
  for (int i = 0; i < kRows; ++i) d[i] = d_rows + run.rows[first + i] * run.stride;
  for (int head = 0; head < kHeads; ++head) table[head] = run.table + (h + head) * run.stride;
  Vec sums[kRows][kHeads] = {};
  for (std::int64_t f = 0; f < width; f += kLanes) {
    Vec columns[kHeads];
    for (int head = 0; head < kHeads; ++head) {
      columns[head] = load(table[head] + f);
      if (next != nullptr) fetch(next + (h + head) * run.stride + f);
    }
    for (int i = 0; i < kRows; ++i) {
      const Vec slope = load(d[i] + f);
      for (int head = 0; head < kHeads; ++head) sums[i][head] += slope * columns[head];
    }
  }
  for (int i = 0; i < kRows; ++i) {
    for (int head = 0; head < kHeads; ++head)
      dots[run.rows[first + i] * run.heads + h + head] = sum(sums[i][head]);
  }
}

/// One tile of columns of the table gradient.
template <int kHeads, int kVectors>
GROKSCOPE_INLINE void mix_gather_tile(const MixRun& run, std::int64_t h, const float* d_rows, std::int64_t f,
                                      bool starts, float* gradient, float* column_sum) {
  Vec sums[kHeads][kVectors] = {}, columns[kVectors] = {};
  for (std::int64_t i = 0; i < run.count; ++i) {
    const std::int64_t row = run.rows[i];
    const float* d = d_rows + row * run.stride + f;
    const float* weights = run.weights + row * run.heads + h;
    Vec slope[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      slope[v] = load(d + v * kLanes);
      columns[v] += slope[v];
    }
    for (int head = 0; head < kHeads; ++head) {
      const Vec weight = broadcast(weights[head]);
      for (int v = 0; v < kVectors; ++v) sums[head][v] += weight * slope[v];
    }
  }
  for (int head = 0; head < kHeads; ++head) {
    for (int v = 0; v < kVectors; ++v) {
      const std::int64_t at = (h + head) * run.stride + f + v * kLanes;
      float* to = gradient + at;
      if (run.next_gradient != nullptr) fetch_to_write(run.next_gradient + at);
      store(to, starts ? sums[head][v] : load(to) + sums[head][v]);
    }
  }
  for (int v = 0; column_sum != nullptr && v < kVectors; ++v) {
    float* to = column_sum + f + v * kLanes;
    store(to, load(to) + columns[v]);
  }
}

static void mix_backward(const MixRun& run, const float* d_rows, std::int64_t width, bool starts,
                         float* gradient, float* column_sum, float* dots) {
  by_heads(run.heads, [&](auto heads, std::int64_t h) __attribute__((always_inline)) {
    std::int64_t i = 0;
    for (; i + kDotRows <= run.count; i += kDotRows)
      mix_dots<heads.value, kDotRows>(run, h, i, d_rows, width, dots);
    for (; i < run.count; ++i) mix_dots<heads.value, 1>(run, h, i, d_rows, width, dots);
    float* columns = h == 0 ? column_sum : nullptr;
    std::int64_t f = 0;
    for (; f + kTileVectors * kLanes <= width; f += kTileVectors * kLanes)
      mix_gather_tile<heads.value, kTileVectors>(run, h, d_rows, f, starts, gradient, columns);
    for (; f < width; f += kLanes)
      mix_gather_tile<heads.value, 1>(run, h, d_rows, f, starts, gradient, columns);
  });
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
