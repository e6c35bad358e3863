// SweepPlan: a sweep as data: a base, one to three axes and seeds, or a list of runs; when a run may stop,
// what is kept of it; and the runs that this makes. Not its text (plan_json.h), not who trains it. A value;
// any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/fields.h"
#include "config/run_config.h"
#include "contract/until.h"
#include "history/event.h"

namespace grokscope {

/// How a run is trained beside its settings.
struct RunTerms {
  std::string until;                    ///< a stop condition as text_of() spells it, "" for none
  std::vector<Event> events;            ///< interventions, sorted by step
  bool probes = false;                  ///< looks inside, too; only a record keeps what is seen
  std::vector<std::string> looks_with;  ///< these probes alone, sorted; empty: all
};

/// Everything that a run is made of.
struct PlannedRun : RunTerms {
  RunConfig config;
};

/// A run of a plan that lists its runs: what it sets on top of the base.
struct ListedRun : RunTerms {
  std::vector<std::pair<const Field*, FieldValue>> set;
};

struct SweepAxis {
  std::string field;               ///< of the field table
  std::vector<FieldValue> values;  ///< ascending, each once
};

struct SweepPlan {
  RunConfig base;                   ///< what no axis sets
  std::vector<SweepAxis> axes;      ///< the last varies fastest
  std::vector<std::int64_t> seeds;  ///< ascending, each once
  std::vector<ListedRun> listed;    ///< instead of axes and seeds, which are empty then
  std::string until;                ///< of all runs that are not listed, as in RunTerms
  std::vector<std::string> record;  ///< series that an outcome keeps: names of metric columns
  bool keep_runs = false;           ///< each run leaves a run folder as well (run_records.h)
  bool numbers_alone = false;       ///< of those: without frames and checkpoints

  bool is_list() const { return !listed.empty(); }
  std::size_t cells() const;
  std::size_t runs_of_cell() const { return is_list() ? 1 : seeds.size(); }
  std::size_t runs() const { return cells() * runs_of_cell(); }
};

inline constexpr std::size_t kMostAxes = 3;
inline constexpr std::size_t kMostSweepRuns = 200'000;

/// Such runs as a list.
SweepPlan plan_of_runs(std::span<const PlannedRun> runs);

/// "test_accuracy>=0.99": one spelling for one condition, for outcomes are found again by it.
std::string text_of(const Until& until);

/// A run of a plan: its number in the order of the results, which is by the axes, then by the seed; or that
/// of the list.
struct SweepPlace {
  std::vector<std::size_t> along;  ///< which value of each axis
  std::size_t seed = 0;            ///< which seed
};
SweepPlace place_of(const SweepPlan& plan, std::size_t run);
/// Everything that the run sets. The plan has been read or validated: it cannot fail.
RunConfig config_of(const SweepPlan& plan, std::size_t run);
PlannedRun planned_run(const SweepPlan& plan, std::size_t run);
/// The first seed of the cell in the middle of every axis: one that stands for the plan.
std::size_t middle_run(const SweepPlan& plan);
/// "optimizer.weight_decay = 0.1, task.train_fraction = 0.3"; of a list "run 3 of the list", from 1.
std::string cell_in_words(const SweepPlan& plan, std::size_t run);

/// The first cell whose settings do not go together, or whose events do not fit them, named: a usage error.
Status validate(const SweepPlan& plan);

/// Every run once: first a coarse map (every second cell of each axis, the first seed), then the other cells
/// with that seed, then the other seeds; a list in its own order.
std::vector<std::size_t> coarse_to_fine(const SweepPlan& plan);

/// The runs of part `part` of `parts`, from 1: every parts-th, so that parts cost about the same.
std::vector<std::size_t> runs_of_part(const SweepPlan& plan, std::size_t part, std::size_t parts);

}  // namespace grokscope
