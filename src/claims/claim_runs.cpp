#include "claims/claim_runs.h"

#include <string>
#include <unordered_map>
#include <utility>

#include "sweep/outcome_key.h"

namespace grokscope {

ClaimRuns claim_runs(std::span<const Claim* const> claims, ClaimSize size) {
  ClaimRuns made;
  std::vector<PlannedRun> different;
  std::unordered_map<std::string, std::size_t> place_of;  // by the key of a run without its data
  for (const Claim* claim : claims) {
    std::vector<PlannedRun> runs = claim->runs(size);
    std::vector<std::size_t> places;
    for (const PlannedRun& run : runs) {
      const auto [place, is_new] = place_of.try_emplace(outcome_key(run, ""), different.size());
      if (is_new) different.push_back(run);
      places.push_back(place->second);
    }
    made.runs.push_back(std::move(runs));
    made.of.push_back(std::move(places));
  }
  made.plan = plan_of_runs(different);
  made.plan.keep_runs = made.plan.numbers_alone = true;
  return made;
}

}  // namespace grokscope
