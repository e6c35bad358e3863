// The five nonlinearities and their slopes on 16 floats at a time, compiled once per instruction set with
// rows_impl.h. tanh, sigmoid and erf to a few ulp. NaN stays NaN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "model/activation_kind.h"
#include "train/kernels/simd.h"

#ifndef GROKSCOPE_ROWS_ISA
#define GROKSCOPE_ROWS_ISA baseline
#endif

namespace grokscope::fused::GROKSCOPE_ROWS_ISA {

GROKSCOPE_INLINE Vec keep_nan(const Vec& u, const Vec& value) {
  return u == u ? value : u;
}

GROKSCOPE_INLINE Vec sigmoid(const Vec& u) {
  const Vec e = exp_nonpositive(-absolute(u)), one = broadcast(1.0f);
  return (u < Vec{} ? e : one) / (one + e);
}

/// tanh(u): by exp, and where that would cancel by its series.
GROKSCOPE_INLINE Vec tanh_of(const Vec& u) {
  const Vec one = broadcast(1.0f), size = absolute(u), square = u * u;
  const Vec e = exp_nonpositive(-2.0f * size);
  const Vec large = (one - e) / (one + e);
  Vec series = broadcast(62.0f / 2835.0f);
  series = series * square - broadcast(17.0f / 315.0f);
  series = series * square + broadcast(2.0f / 15.0f);
  series = series * square - broadcast(1.0f / 3.0f);
  series = u + u * square * series;
  return size < broadcast(0.25f) ? series : (u < Vec{} ? -large : large);
}

template <std::size_t kTerms>
GROKSCOPE_INLINE Vec polynomial(const Vec& x, const float (&terms)[kTerms]) {
  Vec value = broadcast(terms[0]);
  for (std::size_t i = 1; i < kTerms; ++i) value = value * x + broadcast(terms[i]);
  return value;
}

/// The normal distribution function of u, and exp(−u²/2), which its tails contain. erf and erfc as in
/// Moshier's Cephes library (ndtrf.c), in three ranges of z = |u|/√2.
struct NormalShare {
  Vec share, exponential;
};

GROKSCOPE_INLINE NormalShare normal_share(const Vec& u) {
  constexpr float kCentre[] = {7.853861353153693e-5f,  -8.010193625184903e-4f, 5.188327685732524e-3f,
                               -2.685381193529856e-2f, 1.128358514861418e-1f,  -3.761262582423300e-1f,
                               1.128379165726710f};
  constexpr float kMiddle[] = {2.326819970068386e-2f,  -1.387039388740657e-1f, 3.687424674597105e-1f,
                               -5.824733027278666e-1f, 6.210004621745983e-1f,  -4.944515323274145e-1f,
                               3.404879937665872e-1f,  -2.741127028184656e-1f, 5.638259427386472e-1f};
  constexpr float kTail[] = {-1.047766399936249e+1f, 1.297719955372516e+1f, -7.495518717768503f,
                             2.921019019210786f,     -1.015265279202700f,   4.218463358204948e-1f,
                             -2.820767439740514e-1f, 5.641895067754075e-1f};
  const Vec one = broadcast(1.0f), half = broadcast(0.5f), z = absolute(u) * broadcast(0.70710678f);
  const Vec exponential = exp_nonpositive(-0.5f * u * u);
  const Vec inverse = one / maximum(z, one), square = inverse * inverse;
  const Vec outer = z < broadcast(2.0f) ? polynomial(square, kMiddle) : polynomial(square, kTail);
  const Vec tail = half * exponential * inverse * outer;  // the share beyond |u|
  const Vec near = half + half * broadcast(0.70710678f) * u * polynomial(z * z, kCentre);
  return {z < one ? near : (u < Vec{} ? tail : one - tail), exponential};
}

template <Activation kActivation>
GROKSCOPE_INLINE Vec activated(const Vec& u) {
  if constexpr (kActivation == Activation::relu) return u > Vec{} ? u : (u == u ? Vec{} : u);
  if constexpr (kActivation == Activation::gelu) return keep_nan(u, u * normal_share(u).share);
  if constexpr (kActivation == Activation::tanh) return keep_nan(u, tanh_of(u));
  if constexpr (kActivation == Activation::quadratic) return u * u;
  if constexpr (kActivation == Activation::silu) return keep_nan(u, u * sigmoid(u));
}

template <Activation kActivation>
GROKSCOPE_INLINE Vec slope(const Vec& u) {
  const Vec one = broadcast(1.0f);
  if constexpr (kActivation == Activation::relu) return u > Vec{} ? one : Vec{};
  if constexpr (kActivation == Activation::gelu) {
    const NormalShare normal = normal_share(u);
    return keep_nan(u, normal.share + u * broadcast(0.39894228f) * normal.exponential);
  }
  if constexpr (kActivation == Activation::tanh) {
    const Vec t = tanh_of(u);
    return keep_nan(u, one - t * t);
  }
  if constexpr (kActivation == Activation::quadratic) return u + u;
  if constexpr (kActivation == Activation::silu) {
    return keep_nan(u, sigmoid(u) * (one + u * sigmoid(-u)));
  }
}

template <Activation kActivation>
GROKSCOPE_INLINE void activate_row(const float* u, float* out, std::int64_t width) {
  for (std::int64_t f = 0; f < width; f += kLanes) store(out + f, activated<kActivation>(load(u + f)));
}

template <Activation kActivation>
GROKSCOPE_INLINE void activate_backward_row(const float* u, const float* d_out, float* d,
                                            std::int64_t width) {
  for (std::int64_t f = 0; f < width; f += kLanes) {
    store(d + f, load(d_out + f) * slope<kActivation>(load(u + f)));
  }
}

/// Calls pass(activation as a constant): the loops inside are built once for each.
template <typename Pass>
GROKSCOPE_INLINE void by_activation(Activation activation, const Pass& pass) {
  switch (activation) {
    case Activation::relu:
      return pass(std::integral_constant<Activation, Activation::relu>{});
    case Activation::gelu:
      return pass(std::integral_constant<Activation, Activation::gelu>{});
    case Activation::tanh:
      return pass(std::integral_constant<Activation, Activation::tanh>{});
    case Activation::quadratic:
      return pass(std::integral_constant<Activation, Activation::quadratic>{});
    case Activation::silu:
      return pass(std::integral_constant<Activation, Activation::silu>{});
  }
}

static void activate(Activation activation, const float* u, float* out, std::int64_t width) {
  by_activation(
      activation, [&](auto kind) __attribute__((always_inline)) { activate_row<kind.value>(u, out, width); });
}

static void activate_backward(Activation activation, const float* u, const float* d_out, float* d,
                              std::int64_t width) {
  by_activation(
      activation, [&](auto kind) __attribute__((always_inline)) {
        activate_backward_row<kind.value>(u, d_out, d, width);
      });
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
