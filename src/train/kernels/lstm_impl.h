// The gates of an LSTM on 16 floats at a time, forward and back, compiled once per instruction set with
// rows_impl.h. NaN stays NaN.
#pragma once

#include <cstdint>

#include "train/kernels/activation_impl.h"
#include "train/kernels/simd.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

/// In place. Loops of one function each: many of its long chains of operations are under way at once then.
GROKSCOPE_INLINE void sigmoid_row(float* values, std::int64_t count) {
  for (std::int64_t k = 0; k < count; k += kLanes) {
    const Vec u = load(values + k);
    store(values + k, keep_nan(u, sigmoid(u)));
  }
}

static void lstm_forward(float* gates, const float* cell_before, float* cell, float* tanh_cell, float* hidden,
                         std::int64_t rows, std::int64_t width) {
  for (std::int64_t row = 0; row < rows; ++row) {
    float *i = gates + 4 * width * row, *f = i + width, *g = f + width, *o = g + width;
    sigmoid_row(i, 2 * width);
    activate_row<Activation::tanh>(g, g, width);
    sigmoid_row(o, width);
    const std::int64_t place = width * row;
    for (std::int64_t k = 0; k < width; k += kLanes) {
      const Vec before = cell_before != nullptr ? load(cell_before + place + k) : Vec{};
      store(cell + place + k, load(f + k) * before + load(i + k) * load(g + k));
    }
    activate_row<Activation::tanh>(cell + place, tanh_cell + place, width);
    for (std::int64_t k = 0; k < width; k += kLanes)
      store(hidden + place + k, load(o + k) * load(tanh_cell + place + k));
  }
}

static void lstm_backward(float* gates, const float* tanh_cell, const float* cell_before,
                          const float* d_hidden, float* d_cell, std::int64_t rows, std::int64_t width) {
  const Vec one = broadcast(1.0f);
  for (std::int64_t row = 0; row < rows; ++row) {
    float* row_gates = gates + 4 * width * row;
    for (std::int64_t k = 0; k < width; k += kLanes) {
      float* at = row_gates + k;
      const Vec i = load(at), f = load(at + width), g = load(at + 2 * width), o = load(at + 3 * width);
      const std::int64_t place = width * row + k;
      const Vec t = load(tanh_cell + place), d = load(d_hidden + place);
      const Vec before = cell_before != nullptr ? load(cell_before + place) : Vec{};
      const Vec d_now = load(d_cell + place) + d * o * (one - t * t);
      store(at, d_now * g * i * (one - i));
      store(at + width, d_now * before * f * (one - f));
      store(at + 2 * width, d_now * i * (one - g * g));
      store(at + 3 * width, d * t * o * (one - o));
      store(d_cell + place, d_now * f);
    }
  }
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
