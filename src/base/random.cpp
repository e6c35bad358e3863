#include "base/random.h"

#include <bit>
#include <cmath>
#include <numeric>

namespace grokscope {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kLn2 = 0.69314718055994530942;

std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

// log and cos from +, -, *, / and sqrt alone, which IEEE 754 rounds exactly: the C library's differ between
// versions in the last bit, and a run must not. Both are good to a few units in the last place.
double portable_log(double value) {
  int exponent = 0;
  double mantissa = std::frexp(value, &exponent);  // [0.5, 1)
  if (mantissa < 0.70710678118654752440) {
    mantissa *= 2.0;
    --exponent;
  }
  const double s = (mantissa - 1.0) / (mantissa + 1.0);  // |s| < 0.172
  const double square = s * s;
  double sum = 0.0;
  for (int odd = 23; odd >= 1; odd -= 2) sum = sum * square + 1.0 / odd;
  return 2.0 * s * sum + exponent * kLn2;
}

/// cos(2 pi turn) for turn in [0, 1).
double portable_cos_turn(double turn) {
  if (turn > 0.5) turn = 1.0 - turn;
  const bool negative = turn > 0.25;
  if (negative) turn = 0.5 - turn;  // now [0, 0.25]: angle in [0, pi/2]
  const bool as_sine = turn > 0.125;
  const double angle = 2.0 * kPi * (as_sine ? 0.25 - turn : turn);  // [0, pi/4]
  const double square = angle * angle;
  double sum = 1.0;
  if (as_sine) {
    for (int k = 9; k >= 1; --k) sum = 1.0 - sum * square / ((2.0 * k) * (2.0 * k + 1.0));
    sum *= angle;
  } else {
    for (int k = 9; k >= 1; --k) sum = 1.0 - sum * square / ((2.0 * k - 1.0) * (2.0 * k));
  }
  return negative ? -sum : sum;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  std::uint64_t mixed = splitmix64(seed) ^ fnv1a(name);
  for (auto& word : state_.words) word = splitmix64(mixed);
}

// xoshiro256**, Blackman and Vigna 2018.
std::uint64_t RandomStream::next() {
  auto& s = state_.words;
  const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
  const std::uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = std::rotl(s[3], 45);
  return result;
}

double RandomStream::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t unfair =
      (0 - bound) % bound;  // 2^64 mod bound: that many values would favour small results
  std::uint64_t value = next();
  while (value < unfair) value = next();
  return value % bound;
}

double RandomStream::normal() {
  const double radius = std::sqrt(-2.0 * portable_log(1.0 - uniform()));  // 1 - [0, 1): never log(0)
  return radius * portable_cos_turn(uniform());
}

std::pair<double, double> RandomStream::two_normals() {
  double x = 0.0, y = 0.0, square = 0.0;
  do {  // a point of the unit disc, not its middle
    x = 2.0 * uniform() - 1.0;
    y = 2.0 * uniform() - 1.0;
    square = x * x + y * y;
  } while (square >= 1.0 || square == 0.0);
  const double factor = std::sqrt(-2.0 * portable_log(square) / square);
  return {x * factor, y * factor};
}

std::vector<std::int64_t> RandomStream::permutation(std::int64_t size) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(size));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::size_t last = order.size(); last > 1; --last) std::swap(order[last - 1], order[below(last)]);
  return order;
}

}  // namespace grokscope
