// Buffer: zeroed floats, or with BufferOf<double> doubles, aligned to a cache line; move-only. Owned by one
// stepper.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace grokscope::fused {

/// Asks for 2 MB pages; where they are refused, all stays right.
inline void prefer_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  madvise(memory, bytes, MADV_HUGEPAGE);
#endif
}

template <typename Scalar>
class BufferOf {
 public:
  BufferOf() = default;
  explicit BufferOf(std::int64_t count) : count_(count) {
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(Scalar);
    const std::size_t unit = bytes < kLarge ? kCacheLine : kHugePage;
    const std::size_t whole = (std::max<std::size_t>(bytes, 1) + unit - 1) / unit * unit;
    data_.reset(static_cast<Scalar*>(std::aligned_alloc(unit, whole)));
    if (data_ == nullptr) throw std::bad_alloc();
    if (unit == kHugePage) prefer_huge_pages(data_.get(), whole);
    std::memset(data_.get(), 0, bytes);
  }
  Scalar* data() { return data_.get(); }
  const Scalar* data() const { return data_.get(); }
  std::int64_t size() const { return count_; }
  Scalar& operator[](std::int64_t index) { return data_.get()[index]; }
  Scalar operator[](std::int64_t index) const { return data_.get()[index]; }
  /// Room for at least `count` numbers; what it held is lost when it grows.
  void grow_to(std::int64_t count) {
    if (count > count_) *this = BufferOf(count);
  }
  void zero() { std::memset(data_.get(), 0, static_cast<std::size_t>(count_) * sizeof(Scalar)); }
  operator Scalar*() { return data_.get(); }              // NOLINT(google-explicit-constructor)
  operator const Scalar*() const { return data_.get(); }  // NOLINT(google-explicit-constructor)

 private:
  // Rows that are a few kB apart take a page each: in small pages a large buffer's addresses do not fit in
  // the processor's table of them.
  static constexpr std::size_t kCacheLine = 64, kHugePage = std::size_t{2} << 20,
                               kLarge = std::size_t{128} << 10;

  struct Free {
    void operator()(Scalar* memory) const { std::free(memory); }
  };
  std::unique_ptr<Scalar[], Free> data_;
  std::int64_t count_ = 0;
};

using Buffer = BufferOf<float>;

}  // namespace grokscope::fused
