// The row work of fused convolutional networks, built once per instruction set with rows_impl.h: multiplies
// on overlapping rows, and batch normalisation with what follows it. Channels are padded to 16 floats; a
// padding channel is zero everywhere. Called by every worker on its own examples.
#pragma once

#include <cstdint>

namespace grokscope::fused {

/// gradient (inner, width) += Σ over examples and positions of input row ⊗ d_output row. An input row is
/// `inner` floats; rows of neighbouring positions overlap where their stride is smaller.
struct OuterProducts {
  std::int64_t examples = 0, positions = 0, inner = 0, width = 0;
  const float* input = nullptr;
  std::int64_t input_stride = 0, input_example = 0;  ///< from one position and one example to the next
  const float* d_output = nullptr;
  std::int64_t d_output_stride = 0, d_output_example = 0;
  float* gradient = nullptr;
};

/// Positions of one example before normalisation, and what normalises its channels.
struct NormRows {
  std::int64_t positions = 0, width = 0;
  const float* rows = nullptr;                     ///< (position, width)
  const float *scale = nullptr, *shift = nullptr;  ///< (width): rows · scale + shift is the normalised row
  const float *mean = nullptr, *inverse_std = nullptr;  ///< (width); read by the backward pass alone
  std::int64_t window = 1;  ///< positions that one maximum is taken over; a rest of them is dropped
};

struct ConvKernels {
  /// Mean and sum of squared differences from it over `count` rows of (count, width).
  void (*moments)(const float* rows, std::int64_t count, std::int64_t width, float* mean, float* squares);
  /// out (position / window, width): the largest of relu(normalised) of each window.
  void (*norm_relu_pool)(const NormRows& rows, float* out, std::int64_t out_stride);
  /// The gradient before the relu, from that of its maxima d_pooled (position / window, d_stride): into
  /// d_rows (position, width). Of equal values the first was the maximum. Adds the sums of d_rows and of
  /// d_rows times (row − mean)·inverse_std over the positions to `d_shift` and `d_scale`.
  void (*norm_relu_pool_backward)(const NormRows& rows, const float* d_pooled, std::int64_t d_stride,
                                  float* d_rows, float* d_shift, float* d_scale);
  /// d_rows = factor·(d_rows − d_mean − (row − mean)·inverse_std·d_variance), the last two (width): means of
  /// what norm_relu_pool_backward() sums (Ioffe and Szegedy 2015, §3).
  void (*norm_backward)(const NormRows& rows, const float* factor, const float* d_mean,
                        const float* d_variance, float* d_rows);
  void (*add_outer_products)(const OuterProducts& products);
};

}  // namespace grokscope::fused
