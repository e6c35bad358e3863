#include "sweep/run_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/caught.h"
#include "base/threads.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;

SessionOptions session_options(const PoolRun& run) {
  SessionOptions options;
  options.trainer.threads = 1;  // as many runs as cores beat one run on all of them
  options.trainer.probes = run.probes;
  options.trainer.looks_with = run.looks_with;
  options.trainer.until = run.until;
  options.trainer.scripted = run.scripted;
  options.run_path = run.run_path;
  options.write_run_folder = !run.run_path.empty();
  return options;
}

/// Trains one run to its end on the calling thread.
Result<std::unique_ptr<Session>> train(const PoolRun& run, const std::stop_token& stop) {
  auto session = Session::start(run.config, session_options(run));
  if (!session) return session;
  while (!(*session)->wait(50ms)) {
    if (stop.stop_requested()) (*session)->request_stop();
  }
  return session;
}

/// What the workers share: the next place, the first error, whose turn it is to report.
class Pool {
 public:
  Pool(std::span<const PoolRun> runs, const PoolOptions& options,
       const std::function<void(std::size_t, const Session&)>& ended)
      : runs_(runs), options_(options), ended_(ended) {}

  void work() {
    if (options_.background) lower_this_threads_priority();
    for (std::size_t place = next_++; place < runs_.size(); place = next_++) {
      if (options_.stop.stop_requested()) return;
      if (Status trained = caught("train one of many runs", [&] { return train_one(place); }); !trained)
        note(trained.error());
    }
  }
  void note(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (status_) status_ = error;
  }

  Status status() const { return options_.stop.stop_requested() && status_ ? failure("stopped") : status_; }

 private:
  Status train_one(std::size_t place) {
    auto session = train(runs_[place], options_.stop);
    if (!session) return session.error();
    const std::lock_guard lock(mutex_);
    ended_(place, **session);
    return {};
  }

  const std::span<const PoolRun> runs_;
  const PoolOptions& options_;
  const std::function<void(std::size_t, const Session&)>& ended_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  Status status_;
};

int worker_count(const PoolOptions& options, std::size_t runs) {
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const int wanted = options.workers > 0 ? options.workers : cores;
  return std::min(wanted, static_cast<int>(runs));
}

}  // namespace

Status train_all(std::span<const PoolRun> runs, const PoolOptions& options,
                 const std::function<void(std::size_t place, const Session& session)>& ended) {
  Pool pool(runs, options, ended);
  {
    std::vector<std::jthread> workers;
    for (int i = worker_count(options, runs.size()); i > 0; --i) {
      auto worker = start_thread("pool", [&pool] { pool.work(); });
      if (!worker && workers.empty()) return worker.error();
      if (!worker) break;  // fewer at once
      workers.push_back(std::move(*worker));
    }
  }
  return pool.status();
}

}  // namespace grokscope
