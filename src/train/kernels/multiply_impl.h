// A multiply on rows, and one that ends in a relu's slope, compiled once per instruction set with
// rows_impl.h. A library would pack the right matrix anew for every block of rows, and leave a result in
// memory only to be read again with the slope. Any worker, on its own rows.
#pragma once

#include <cstdint>
#include <type_traits>

#include "train/kernels/rows.h"
#include "train/kernels/simd.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

/// A tile's sums, a row of the right matrix and a broadcast number fill the registers.
#if defined(__AVX512F__)
constexpr int kProductRows = 6, kProductVectors = 4;
#elif defined(__AVX2__)
constexpr int kProductRows = 6, kProductVectors = 1;
#else
constexpr int kProductRows = 2, kProductVectors = 1;
#endif

/// What a finished sum becomes, given what stands in its place.
struct PlainSum {
  GROKSCOPE_INLINE Vec operator()(const Vec& sum, const float*) const { return sum; }
};
struct ThroughRelu {
  GROKSCOPE_INLINE Vec operator()(const Vec& sum, const float* place) const {
    return load(place) > Vec{} ? sum : Vec{};
  }
};

/// Rows i .. i + kRows, columns f .. f + kVectors vectors.
template <int kRows, int kVectors, typename Finish>
GROKSCOPE_INLINE void product_tile(const Product& p, std::int64_t i, std::int64_t f, const Finish& finish) {
  const float *left = p.left + i * p.left_stride, *right = p.right + f;
  Vec sums[kRows][kVectors] = {};
  for (std::int64_t k = 0; k < p.inner; ++k, right += p.right_stride) {
    Vec columns[kVectors];
    for (int v = 0; v < kVectors; ++v) columns[v] = load(right + v * kLanes);
    for (int row = 0; row < kRows; ++row) {
      const Vec factor = broadcast(left[row * p.left_stride + k]);
      for (int v = 0; v < kVectors; ++v) sums[row][v] += factor * columns[v];
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) {
      float* out = p.rows + (i + row) * p.row_stride + f + v * kLanes;
      store(out, finish(sums[row][v], out));
    }
  }
}

/// The rows from i on, of which there are at most kRows.
template <int kRows, int kVectors, typename Finish>
GROKSCOPE_INLINE void last_product_tile(const Product& p, std::int64_t i, std::int64_t f,
                                        const Finish& finish) {
  if constexpr (kRows > 0) {
    if (p.count - i == kRows) {
      product_tile<kRows, kVectors>(p, i, f, finish);
    } else {
      last_product_tile<kRows - 1, kVectors>(p, i, f, finish);
    }
  }
}

static void multiply_through_relu(const Product& product) {
  std::int64_t f = 0;
  const auto panels = [&](auto vectors) __attribute__((always_inline)) {
    for (; f + vectors.value * kLanes <= product.width; f += vectors.value * kLanes) {
      std::int64_t i = 0;  // the panel of the right matrix stays in L1 for all rows
      for (; i + kProductRows <= product.count; i += kProductRows)
        product_tile<kProductRows, vectors.value>(product, i, f, ThroughRelu{});
      last_product_tile<kProductRows - 1, vectors.value>(product, i, f, ThroughRelu{});
    }
  };
  panels(std::integral_constant<int, kProductVectors>{});
  panels(std::integral_constant<int, 1>{});
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
