// The bodies of conv_rows.h and of RowKernels::multiply, compiled once per instruction set with rows_impl.h.
// Any worker, on its own rows.
#pragma once

#include <cstdint>

#include "train/kernels/conv_rows.h"
#include "train/kernels/multiply_impl.h"
#include "train/kernels/rows.h"
#include "train/kernels/simd.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

/// Rows of a tile of so many vectors: its sums, the vectors and a broadcast number fill the registers. Five
/// and ten because sequences of 40 numbers, halved twice, divide by them.
constexpr int tile_rows(int vectors) {
#if defined(__AVX512F__)
  return vectors >= 4 ? 5 : 10;
#elif defined(__AVX2__)
  return vectors >= 1 ? 5 : 0;
#else
  return vectors >= 1 ? 2 : 0;
#endif
}
#if defined(__AVX512F__)
constexpr int kMostVectors = 4;
#else
constexpr int kMostVectors = 1;
#endif

template <int kVectors>
GROKSCOPE_INLINE void multiply_panels(const Product& product, std::int64_t& f) {
  constexpr int kRows = tile_rows(kVectors);
  for (; f + kVectors * kLanes <= product.width; f += kVectors * kLanes) {
    std::int64_t i = 0;
    for (; i + kRows <= product.count; i += kRows) product_tile<kRows, kVectors>(product, i, f, PlainSum{});
    last_product_tile<kRows - 1, kVectors>(product, i, f, PlainSum{});
  }
}

static void multiply(const Product& product) {
  std::int64_t f = 0;
  if constexpr (kMostVectors >= 4) {
    multiply_panels<4>(product, f);
    multiply_panels<2>(product, f);
  }
  multiply_panels<1>(product, f);
}

/// Rows k .. k + kRows of the gradient, columns f .. f + kVectors vectors.
template <int kRows, int kVectors>
GROKSCOPE_INLINE void outer_tile(const OuterProducts& p, std::int64_t k, std::int64_t f) {
  Vec sums[kRows][kVectors];
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) sums[row][v] = load(p.gradient + (k + row) * p.width + f + v * kLanes);
  }
  for (std::int64_t example = 0; example < p.examples; ++example) {
    const float* input = p.input + example * p.input_example + k;
    const float* d = p.d_output + example * p.d_output_example + f;
    for (std::int64_t i = 0; i < p.positions; ++i, input += p.input_stride, d += p.d_output_stride) {
      Vec columns[kVectors];
      for (int v = 0; v < kVectors; ++v) columns[v] = load(d + v * kLanes);
      for (int row = 0; row < kRows; ++row) {
        const Vec factor = broadcast(input[row]);
        for (int v = 0; v < kVectors; ++v) sums[row][v] += factor * columns[v];
      }
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) store(p.gradient + (k + row) * p.width + f + v * kLanes, sums[row][v]);
  }
}

template <int kRows, int kVectors>
GROKSCOPE_INLINE void last_outer_tile(const OuterProducts& p, std::int64_t k, std::int64_t f) {
  if constexpr (kRows > 0) {
    if (p.inner - k == kRows) {
      outer_tile<kRows, kVectors>(p, k, f);
    } else {
      last_outer_tile<kRows - 1, kVectors>(p, k, f);
    }
  }
}

template <int kVectors>
GROKSCOPE_INLINE void outer_panels(const OuterProducts& products, std::int64_t& f) {
#if defined(__AVX512F__)
  constexpr int kRows = kVectors >= 4 ? 6 : 8;
#else
  constexpr int kRows = tile_rows(kVectors);
#endif
  for (; f + kVectors * kLanes <= products.width; f += kVectors * kLanes) {
    std::int64_t k = 0;
    for (; k + kRows <= products.inner; k += kRows) outer_tile<kRows, kVectors>(products, k, f);
    last_outer_tile<kRows - 1, kVectors>(products, k, f);
  }
}

static void add_outer_products(const OuterProducts& products) {
  std::int64_t f = 0;
  if constexpr (kMostVectors >= 4) {
    outer_panels<4>(products, f);
    outer_panels<2>(products, f);
  }
  outer_panels<1>(products, f);
}

static void moments(const float* rows, std::int64_t count, std::int64_t width, float* mean, float* squares) {
  const Vec share = broadcast(1.0f / static_cast<float>(count));
  for (std::int64_t f = 0; f < width; f += kLanes) {
    Vec sum{}, other{};
    std::int64_t i = 0;
    for (; i + 2 <= count; i += 2) {
      sum += load(rows + i * width + f);
      other += load(rows + (i + 1) * width + f);
    }
    if (i < count) sum += load(rows + i * width + f);
    const Vec middle = (sum + other) * share;
    Vec spread{}, other_spread{};
    for (i = 0; i + 2 <= count; i += 2) {
      const Vec a = load(rows + i * width + f) - middle, b = load(rows + (i + 1) * width + f) - middle;
      spread += a * a;
      other_spread += b * b;
    }
    if (i < count) {
      const Vec a = load(rows + i * width + f) - middle;
      spread += a * a;
    }
    store(mean + f, middle);
    store(squares + f, spread + other_spread);
  }
}

/// The larger one; NaN stays NaN, so that a network that diverged is seen to have.
GROKSCOPE_INLINE Vec not_below(const Vec& value, const Vec& least) {
  return value <= least ? least : value;
}

static void norm_relu_pool(const NormRows& r, float* out, std::int64_t out_stride) {
  const std::int64_t windows = r.positions / r.window;
  for (std::int64_t f = 0; f < r.width; f += kLanes) {
    const Vec scale = load(r.scale + f), shift = load(r.shift + f);
    const float* row = r.rows + f;
    for (std::int64_t w = 0; w < windows; ++w) {
      Vec largest{};  // a relu's maximum is never below zero
      for (std::int64_t i = 0; i < r.window; ++i, row += r.width)
        largest = not_below(load(row) * scale + shift, largest);
      store(out + w * out_stride + f, largest);
    }
  }
}

static void norm_relu_pool_backward(const NormRows& r, const float* d_pooled, std::int64_t d_stride,
                                    float* d_rows, float* d_shift, float* d_scale) {
  const std::int64_t windows = r.positions / r.window;
  for (std::int64_t f = 0; f < r.width; f += kLanes) {
    const Vec scale = load(r.scale + f), shift = load(r.shift + f);
    const Vec mean = load(r.mean + f), inverse_std = load(r.inverse_std + f);
    Vec sum{}, weighted{};
    const auto pass = [&](std::int64_t at, const Vec& d) __attribute__((always_inline)) {
      store(d_rows + at * r.width + f, d);
      sum += d;
      weighted += d * ((load(r.rows + at * r.width + f) - mean) * inverse_std);
    };
    for (std::int64_t w = 0; w < windows; ++w) {
      const std::int64_t first = w * r.window;
      const Vec d = load(d_pooled + w * d_stride + f);
      Vec largest{};
      VecInt winner{};  // place in the window plus 1; 0: nothing is above zero
      for (std::int64_t i = 0; i < r.window; ++i) {
        const Vec value = load(r.rows + (first + i) * r.width + f) * scale + shift;
        winner = value > largest ? VecInt{} + static_cast<std::int32_t>(i + 1) : winner;
        largest = not_below(value, largest);
      }
      for (std::int64_t i = 0; i < r.window; ++i)
        pass(first + i, winner == VecInt{} + static_cast<std::int32_t>(i + 1) ? d : Vec{});
    }
    for (std::int64_t rest = windows * r.window; rest < r.positions; ++rest) pass(rest, Vec{});
    store(d_shift + f, load(d_shift + f) + sum);
    store(d_scale + f, load(d_scale + f) + weighted);
  }
}

static void norm_backward(const NormRows& r, const float* factor, const float* d_mean,
                          const float* d_variance, float* d_rows) {
  for (std::int64_t f = 0; f < r.width; f += kLanes) {
    const Vec mean = load(r.mean + f), weight = load(r.inverse_std + f) * load(d_variance + f);
    const Vec scale = load(factor + f), shift = load(d_mean + f);
    for (std::int64_t at = f; at < r.positions * r.width; at += r.width)
      store(d_rows + at, scale * (load(d_rows + at) - shift - (load(r.rows + at) - mean) * weight));
  }
}

static ConvKernels conv_kernels() {
  return {moments, norm_relu_pool, norm_relu_pool_backward, norm_backward, add_outer_products};
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
