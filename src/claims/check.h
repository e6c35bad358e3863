// check_claim: trains what a claim needs and judges it. Knows no files and no terminal. Any thread; many at
// once.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "claims/claim.h"

namespace grokscope {

struct CheckOptions {
  ClaimSize size = ClaimSize::quick;
  int workers = 0;  ///< runs at once, one thread each; 0 = one a core
  std::stop_token stop;
  /// After each run: how many have ended. On a worker, never twice at once; may be empty.
  std::function<void(std::size_t ended, std::size_t all)> progress;
};

struct CheckedClaim {
  Judgement judgement;
  double seconds = 0.0;           ///< of the clock
  double training_seconds = 0.0;  ///< of all runs together, as if one after the other
  std::size_t runs = 0;
};

/// An error only if it was stopped. Whatever else keeps a run from its end (missing data, a network that
/// cannot read the task) makes the claim fail with that as its explanation: a claim that was not checked does
/// not hold.
Result<CheckedClaim> check_claim(const Claim& claim, const CheckOptions& options);

}  // namespace grokscope
