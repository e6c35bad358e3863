// LeftOut: what of one kind was passed over while a run was opened, told in one sentence however much it was.
// Any thread that owns it.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace grokscope {

class LeftOut {
 public:
  /// `one`, `many`: "frame", "frames".
  LeftOut(std::string one, std::string many) : one_(std::move(one)), many_(std::move(many)) {}

  void add(std::string why) {
    if (count_++ == 0) first_ = std::move(why);
  }
  std::size_t count() const { return count_; }
  /// Appends "left out a frame: <why>" or "left out 12 frames; the first: <why>", if there is anything to
  /// tell.
  void tell(std::vector<std::string>& sentences) const {
    if (count_ == 1) sentences.push_back("left out a " + one_ + ": " + first_);
    if (count_ > 1)
      sentences.push_back("left out " + std::to_string(count_) + " " + many_ + "; the first: " + first_);
  }

 private:
  std::string one_, many_, first_;
  std::size_t count_ = 0;
};

}  // namespace grokscope
