// Team: a few worker threads that do one step together, with cheap barriers. Waiting spins for some
// microseconds (a step is shorter than a wake-up) and then sleeps, so that a paused or paced run costs
// nothing. Torch-free. Owner: the stepping thread, which is worker 0 itself.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace grokscope {

class Team {
 public:
  /// `prepare_thread` runs once on every worker and here: it keeps the numeric libraries to one thread each.
  /// Throws std::runtime_error when the system allows no more threads; none is left then.
  Team(int workers, void (*prepare_thread)());
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return static_cast<int>(errors_.size()); }
  /// Calls work(0) here and work(1..n-1) on the workers; returns when all are done. Rethrows the error of the
  /// lowest worker that failed.
  void run(const std::function<void(int)>& work);
  /// Inside run(): waits until every worker has arrived. Writes before it are visible after it. When another
  /// worker failed and will never arrive, it throws, so that run() can end: let that pass.
  void barrier();

 private:
  void serve(int worker);
  void end();
  void work_as(int worker);

  std::vector<std::exception_ptr> errors_;  // (worker)
  const std::function<void(int)>* work_ = nullptr;
  std::atomic<std::uint32_t> round_{0};    // one more for each run()
  std::atomic<std::uint32_t> busy_{0};     // workers that have not finished this round
  std::atomic<std::uint32_t> arrived_{0};  // at the barrier
  std::atomic<std::uint32_t> phase_{0};    // one more for each barrier passed
  std::atomic<bool> failed_{false}, ending_{false};
  std::vector<std::jthread> threads_;  // workers 1..
};

}  // namespace grokscope
