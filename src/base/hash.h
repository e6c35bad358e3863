// A hash that files may keep: 128 bits of FNV-1a, the same on every machine and in every version. Against
// accidents, not against somebody who wants two texts to agree. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace grokscope {

class Hash128 {
 public:
  void add(std::string_view bytes);
  std::string hex() const;  ///< 32 lower-case digits

 private:
  std::uint64_t high_ = 0x6c62272e07bb0142u, low_ = 0x62b821756295c58du;
};

/// hex() of one text.
std::string hash_of(std::string_view bytes);

}  // namespace grokscope
