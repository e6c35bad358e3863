// The bodies of rows.h, compiled once per instruction set (rows_avx512.cpp, rows_avx2.cpp,
// rows_baseline.cpp): the same 16-float vectors become 1, 2 or 4 registers. Only always-inlined helpers and
// libm here, so that no function built for a newer CPU can be linked into the rest of the program.
#pragma once

#include "train/kernels/rows.h"

#include <cmath>
#include <limits>

#include "train/kernels/activation_impl.h"
#include "train/kernels/conv_impl.h"
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
template <typename Scalar>
struct Winner {
  Scalar largest;
  bool right;
};

template <typename Scalar>
GROKSCOPE_INLINE Winner<Scalar> winner_of(const Scalar* logits, std::int64_t classes, std::int64_t target) {
  using V = VecOf<Scalar>;
  const V least = broadcast(-std::numeric_limits<Scalar>::infinity());
  V lanes = broadcast(logits[0]);
  for (std::int64_t k = 0; k < classes; k += kLanesOf<Scalar>)
    lanes = maximum(first_lanes(classes - k, load(logits + k), least), lanes);
  const Scalar largest = largest_lane(lanes);
  if (!(logits[target] == largest)) return {largest, false};
  const V most = broadcast(largest), one = broadcast(Scalar{1});
  V ties{};  // before the target
  for (std::int64_t k = 0; k < target; k += kLanesOf<Scalar>)
    ties += first_lanes(target - k, load(logits + k) == most ? one : V{}, V{});
  return {largest, sum(ties) == Scalar{0}};
}

template <typename Scalar>
static RowLoss cross_entropy_row(const Scalar* logits, std::int64_t classes, std::int64_t target,
                                 Scalar scale, Scalar* gradient) {
  using V = VecOf<Scalar>;
  constexpr std::int64_t kStep = kLanesOf<Scalar>;
  const auto [largest, right] = winner_of(logits, classes, target);
  const Scalar target_logit = logits[target];
  // exp(z − max) of every class, zero in the padding and at the target, whose share is kept apart: a
  // confident right answer has others << 1, and 1 + others would lose it.
  const V shift = broadcast(largest);
  const std::int64_t end = padded(classes);
  V checked{}, other_lanes{};
  Scalar target_exp{};
  for (std::int64_t k = 0; k < end; k += kStep) {
    V z = load(logits + k) - shift;
    if (k + kStep > classes) z = first_lanes(classes - k, z, broadcast(Scalar{-1000}));
    checked += z * V{};  // NaN or infinity leaves a NaN here
    V share = exp_nonpositive(z);
    if (target >= k && target < k + kStep) {
      target_exp = share[target - k];
      share = without_lane(target - k, share);
    }
    other_lanes += share;
    store(gradient + k, share);
  }
  const double others = sum_in_double(other_lanes);
  const double total = others + static_cast<double>(target_exp);
  RowLoss result;
  if (!std::isfinite(largest) || sum(checked) != Scalar{0}) {
    result.loss = std::nan("");
  } else {
    result.right = right;
    result.loss = target_logit == largest
                      ? std::log1p(others)
                      : std::log(total) - (static_cast<double>(target_logit) - static_cast<double>(largest));
  }
  const V factor = broadcast(static_cast<Scalar>(static_cast<double>(scale) / total));
  for (std::int64_t k = 0; k < end; k += kStep) store(gradient + k, load(gradient + k) * factor);
  gradient[target] = static_cast<Scalar>(-static_cast<double>(scale) * (others / total));
  return result;
}

template <typename Scalar>
static RowLoss squared_error_row(const Scalar* logits, std::int64_t classes, std::int64_t target,
                                 Scalar scale, Scalar* gradient) {
  using V = VecOf<Scalar>;
  constexpr std::int64_t kStep = kLanesOf<Scalar>;
  RowLoss result;
  result.right = winner_of(logits, classes, target).right;
  const V factor = broadcast(Scalar{2} * scale / static_cast<Scalar>(classes));
  V squares{};
  for (std::int64_t k = 0; k < padded(classes); k += kStep) {
    V difference = load(logits + k);
    if (k + kStep > classes) difference = first_lanes(classes - k, difference, V{});
    if (target >= k && target < k + kStep) difference[target - k] -= Scalar{1};
    squares += difference * difference;
    store(gradient + k, difference * factor);
  }
  result.loss = sum_in_double(squares) / static_cast<double>(classes);
  return result;
}

template <typename Scalar>
static RowLoss squared_distance_row(const Scalar* outputs, std::int64_t count, const Scalar* target,
                                    Scalar scale, Scalar* gradient) {
  using V = VecOf<Scalar>;
  constexpr std::int64_t kStep = kLanesOf<Scalar>;
  const Scalar factor = Scalar{2} * scale / static_cast<Scalar>(count);
  const V factors = broadcast(factor);
  V squares{};
  std::int64_t k = 0;
  for (; k + kStep <= count; k += kStep) {
    const V difference = load(outputs + k) - load(target + k);
    squares += difference * difference;
    store(gradient + k, difference * factors);
  }
  double rest = 0.0;
  for (; k < count; ++k) {
    const Scalar difference = outputs[k] - target[k];
    rest += static_cast<double>(difference) * static_cast<double>(difference);
    gradient[k] = difference * factor;
  }
  for (; k < padded(count); ++k) gradient[k] = Scalar{0};
  RowLoss result;
  result.loss = (sum_in_double(squares) + rest) / static_cast<double>(count);
  return result;
}

template <typename Scalar>
static void add_scaled(Scalar weight, const Scalar* from, Scalar* to, std::int64_t width) {
  constexpr std::int64_t kStep = kLanesOf<Scalar>;
  const VecOf<Scalar> scale = broadcast(weight);
  std::int64_t f = 0;
  for (; f + kStep <= width; f += kStep) store(to + f, load(to + f) + scale * load(from + f));
  for (; f < width; ++f) to[f] += weight * from[f];
}

template <typename Scalar>
static void add(const Scalar* left, const Scalar* right, Scalar* out, std::int64_t width) {
  constexpr std::int64_t kStep = kLanesOf<Scalar>;
  std::int64_t f = 0;
  for (; f + kStep <= width; f += kStep) store(out + f, load(left + f) + load(right + f));
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

template <typename Scalar>
static CommonKernels<Scalar> common_kernels() {
  return {cross_entropy_row<Scalar>,
          squared_error_row<Scalar>,
          squared_distance_row<Scalar>,
          activate<Scalar>,
          activate_backward<Scalar>,
          add_scaled<Scalar>,
          add<Scalar>,
          adam<Scalar>,
          sgd<Scalar>};
}

static RowKernels kernels() {
  return {
      common_kernels<float>(), mix_forward, mix_backward, multiply_through_relu, multiply,      pair_forward,
      pair_backward,           dot,         lstm_forward, lstm_backward,         conv_kernels()};
}

static RowKernelSet kernel_set(const char* name) {
  return {name, kernels(), common_kernels<double>()};
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
