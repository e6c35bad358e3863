// Sweep: a plan and a folder: what of it is known, what is missing, what its results are. Holds the folder's
// lock; trains nothing itself (local_executor.h). One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "sweep/merge.h"
#include "sweep/outcome_store.h"
#include "sweep/plan.h"
#include "sweep/sweep_folder.h"

namespace grokscope {

class Sweep {
 public:
  /// Locks the folder and puts the whole plan into it, for workers. Errors: another sweep is at work there,
  /// or what lies there was written by another version.
  static Result<Sweep> open(SweepPlan plan, SweepFolder folder);
  /// The same without making or locking anything: to look only.
  static Result<Sweep> look_at(SweepPlan plan, SweepFolder folder);

  const SweepPlan& plan() const { return plan_; }
  const SweepFolder& folder() const { return folder_; }
  const OutcomeStore& store() const { return store_; }
  const std::string& key(std::size_t run) const { return keys_[run]; }
  /// Runs that have an outcome, in the folder or in the cache, and a run folder where those are kept; one
  /// that failed is tried again.
  bool knows(std::size_t run) const;
  /// The run folder of a run; "" if there is none.
  std::string record_of(std::size_t run) const;
  /// Coarse to fine.
  std::vector<std::size_t> missing() const;

  /// Copies what the cache knows into the folder, run folders included, so that it stands by itself.
  Status keep_what_is_known();
  /// Reads what workers have appended.
  Status refresh() { return store_.refresh(); }
  Result<MergedResults> merge() const { return merge_results(plan_, keys_, store_, folder_); }

 private:
  Sweep(SweepPlan plan, SweepFolder folder);

  SweepPlan plan_;
  SweepFolder folder_;
  std::optional<Descriptor> lock_;
  std::vector<std::string> keys_;  ///< of every run
  OutcomeStore store_;
};

}  // namespace grokscope
