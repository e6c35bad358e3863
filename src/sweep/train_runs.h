// Trains a list of runs in this process, one thread each, and gives their outcomes; run folders only where
// somebody says where. The list is what an engine may train together; the CPU trains one at a time, in order.
// Not who is to train what (chunk_worker.h). Any one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "sweep/outcome.h"
#include "sweep/plan.h"

namespace grokscope {

struct RunPlan {
  PlannedRun run;
  OutcomeRequest request;
};

/// The run of a plan. `data`: fingerprint_of_data() of its path.
RunPlan run_plan(const SweepPlan& plan, std::size_t run, const std::string& data);

/// Remembers the fingerprint of a file that many runs read.
class RunPlans {
 public:
  explicit RunPlans(const SweepPlan& plan) : plan_(plan) {}
  RunPlan at(std::size_t run);

 private:
  const SweepPlan& plan_;
  std::string path_, data_;
};

/// How many runs an engine trains together: so many a list are worth handing over at once.
inline constexpr std::size_t kRunsTogether = 1;

struct TrainRunsOptions {
  /// Asked many times a second: true ends the training.
  std::function<bool()> give_up;
  /// Where the run folder of each is to be made; empty: none is. A run whose folder could not be written
  /// whole has failed.
  std::function<std::string(std::size_t place)> folder_of;
  /// Called with each outcome, in the order in which they end.
  std::function<Status(std::size_t place, Outcome outcome)> ended;
};

/// False: given up; those that have not ended have no outcome. A run that cannot start has one that says so.
Result<bool> train_runs(std::span<const RunPlan> runs, const TrainRunsOptions& options);

}  // namespace grokscope
