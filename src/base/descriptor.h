// Descriptor: the owner of a file descriptor, closed on every way out. Not what is read or written through it
// (read_file.h, files.h). Any thread.
#pragma once

#include <unistd.h>

#include <utility>

#include "base/result.h"

namespace grokscope {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  bool is_open() const { return number_ >= 0; }
  int get() const { return number_; }
  /// For who must check the close itself.
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// An error where the process may not open so many files more (ulimit -n). For libraries that end the program
/// then.
Status descriptors_suffice(int count);

}  // namespace grokscope
