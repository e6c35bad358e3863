// Mailbox: holds the newest value; an unread older one is dropped. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <utility>

namespace grokscope {

template <typename T>
class Mailbox {
 public:
  void put(T value) {
    std::optional<T> incoming(std::move(value));
    {
      std::lock_guard lock(mutex_);
      latest_.swap(incoming);
    }  // the old value dies outside the lock
  }

  std::optional<T> take() {
    std::lock_guard lock(mutex_);
    return std::exchange(latest_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::optional<T> latest_;
};

}  // namespace grokscope
