// Trains runs of a plan in worker processes of this machine: spawns them, hands out chunks, hands out again
// what one that died had not finished. Not training (chunk_worker.h), not the results. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sweep/plan.h"
#include "sweep/run_news.h"
#include "sweep/sweep_folder.h"

namespace grokscope {

struct ExecutorProgress {
  std::size_t ended = 0, all = 0;  ///< runs
  double seconds = 0.0;            ///< since the beginning
};

struct ExecutorOptions {
  std::string program;  ///< that knows `sweep-worker`
  SweepFolder folder;   ///< with the plan in it
  int jobs = 1;         ///< processes
  /// At the lowest priority: beside something that must not feel it.
  bool background = false;
  std::function<bool()> interrupted;
  std::function<void(const ExecutorProgress&)> progress;  ///< a few times a second; may be empty
  /// What becomes of each run, as it is known: the outcome of one that has ended can be read. May be empty.
  std::function<void(std::size_t run, RunNews news)> heard;
  /// Asked again and again: a run that nobody wants any more is not begun, or given up. Empty: all are
  /// wanted.
  std::function<bool(std::size_t run)> wanted;
};

struct ExecutorReport {
  std::size_t trained = 0;  ///< here; those that failed are not among them
  std::size_t found = 0;    ///< trained by somebody else meanwhile
  std::size_t failed = 0;
  std::size_t dropped = 0;  ///< not wanted any more
  bool interrupted = false;
  double seconds = 0.0;
};

/// `runs` in the order in which they are wanted.
Result<ExecutorReport> train_locally(const SweepPlan& plan, const std::vector<std::size_t>& runs,
                                     const ExecutorOptions& options);

/// The processors that this process may use.
int usable_cores();

/// How many runs a worker is given at once: about `kChunkSeconds` of work, never more than an eighth of what
/// is left for each, so that all end together.
std::size_t chunk_size(std::size_t left, int workers, double seconds_per_run);

/// A run that ended its worker so often has failed.
inline constexpr int kDeathsOfARun = 2;

}  // namespace grokscope
