// BoundedQueue: a lossless queue whose contents are limited, in bytes where things differ in size; the
// producer waits when it is full. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace grokscope {

template <typename T>
class BoundedQueue {
 public:
  using Cost = std::size_t (*)(const T&);

  /// `limit` is in the unit of `cost`; without one, in items. A value is let in while less than that is
  /// queued, whatever it costs itself: one larger than the limit passes too, alone.
  explicit BoundedQueue(std::size_t limit, Cost cost = nullptr) : limit_(limit), cost_(cost) {}

  /// Waits for room; false (value dropped) if stop was requested or the queue is closed.
  bool push(T value, std::stop_token stop = {}) {
    const std::size_t cost = cost_of(value);
    std::unique_lock lock(mutex_);
    if (!room_.wait(lock, stop, [&] { return used_ < limit_ || closed_; }) || closed_) return false;
    put(std::move(value), cost);
    lock.unlock();
    ready_.notify_one();
    return true;
  }

  /// Never waits; false if full or closed.
  bool try_push(T value) {
    const std::size_t cost = cost_of(value);
    {
      std::lock_guard lock(mutex_);
      if (used_ >= limit_ || closed_) return false;
      put(std::move(value), cost);
    }
    ready_.notify_one();
    return true;
  }

  std::optional<T> try_pop() {
    std::unique_lock lock(mutex_);
    return take(lock);
  }

  /// Waits for an item; nullopt when stop was requested, or closed and empty.
  std::optional<T> pop(std::stop_token stop = {}) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, stop, [&] { return !items_.empty() || closed_; });
    return take(lock);
  }

  /// Waits at most `timeout` for an item.
  template <typename Rep, typename Period>
  std::optional<T> pop_for(std::chrono::duration<Rep, Period> timeout, std::stop_token stop = {}) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, stop, timeout, [&] { return !items_.empty() || closed_; });
    return take(lock);
  }

  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
    room_.notify_all();
  }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }
  /// What the queued values cost together.
  std::size_t used() const {
    std::lock_guard lock(mutex_);
    return used_;
  }
  /// push() would not wait; stays so while the caller is the only producer.
  bool has_room() const { return used() < limit_; }

 private:
  struct Item {
    T value;
    std::size_t cost;
  };

  std::size_t cost_of(const T& value) const { return cost_ == nullptr ? 1 : cost_(value); }

  void put(T value, std::size_t cost) {
    items_.push_back({std::move(value), cost});
    used_ += cost;
  }

  std::optional<T> take(std::unique_lock<std::mutex>& lock) {
    if (items_.empty()) return std::nullopt;
    std::optional<T> value(std::move(items_.front().value));
    used_ -= items_.front().cost;
    items_.pop_front();
    const bool room = used_ < limit_;
    lock.unlock();
    if (room) room_.notify_one();
    return value;
  }

  const std::size_t limit_;
  const Cost cost_;
  mutable std::mutex mutex_;
  std::condition_variable_any ready_, room_;
  std::deque<Item> items_;
  std::size_t used_ = 0;
  bool closed_ = false;
};

}  // namespace grokscope
