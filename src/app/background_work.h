// BackgroundWork: what may wait for a disk, one thing after the other on a thread of its own, so that the
// window never waits with it. What comes of it is told on the main thread. Made, asked and destroyed there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/caught.h"

namespace grokscope {

class BackgroundWork {
 public:
  /// `thread_name`: for debuggers. `wake`: any thread, something is ready for deliver().
  BackgroundWork(std::string thread_name, std::function<void()> wake);
  ~BackgroundWork();  ///< does what is still to do and waits for it; what would come of it is not told
  BackgroundWork(const BackgroundWork&) = delete;
  BackgroundWork& operator=(const BackgroundWork&) = delete;

  /// Never waits. `work` returns a Status or a Result; `then` gets it (or the error of an exception) within a
  /// deliver() on the main thread. `doing` completes "cannot ...". Where the system has no thread left, the
  /// work is done at once.
  template <typename Outcome>
  void add(std::string doing, std::function<Outcome()> work, std::function<void(Outcome)> then) {
    push([doing = std::move(doing), work = std::move(work), then = std::move(then)]() -> Telling {
      auto outcome = std::make_shared<Outcome>(caught(doing, work));
      return [outcome, then] { then(std::move(*outcome)); };
    });
  }
  bool deliver();                             ///< true if anything was told
  std::size_t open() const { return open_; }  ///< not told yet

 private:
  using Telling = std::function<void()>;
  using Job = std::function<Telling()>;
  static constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

  void push(Job job);
  void work();
  void finish(const Job& job);

  const std::string thread_name_;
  const std::function<void()> wake_;
  std::size_t open_ = 0;  // main thread
  BoundedQueue<Job> jobs_{kAnyNumber};
  BoundedQueue<Telling> ready_{kAnyNumber};
  std::jthread thread_;  // last: ends before what it uses
};

}  // namespace grokscope
