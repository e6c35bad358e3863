// The results of a sweep: what has been finished of a plan, as one table (results.csv), one line a run
// (results.jsonl) and a database (results.sqlite). Each file is replaced as a whole; one outcome at a time is
// in memory. Only the process that holds the folder's lock merges. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "sweep/outcome.h"
#include "sweep/outcome_store.h"
#include "sweep/plan.h"
#include "sweep/sweep_folder.h"

namespace grokscope {

struct MergedResults {
  std::size_t rows = 0, failed = 0;
  bool as_before = false;  ///< nothing has changed since the results that are there were written
};

/// Whether the results that are there may be replaced: an error if another version wrote them.
Status check_results(const SweepFolder& folder);

/// `keys`: of every run of the plan. Rows stand in the plan's order: by the axes, then by the seed.
Result<MergedResults> merge_results(const SweepPlan& plan, const std::vector<std::string>& keys,
                                    const OutcomeStore& store, const SweepFolder& folder);

/// The columns of results.csv: the axes, or the number of the run in its list, from 1; then those that every
/// sweep has.
std::vector<std::string> result_columns(const SweepPlan& plan);
/// A cell is a text ready for the table, "" where there is nothing.
std::vector<std::string> result_cells(const SweepPlan& plan, std::size_t run, const Outcome& outcome);

}  // namespace grokscope
