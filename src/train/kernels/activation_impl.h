// The five nonlinearities and their slopes on 16 floats or 8 doubles at a time, compiled once per instruction
// set with rows_impl.h. tanh, sigmoid and erf to a few ulp. NaN stays NaN.
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

template <typename V>
GROKSCOPE_INLINE V keep_nan(const V& u, const V& value) {
  return u == u ? value : u;
}

/// A number in every lane, of the lanes' type.
template <typename V>
GROKSCOPE_INLINE V all_lanes(double value) {
  return broadcast(static_cast<std::remove_cvref_t<decltype(V{}[0])>>(value));
}

template <typename V>
GROKSCOPE_INLINE V sigmoid(const V& u) {
  const V e = exp_nonpositive(-absolute(u)), one = all_lanes<V>(1.0);
  return (u < V{} ? e : one) / (one + e);
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

template <typename V, typename Scalar, std::size_t kTerms>
GROKSCOPE_INLINE V polynomial(const V& x, const Scalar (&terms)[kTerms]) {
  V value = broadcast(terms[0]);
  for (std::size_t i = 1; i < kTerms; ++i) value = value * x + broadcast(terms[i]);
  return value;
}

/// In double: the rational function of Moshier's Cephes library (tanh.c) where the exponential would cancel.
GROKSCOPE_INLINE DoubleVec tanh_of(const DoubleVec& u) {
  constexpr double kAbove[] = {-9.64399179425052238628e-1, -9.92877231001918586564e1,
                               -1.61468768441708447952e3};
  constexpr double kBelow[] = {1.0, 1.12811678491632931402e2, 2.23548839060100448583e3,
                               4.84406305325125486048e3};
  const DoubleVec one = broadcast(1.0), size = absolute(u), square = u * u;
  const DoubleVec e = exp_nonpositive(-2.0 * size);
  const DoubleVec large = (one - e) / (one + e);
  const DoubleVec small = u + u * square * polynomial(square, kAbove) / polynomial(square, kBelow);
  return size < broadcast(0.625) ? small : (u < DoubleVec{} ? -large : large);
}

/// The normal distribution function of u, and exp(−u²/2), which its tails contain. erf and erfc as in
/// Moshier's Cephes library (ndtrf.c and, in double, ndtr.c), in ranges of z = |u|/√2.
template <typename V>
struct NormalShare {
  V share, exponential;
};

GROKSCOPE_INLINE NormalShare<Vec> normal_share(const Vec& u) {
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

GROKSCOPE_INLINE NormalShare<DoubleVec> normal_share(const DoubleVec& u) {
  constexpr double kRootHalf = 0.70710678118654752440;
  constexpr double kCentreAbove[] = {9.60497373987051638749, 9.00260197203842689217e1,
                                     2.23200534594684319226e3, 7.00332514112805075473e3,
                                     5.55923013010394962768e4};
  constexpr double kCentreBelow[] = {1.0,
                                     3.35617141647503099647e1,
                                     5.21357949780152679795e2,
                                     4.59432382970980127987e3,
                                     2.26290000613890934246e4,
                                     4.92673942608635921086e4};
  constexpr double kMiddleAbove[] = {
      2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687,
      4.86371970985681366614e1,   1.96520832956077098242e2,  5.26445194995477358631e2,
      9.34528527171957607540e2,   1.02755188689515710272e3,  5.57535335369399327526e2};
  constexpr double kMiddleBelow[] = {1.0,
                                     1.32281951154744992508e1,
                                     8.67072140885989742329e1,
                                     3.54937778887819891062e2,
                                     9.75708501743205489753e2,
                                     1.82390916687909736289e3,
                                     2.24633760818710981792e3,
                                     1.65666309194161350182e3,
                                     5.57535340817727675546e2};
  constexpr double kTailAbove[] = {5.64189583547755073984e-1, 1.27536670759978104416, 5.01905042251180477414,
                                   6.16021097993053585195,    7.40974269950448939160, 2.97886665372100240670};
  constexpr double kTailBelow[] = {1.0,
                                   2.26052863220117276590,
                                   9.39603524938001434673,
                                   1.20489539808096656605e1,
                                   1.70814450747565897222e1,
                                   9.60896809063285878198,
                                   3.36907645100081516050};
  const DoubleVec one = broadcast(1.0), half = broadcast(0.5), z = absolute(u) * broadcast(kRootHalf);
  const DoubleVec exponential = exp_nonpositive(-0.5 * u * u);
  // Beyond 40 the exponential is nothing and the powers would overflow.
  const DoubleVec far = z > broadcast(40.0) ? broadcast(40.0) : z;
  const DoubleVec outer = far < broadcast(8.0) ? polynomial(far, kMiddleAbove) / polynomial(far, kMiddleBelow)
                                               : polynomial(far, kTailAbove) / polynomial(far, kTailBelow);
  const DoubleVec tail = half * exponential * outer;  // the share beyond |u|
  const DoubleVec square = z * z;
  const DoubleVec erf_over_z = polynomial(square, kCentreAbove) / polynomial(square, kCentreBelow);
  const DoubleVec near = half + half * broadcast(kRootHalf) * u * erf_over_z;
  return {z < one ? near : (u < DoubleVec{} ? tail : one - tail), exponential};
}

template <Activation kActivation, typename V>
GROKSCOPE_INLINE V activated(const V& u) {
  if constexpr (kActivation == Activation::relu) return u > V{} ? u : (u == u ? V{} : u);
  if constexpr (kActivation == Activation::gelu) return keep_nan(u, u * normal_share(u).share);
  if constexpr (kActivation == Activation::tanh) return keep_nan(u, tanh_of(u));
  if constexpr (kActivation == Activation::quadratic) return u * u;
  if constexpr (kActivation == Activation::silu) return keep_nan(u, u * sigmoid(u));
}

template <Activation kActivation, typename V>
GROKSCOPE_INLINE V slope(const V& u) {
  const V one = all_lanes<V>(1.0);
  if constexpr (kActivation == Activation::relu) return u > V{} ? one : V{};
  if constexpr (kActivation == Activation::gelu) {
    const NormalShare<V> normal = normal_share(u);
    return keep_nan(u, normal.share + u * all_lanes<V>(0.39894228040143267794) * normal.exponential);
  }
  if constexpr (kActivation == Activation::tanh) {
    const V t = tanh_of(u);
    return keep_nan(u, one - t * t);
  }
  if constexpr (kActivation == Activation::quadratic) return u + u;
  if constexpr (kActivation == Activation::silu) {
    return keep_nan(u, sigmoid(u) * (one + u * sigmoid(-u)));
  }
}

template <Activation kActivation, typename Scalar>
GROKSCOPE_INLINE void activate_row(const Scalar* u, Scalar* out, std::int64_t width) {
  for (std::int64_t f = 0; f < width; f += kLanesOf<Scalar>)
    store(out + f, activated<kActivation>(load(u + f)));
}

template <Activation kActivation, typename Scalar>
GROKSCOPE_INLINE void activate_backward_row(const Scalar* u, const Scalar* d_out, Scalar* d,
                                            std::int64_t width) {
  for (std::int64_t f = 0; f < width; f += kLanesOf<Scalar>) {
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

template <typename Scalar>
static void activate(Activation activation, const Scalar* u, Scalar* out, std::int64_t width) {
  by_activation(
      activation, [&](auto kind) __attribute__((always_inline)) { activate_row<kind.value>(u, out, width); });
}

template <typename Scalar>
static void activate_backward(Activation activation, const Scalar* u, const Scalar* d_out, Scalar* d,
                              std::int64_t width) {
  by_activation(
      activation, [&](auto kind) __attribute__((always_inline)) {
        activate_backward_row<kind.value>(u, d_out, d, width);
      });
}

}  // namespace grokscope::fused::GROKSCOPE_ROWS_ISA
