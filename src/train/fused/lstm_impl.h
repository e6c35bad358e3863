// The gates of an LSTM on 16 floats at a time, forward and back, compiled once per instruction set with
// rows_impl.h. NaN stays NaN.
#pragma once

#include <cstdint>

#include "train/fused/activation_impl.h"
#include "train/fused/simd.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

static void lstm_forward(float* gates, const float* cell_before, float* cell, float* tanh_cell, float* hidden,
                         std::int64_t rows, std::int64_t width) {
  for (std::int64_t row = 0; row < rows; ++row) {
    float* row_gates = gates + 4 * width * row;
    for (std::int64_t k = 0; k < width; k += kLanes) {
      float* at = row_gates + k;
      const Vec u_i = load(at), u_f = load(at + width), u_g = load(at + 2 * width),
                u_o = load(at + 3 * width);
      const Vec i = keep_nan(u_i, sigmoid(u_i)), f = keep_nan(u_f, sigmoid(u_f)),
                g = keep_nan(u_g, tanh_of(u_g)), o = keep_nan(u_o, sigmoid(u_o));
      const std::int64_t place = width * row + k;
      const Vec before = cell_before != nullptr ? load(cell_before + place) : Vec{};
      const Vec now = f * before + i * g, squashed = keep_nan(now, tanh_of(now));
      store(at, i);
      store(at + width, f);
      store(at + 2 * width, g);
      store(at + 3 * width, o);
      store(cell + place, now);
      store(tanh_cell + place, squashed);
      store(hidden + place, o * squashed);
    }
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
