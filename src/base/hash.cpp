#include "base/hash.h"

#include <fmt/format.h>

namespace grokscope {

void Hash128::add(std::string_view bytes) {
  __extension__ using Wide = unsigned __int128;
  constexpr Wide kPrime = (static_cast<Wide>(1) << 88) + 0x13b;
  Wide state = (static_cast<Wide>(high_) << 64) | low_;
  for (const char byte : bytes) state = (state ^ static_cast<unsigned char>(byte)) * kPrime;
  high_ = static_cast<std::uint64_t>(state >> 64);
  low_ = static_cast<std::uint64_t>(state);
}

std::string Hash128::hex() const {
  return fmt::format("{:016x}{:016x}", high_, low_);
}

std::string hash_of(std::string_view bytes) {
  Hash128 hash;
  hash.add(bytes);
  return hash.hex();
}

}  // namespace grokscope
