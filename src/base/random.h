// RandomStream: named, seeded streams whose numbers never depend on a library's version. Not thread-safe: one
// owner.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace grokscope {

/// xoshiro256** seeded by splitmix64 of (seed, hash of the stream's name): streams of one run are
/// independent.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);
  std::uint64_t next();
  double uniform();                          ///< [0, 1), 53 bits
  std::uint64_t below(std::uint64_t bound);  ///< unbiased; bound > 0
  double normal();                           ///< N(0, 1), Box–Muller without a cache
  /// Two independent N(0, 1), Marsaglia's polar method: less than half the price of two normal().
  std::pair<double, double> two_normals();
  std::vector<std::int64_t> permutation(std::int64_t size);  ///< Fisher–Yates
  struct State {
    std::uint64_t words[4];
  };
  State state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  State state_{};
};

}  // namespace grokscope
