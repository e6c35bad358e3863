// From the run folders that a claim's runs left to its judgement. Trains nothing (claim_checks.h), knows no
// terminal. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"
#include "claims/claim.h"

namespace grokscope {

/// A run after its end: where its run folder is, or why it could not be trained.
struct RunEnd {
  std::string record;  ///< "": there is none
  std::string error;
};

struct CheckedClaim {
  Judgement judgement;
  double seconds = 0.0;           ///< of the clock, from its first run on
  double training_seconds = 0.0;  ///< of all runs together, as if one after the other, whenever that was
  std::size_t runs = 0;
  std::size_t known = 0;  ///< of those, what had been trained before
};

/// Reads what the runs left and judges it; `runs` and `ends` in the claim's own order. Whatever kept a run
/// from its end (missing data, a network that cannot read the task) makes the claim fail with that as its
/// explanation: a claim that was not checked does not hold.
CheckedClaim judge_claim(const Claim& claim, ClaimSize size, std::span<const PlannedRun> runs,
                         std::span<const RunEnd> ends);

}  // namespace grokscope
