// The record of a run up to one of its checkpoints: what a run that goes on, or a fork, begins with. Waits
// for the disk: on a thread that may; nobody else writes the run meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/run_files.h"
#include "history/run_folder.h"

namespace grokscope {

struct ContinuedRun {
  OpenedRun run;  ///< up to the checkpoint; its config ends at the new last step
  TensorFile checkpoint;
  std::int64_t step = 0;                ///< of the checkpoint
  std::vector<std::string> milestones;  ///< reached before
};

/// Where a run that goes on from `step` ends: `wanted`; 0: where its settings say, or, if it has come that
/// far already, as much further again.
std::int64_t end_of_run(const RunConfig& config, std::int64_t step, std::int64_t wanted);

/// `run` becomes what it was when the checkpoint of `step` was taken; `before`: what it is.
Status take_back(const RunFiles& run, const History& before, std::int64_t step);
/// The same in `copy`, a new run folder; `run` stays as it is.
Status copy_until(const RunFiles& run, const RunFiles& copy, const History& before, std::int64_t step);

/// The run whose record ends with the checkpoint of `step`.
Result<ContinuedRun> continued_at(const std::string& path, std::int64_t step, TensorFile checkpoint);

}  // namespace grokscope
