// The runs of several claims as one plan of the sweep engine: each different run once, whoever needs it.
// Pure. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "claims/claim.h"
#include "sweep/plan.h"

namespace grokscope {

struct ClaimRuns {
  SweepPlan plan;                             ///< a list; every run leaves a run folder of its numbers
  std::vector<std::vector<PlannedRun>> runs;  ///< (claim, run of it): as the claim has them
  std::vector<std::vector<std::size_t>> of;   ///< (claim, run of it): its number in the plan
};

/// Runs stand in the plan in the order of the claims.
ClaimRuns claim_runs(std::span<const Claim* const> claims, ClaimSize size);

}  // namespace grokscope
