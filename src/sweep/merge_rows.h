// The rows of the results, in the plan's order: read and parsed by a thread for each core, a block ahead of
// whoever writes them. One thread asks; a block at a time is in memory, and the next.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "sweep/outcome.h"
#include "sweep/outcome_store.h"
#include "sweep/plan.h"

namespace grokscope {

struct MergedRow {
  std::string line;                ///< of results.jsonl
  std::vector<std::string> cells;  ///< of results.csv
  OutcomeWithPoints run;           ///< without its settings
};

class MergeRows {
 public:
  /// All of them must outlive it; `keys`: of every run of the plan.
  MergeRows(const SweepPlan& plan, const std::vector<std::string>& keys, const OutcomeStore& store);
  /// Some rows more, until the next call; none: that was all. A row may be an error: its outcome could not be
  /// read.
  std::span<const Result<MergedRow>> next();

 private:
  using Slot = Result<MergedRow>;
  struct Block {
    std::vector<Slot> slots;
    std::vector<std::jthread> helpers;  ///< joined before the slots go
  };
  Slot prepare(std::size_t run, OutcomeStore::OpenShards& open) const;
  void begin(Block& block);

  const SweepPlan& plan_;
  const std::vector<std::string>& keys_;
  const OutcomeStore& store_;
  std::vector<std::size_t> runs_;  ///< that have an outcome
  std::size_t begun_ = 0;          ///< of those
  Block ready_, ahead_;  ///< reused: a million texts that one thread makes and another frees cost a second
};

}  // namespace grokscope
