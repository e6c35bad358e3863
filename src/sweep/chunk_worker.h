// ChunkWorker: trains chunks of a plan in this process: claims a run, looks whether somebody has trained it
// meanwhile, trains it, appends its outcome to the sweep's shards and to the cache. Not who hands out chunks
// (local_executor.h, `grokscope sweep-worker`). One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "sweep/plan.h"
#include "sweep/run_news.h"
#include "sweep/sweep_folder.h"

namespace grokscope {

struct ChunkWorkerOptions {
  SweepFolder folder;
  std::function<bool()> give_up;                            ///< asked many times a second
  std::function<void(std::size_t run, RunNews news)> tell;  ///< busy: another sweep trains it just now
};

class ChunkWorker {
 public:
  /// `runs`: all that will be asked for. `plan` must outlive it.
  static Result<ChunkWorker> open(const SweepPlan& plan, std::span<const std::size_t> runs,
                                  ChunkWorkerOptions options);
  ChunkWorker(ChunkWorker&& other) noexcept;
  ~ChunkWorker();
  /// In order. False: given up. An error: outcomes cannot be kept any more.
  Result<bool> train(std::span<const std::size_t> chunk);
  /// The same, for who has nothing else to do: waits for what others train, and takes over what they leave.
  Result<bool> train_and_wait(std::span<const std::size_t> chunk);

 private:
  struct Impl;
  explicit ChunkWorker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope
