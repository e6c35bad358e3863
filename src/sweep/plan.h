// SweepPlan: a sweep as data: a base, one to three axes, seeds, when a run may stop, what is kept of it; and
// the runs that this makes. Not its text (plan_json.h), not who trains it. A value; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/fields.h"
#include "config/run_config.h"

namespace grokscope {

struct SweepAxis {
  std::string field;               ///< of the field table
  std::vector<FieldValue> values;  ///< ascending, each once
};

struct SweepPlan {
  RunConfig base;                   ///< what no axis sets
  std::vector<SweepAxis> axes;      ///< the last varies fastest
  std::vector<std::int64_t> seeds;  ///< ascending, each once
  std::string until;                ///< a stop condition (contract/until.h), "" for none
  std::vector<std::string> record;  ///< series that an outcome keeps: names of metric columns

  std::size_t cells() const;
  std::size_t runs() const { return cells() * seeds.size(); }
};

inline constexpr std::size_t kMostAxes = 3;
inline constexpr std::size_t kMostSweepRuns = 200'000;

/// A run of a plan: its number in the order of the results, which is by the axes, then by the seed.
struct SweepPlace {
  std::vector<std::size_t> along;  ///< which value of each axis
  std::size_t seed = 0;            ///< which seed
};
SweepPlace place_of(const SweepPlan& plan, std::size_t run);
/// Everything that the run sets. The plan has been read or validated: it cannot fail.
RunConfig config_of(const SweepPlan& plan, std::size_t run);
/// "optimizer.weight_decay = 0.1, task.train_fraction = 0.3".
std::string cell_in_words(const SweepPlan& plan, std::size_t run);

/// The first cell whose settings do not go together, named: a usage error.
Status validate(const SweepPlan& plan);

/// Every run once: first a coarse map (every second cell of each axis, the first seed), then the other cells
/// with that seed, then the other seeds.
std::vector<std::size_t> coarse_to_fine(const SweepPlan& plan);

/// The runs of part `part` of `parts`, from 1: every parts-th, so that parts cost about the same.
std::vector<std::size_t> runs_of_part(const SweepPlan& plan, std::size_t part, std::size_t parts);

}  // namespace grokscope
