// The bodies of rows.h, compiled once per instruction set (rows_avx512.cpp, rows_avx2.cpp,
// rows_baseline.cpp): the same 16-float vectors become 1, 2 or 4 registers. Only always-inlined helpers and
// libm here, so that no function built for a newer CPU can be linked into the rest of the program.
#pragma once

#include "train/kernels/rows.h"

#include <cmath>
#include <limits>

#include "train/kernels/activation_impl.h"
#include "train/kernels/lstm_impl.h"
#include "train/kernels/mix_impl.h"
#include "train/kernels/multiply_impl.h"
#include "train/kernels/pair_impl.h"
#include "train/kernels/simd.h"
#include "train/kernels/update_impl.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

/// The largest logit, and whether the target has it with no lower class beside it. NaN compares false.
struct Winner {
  float largest;
  bool right;
};

GROKSCOPE_INLINE Winner winner_of(const float* logits, std::int64_t classes, std::int64_t target) {
  const Vec least = broadcast(-std::numeric_limits<float>::infinity());
  Vec lanes = broadcast(logits[0]);
  for (std::int64_t k = 0; k < classes; k += kLanes)
    lanes = maximum(first_lanes(classes - k, load(logits + k), least), lanes);
  const float largest = largest_lane(lanes);
  if (!(logits[target] == largest)) return {largest, false};
  const Vec most = broadcast(largest), one = broadcast(1.0f);
  Vec ties{};  // before the target
  for (std::int64_t k = 0; k < target; k += kLanes)
    ties += first_lanes(target - k, load(logits + k) == most ? one : Vec{}, Vec{});
  return {largest, sum(ties) == 0.0f};
}

static RowLoss cross_entropy_row(const float* logits, std::int64_t classes, std::int64_t target, float scale,
                                 float* gradient) {
  const auto [largest, right] = winner_of(logits, classes, target);
  const float target_logit = logits[target];
  // exp(z − max) of every class, zero in the padding and at the target, whose share is kept apart: a
  // confident right answer has others << 1, and 1 + others would lose it.
  const Vec shift = broadcast(largest);
  const std::int64_t end = padded(classes);
  Vec checked{}, other_lanes{};
  float target_exp = 0.0f;
  for (std::int64_t k = 0; k < end; k += kLanes) {
    Vec z = load(logits + k) - shift;
    if (k + kLanes > classes) z = first_lanes(classes - k, z, broadcast(-1000.0f));
    checked += z * Vec{};  // NaN or infinity leaves a NaN here
    Vec share = exp_nonpositive(z);
    if (target >= k && target < k + kLanes) {
      target_exp = share[target - k];
      share = lane_index() == VecInt{} + static_cast<std::int32_t>(target - k) ? Vec{} : share;
    }
    other_lanes += share;
    store(gradient + k, share);
  }
  const double others = sum_in_double(other_lanes);
  const double total = others + static_cast<double>(target_exp);
  RowLoss result;
  if (!std::isfinite(largest) || sum(checked) != 0.0f) {
    result.loss = std::nan("");
  } else {
    result.right = right;
    result.loss = target_logit == largest
                      ? std::log1p(others)
                      : std::log(total) - (static_cast<double>(target_logit) - static_cast<double>(largest));
  }
  const Vec factor = broadcast(static_cast<float>(static_cast<double>(scale) / total));
  for (std::int64_t k = 0; k < end; k += kLanes) store(gradient + k, load(gradient + k) * factor);
  gradient[target] = static_cast<float>(-static_cast<double>(scale) * (others / total));
  return result;
}

static RowLoss squared_error_row(const float* logits, std::int64_t classes, std::int64_t target, float scale,
                                 float* gradient) {
  RowLoss result;
  result.right = winner_of(logits, classes, target).right;
  const Vec factor = broadcast(2.0f * scale / static_cast<float>(classes));
  Vec squares{};
  for (std::int64_t k = 0; k < padded(classes); k += kLanes) {
    Vec difference = load(logits + k);
    if (k + kLanes > classes) difference = first_lanes(classes - k, difference, Vec{});
    if (target >= k && target < k + kLanes) difference[target - k] -= 1.0f;
    squares += difference * difference;
    store(gradient + k, difference * factor);
  }
  result.loss = sum_in_double(squares) / static_cast<double>(classes);
  return result;
}

static RowLoss squared_distance_row(const float* outputs, std::int64_t count, const float* target,
                                    float scale, float* gradient) {
  const float factor = 2.0f * scale / static_cast<float>(count);
  const Vec factors = broadcast(factor);
  Vec squares{};
  std::int64_t k = 0;
  for (; k + kLanes <= count; k += kLanes) {
    const Vec difference = load(outputs + k) - load(target + k);
    squares += difference * difference;
    store(gradient + k, difference * factors);
  }
  double rest = 0.0;
  for (; k < count; ++k) {
    const float difference = outputs[k] - target[k];
    rest += static_cast<double>(difference) * static_cast<double>(difference);
    gradient[k] = difference * factor;
  }
  for (; k < padded(count); ++k) gradient[k] = 0.0f;
  RowLoss result;
  result.loss = (sum_in_double(squares) + rest) / static_cast<double>(count);
  return result;
}

static void add_scaled(float weight, const float* from, float* to, std::int64_t width) {
  const Vec scale = broadcast(weight);
  std::int64_t f = 0;
  for (; f + kLanes <= width; f += kLanes) store(to + f, load(to + f) + scale * load(from + f));
  for (; f < width; ++f) to[f] += weight * from[f];
}

static void add(const float* left, const float* right, float* out, std::int64_t width) {
  std::int64_t f = 0;
  for (; f + kLanes <= width; f += kLanes) store(out + f, load(left + f) + load(right + f));
  for (; f < width; ++f) out[f] = left[f] + right[f];
}

static float dot(const float* left, const float* right, std::int64_t width) {
  constexpr int kSums = 4;  // an addition waits for the one before it
  Vec lanes[kSums]{};
  std::int64_t f = 0;
  for (; f + kSums * kLanes <= width; f += kSums * kLanes) {
    for (int s = 0; s < kSums; ++s) lanes[s] += load(left + f + s * kLanes) * load(right + f + s * kLanes);
  }
  for (; f + kLanes <= width; f += kLanes) lanes[0] += load(left + f) * load(right + f);
  float total = sum((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]));
  for (; f < width; ++f) total += left[f] * right[f];
  return total;
}

static RowKernels kernels() {
  return {mix_forward,
          mix_backward,
          multiply_through_relu,
          pair_forward,
          pair_backward,
          cross_entropy_row,
          squared_error_row,
          squared_distance_row,
          activate,
          activate_backward,
          add_scaled,
          add,
          dot,
          lstm_forward,
          lstm_backward,
          adam,
          sgd};
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
