// What one thread of a test tells another: a number that only grows, and waiting for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace grokscope {

class Tally {
 public:
  void add() {
    {
      const std::lock_guard lock(mutex_);
      ++count_;
    }
    grown_.notify_all();
  }
  /// A call that adds one.
  std::function<void()> adder() {
    return [this] { add(); };
  }
  void wait_for(std::int64_t count) {
    std::unique_lock lock(mutex_);
    grown_.wait(lock, [&] { return count_ >= count; });
  }
  /// Until it holds; asked again after every add().
  template <typename Condition>
  void wait_until(Condition holds) {
    std::unique_lock lock(mutex_);
    grown_.wait(lock, holds);
  }
  std::int64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::int64_t count_ = 0;
};

}  // namespace grokscope
