// 16 floats or 8 doubles at a time through the compiler's vector extension: AVX-512, AVX2 or SSE code from
// one source, chosen when the program starts (function multi-versioning). Not a wrapper library: only what
// the fused steppers need. Any thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#define GROKSCOPE_INLINE inline __attribute__((always_inline))
// Everything below is always inlined, so no vector crosses a call.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace grokscope::fused {

constexpr std::int64_t kLanes = 16;  // of a Vec; rows are padded to a multiple of it in either precision
using Vec = float __attribute__((vector_size(64)));
using VecInt = std::int32_t __attribute__((vector_size(64)));
using Half = float __attribute__((vector_size(32)));
using Quarter = float __attribute__((vector_size(16)));
using DoubleVec = double __attribute__((vector_size(64)));
using DoubleVecInt = std::int64_t __attribute__((vector_size(64)));

/// The vector of numbers of a type, and how many they are.
template <typename Scalar>
using VecOf = std::conditional_t<std::is_same_v<Scalar, float>, Vec, DoubleVec>;
template <typename Scalar>
constexpr std::int64_t kLanesOf = static_cast<std::int64_t>(sizeof(Vec) / sizeof(Scalar));

constexpr std::int64_t padded(std::int64_t count) {
  return (count + kLanes - 1) / kLanes * kLanes;
}

/// Numbers from one row to the next: an odd number of cache lines (of pairs of them in double), so that a
/// column's elements do not all fall into the same few sets of a cache (rows of 512 or 640 floats would).
constexpr std::int64_t row_stride(std::int64_t width) {
  const std::int64_t lines = padded(width) / kLanes;
  return (lines % 2 == 0 ? lines + 1 : lines) * kLanes;
}

GROKSCOPE_INLINE Vec load(const float* from) {
  Vec value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}
GROKSCOPE_INLINE void store(float* to, const Vec& value) {
  std::memcpy(to, &value, sizeof(value));
}
GROKSCOPE_INLINE DoubleVec load(const double* from) {
  DoubleVec value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}
GROKSCOPE_INLINE void store(double* to, const DoubleVec& value) {
  std::memcpy(to, &value, sizeof(value));
}
GROKSCOPE_INLINE Vec broadcast(float value) {
  return value - Vec{};  // not 0 + value: that is an addition, because of -0
}
GROKSCOPE_INLINE DoubleVec broadcast(double value) {
  return value - DoubleVec{};
}
/// Sum of the lanes by halves.
GROKSCOPE_INLINE float sum(const Vec& v) {
  const Half h = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                 __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  const Quarter q = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
  return (q[0] + q[2]) + (q[1] + q[3]);
}
GROKSCOPE_INLINE double sum(const DoubleVec& v) {
  return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}
/// The same in double.
GROKSCOPE_INLINE double sum_in_double(const Vec& v) {
  return sum(__builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), DoubleVec) +
             __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), DoubleVec));
}
GROKSCOPE_INLINE double sum_in_double(const DoubleVec& v) {
  return sum(v);
}
GROKSCOPE_INLINE float largest_lane(const Vec& v) {
  const Half h0 = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
  const Half h1 = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  const Half h = h1 > h0 ? h1 : h0;
  const Quarter q0 = __builtin_shufflevector(h, h, 0, 1, 2, 3);
  const Quarter q1 = __builtin_shufflevector(h, h, 4, 5, 6, 7);
  const Quarter q = q1 > q0 ? q1 : q0;
  const float left = q[1] > q[0] ? q[1] : q[0], right = q[3] > q[2] ? q[3] : q[2];
  return right > left ? right : left;
}
GROKSCOPE_INLINE double largest_lane(const DoubleVec& v) {
  double largest = v[0];
  for (std::int64_t lane = 1; lane < kLanesOf<double>; ++lane)
    largest = v[lane] > largest ? v[lane] : largest;
  return largest;
}
template <typename V>
GROKSCOPE_INLINE V maximum(const V& a, const V& b) {
  return a > b ? a : b;
}

/// 0, 1, 2, ...: which lane.
template <typename Scalar>
GROKSCOPE_INLINE auto lane_index() {
  if constexpr (std::is_same_v<Scalar, float>) {
    return VecInt{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  } else {
    return DoubleVecInt{0, 1, 2, 3, 4, 5, 6, 7};
  }
}
/// `count` lanes of `x`, then those of `rest`; any count.
GROKSCOPE_INLINE Vec first_lanes(std::int64_t count, const Vec& x, const Vec& rest) {
  const std::int64_t shown = count < kLanes ? count : kLanes;
  return lane_index<float>() < VecInt{} + static_cast<std::int32_t>(shown) ? x : rest;
}
GROKSCOPE_INLINE DoubleVec first_lanes(std::int64_t count, const DoubleVec& x, const DoubleVec& rest) {
  return lane_index<double>() < DoubleVecInt{} + count ? x : rest;
}
/// `x`, but zero in lane `lane`.
GROKSCOPE_INLINE Vec without_lane(std::int64_t lane, const Vec& x) {
  return lane_index<float>() == VecInt{} + static_cast<std::int32_t>(lane) ? Vec{} : x;
}
GROKSCOPE_INLINE DoubleVec without_lane(std::int64_t lane, const DoubleVec& x) {
  return lane_index<double>() == DoubleVecInt{} + lane ? DoubleVec{} : x;
}
template <typename V>
GROKSCOPE_INLINE V absolute(const V& x) {
  return x < V{} ? -x : x;
}

/// exp for x <= 0 (softmax after the maximum is subtracted): 2 ulp; below −87 gives 0.
GROKSCOPE_INLINE Vec exp_nonpositive(Vec x) {
  const Vec low = broadcast(-87.0f);
  const VecInt in_range = x > low;
  x = in_range ? x : low;
  // x = n ln 2 + r, |r| <= ln 2 / 2: adding 1.5·2^23 rounds to the nearest integer.
  const Vec magic = broadcast(12582912.0f);
  const Vec shifted = x * broadcast(1.44269504088896f) + magic;
  const Vec n = shifted - magic;
  const Vec r = (x - n * broadcast(0.693359375f)) + n * broadcast(2.12194440e-4f);
  Vec p = broadcast(1.9875691500e-4f);
  p = p * r + broadcast(1.3981999507e-3f);
  p = p * r + broadcast(8.3334519073e-3f);
  p = p * r + broadcast(4.1665795894e-2f);
  p = p * r + broadcast(1.6666665459e-1f);
  p = p * r + broadcast(5.0000001201e-1f);
  p = p * r * r + r + broadcast(1.0f);
  VecInt bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits - 0x4b400000 + 127) << 23;
  Vec power;
  std::memcpy(&power, &bits, sizeof(power));
  return in_range ? p * power : Vec{};
}

/// The same in double: 2 ulp; below −708 gives 0.
GROKSCOPE_INLINE DoubleVec exp_nonpositive(DoubleVec x) {
  const DoubleVec low = broadcast(-708.0);
  const DoubleVecInt in_range = x > low;
  x = in_range ? x : low;
  // As above, with 1.5·2^52; e^r by its series, whose 14th term is below half an ulp.
  const DoubleVec magic = broadcast(6755399441055744.0);
  const DoubleVec shifted = x * broadcast(1.4426950408889634074) + magic;
  const DoubleVec n = shifted - magic;
  const DoubleVec r = (x - n * broadcast(0.693145751953125)) - n * broadcast(1.42860682030941723212e-6);
  constexpr int kTerms = 13;
  double factorial = 6227020800.0;  // of 13
  DoubleVec p = broadcast(1.0 / factorial);
#pragma GCC unroll 16
  for (int term = kTerms; term > 2; --term) {
    factorial /= term;
    p = p * r + broadcast(1.0 / factorial);
  }
  p = p * r * r + r + broadcast(1.0);
  DoubleVecInt bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits - 0x4338000000000000 + 1023) << 52;
  DoubleVec power;
  std::memcpy(&power, &bits, sizeof(power));
  return in_range ? p * power : DoubleVec{};
}

}  // namespace grokscope::fused
