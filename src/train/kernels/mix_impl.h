// The mixing kernels of rows.h: examples that share a token take or give that token's table rows, which stay
// in registers meanwhile. Included by rows_impl.h once per instruction set; helpers always inlined.
#pragma once

#include <cstdint>
#include <type_traits>

#include "train/kernels/rows.h"
#include "train/kernels/simd.h"

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
    for (int v = 0; v < kVectors; ++v)
      store(out + v * kLanes, clip ? maximum(Vec{}, sum[v]) : sum[v]);  // NaN stays
  }
}

static void mix_forward(const MixRun& run, const float* base, float* rows, std::int64_t width,
                        std::int64_t clipped) {
  const std::int64_t last_heads = run.heads % 4 == 0 ? run.heads - 4 : run.heads - 1;
  by_heads(
      run.heads, [&](auto heads, std::int64_t h) __attribute__((always_inline)) {
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

/// The sums of each vector's lanes, in the order of sum(): four vectors at once, half as many shuffles.
GROKSCOPE_INLINE void store_sums(const Vec (&v)[4], float* sums) {
  const auto halves = [](const Vec& a, const Vec& b) __attribute__((always_inline)) {
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  };
  const Vec first = halves(v[0], v[1]), second = halves(v[2], v[3]);
  const Vec quarters =
      __builtin_shufflevector(first, second, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
      __builtin_shufflevector(first, second, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  const Half pairs = __builtin_shufflevector(quarters, quarters, 0, 1, 4, 5, 8, 9, 12, 13) +
                     __builtin_shufflevector(quarters, quarters, 2, 3, 6, 7, 10, 11, 14, 15);
  const Quarter each =
      __builtin_shufflevector(pairs, pairs, 0, 2, 4, 6) + __builtin_shufflevector(pairs, pairs, 1, 3, 5, 7);
  std::memcpy(sums, &each, sizeof(each));
}
GROKSCOPE_INLINE void store_sums(const Vec (&v)[1], float* sums) {
  *sums = sum(v[0]);
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
  for (int i = 0; i < kRows; ++i) store_sums(sums[i], dots + run.rows[first + i] * run.heads + h);
}

/// One tile of columns of the table gradient.
template <int kHeads, int kVectors, bool kSumsColumns>
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
      if constexpr (kSumsColumns) columns[v] += slope[v];
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
  for (int v = 0; kSumsColumns && v < kVectors; ++v) {
    float* to = column_sum + f + v * kLanes;
    store(to, load(to) + columns[v]);
  }
}

static void mix_backward(const MixRun& run, const float* d_rows, std::int64_t width, bool starts,
                         float* gradient, float* column_sum, float* dots) {
  by_heads(
      run.heads, [&](auto heads, std::int64_t h) __attribute__((always_inline)) {
        std::int64_t i = 0;
        for (; i + kDotRows <= run.count; i += kDotRows)
          mix_dots<heads.value, kDotRows>(run, h, i, d_rows, width, dots);
        for (; i < run.count; ++i) mix_dots<heads.value, 1>(run, h, i, d_rows, width, dots);
        const auto gather = [&](auto sums_columns) __attribute__((always_inline)) {
          std::int64_t f = 0;
          for (; f + kTileVectors * kLanes <= width; f += kTileVectors * kLanes)
            mix_gather_tile<heads.value, kTileVectors, sums_columns.value>(run, h, d_rows, f, starts,
                                                                           gradient, column_sum);
          for (; f < width; f += kLanes)
            mix_gather_tile<heads.value, 1, sums_columns.value>(run, h, d_rows, f, starts, gradient,
                                                                column_sum);
        };
        if (h == 0 && column_sum != nullptr) {
          gather(std::true_type{});
        } else {
          gather(std::false_type{});
        }
      });
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
