#include "sweep/plan.h"

#include <algorithm>
#include <utility>

#include "base/outside_text.h"
#include "history/interventions.h"

namespace grokscope {
namespace {

/// 0: of the coarse map, 1: another cell with the first seed, 2: another seed.
int fineness(const SweepPlan& plan, std::size_t run) {
  const SweepPlace place = place_of(plan, run);
  if (place.seed > 0) return 2;
  const bool coarse =
      std::all_of(place.along.begin(), place.along.end(), [](std::size_t at) { return at % 2 == 0; });
  return coarse ? 0 : 1;
}

/// The events one after the other, each on the settings that those before it leave.
Status check_events(const std::vector<Event>& events, RunConfig config) {
  for (const Event& event : events) {
    if (Status fits = check_intervention(intervention_of(event), config); !fits) return fits;
    apply_to_config(event, config);
  }
  return {};
}

}  // namespace

std::size_t SweepPlan::cells() const {
  if (is_list()) return listed.size();
  std::size_t cells = 1;
  for (const SweepAxis& axis : axes) cells *= axis.values.size();
  return cells;
}

SweepPlan plan_of_runs(std::span<const PlannedRun> runs) {
  SweepPlan plan;
  if (!runs.empty()) plan.base = runs.front().config;
  for (const PlannedRun& run : runs) {
    ListedRun listed;
    static_cast<RunTerms&>(listed) = run;
    for (const Field& field : fields()) {
      FieldValue value = field.get(run.config);
      if (value != field.get(plan.base)) listed.set.emplace_back(&field, std::move(value));
    }
    plan.listed.push_back(std::move(listed));
  }
  return plan;
}

std::string text_of(const Until& until) {
  return until.metric + until.relation + text_of(FieldValue(until.value));
}

SweepPlace place_of(const SweepPlan& plan, std::size_t run) {
  SweepPlace place;
  if (plan.is_list()) return place;
  place.along.resize(plan.axes.size());
  place.seed = run % plan.seeds.size();
  std::size_t cell = run / plan.seeds.size();
  for (std::size_t axis = plan.axes.size(); axis-- > 0;) {
    place.along[axis] = cell % plan.axes[axis].values.size();
    cell /= plan.axes[axis].values.size();
  }
  return place;
}

RunConfig config_of(const SweepPlan& plan, std::size_t run) {
  RunConfig config = plan.base;
  if (plan.is_list()) {
    for (const auto& [field, value] : plan.listed[run].set) field->set(config, value);
    return config;
  }
  const SweepPlace place = place_of(plan, run);
  for (std::size_t axis = 0; axis < plan.axes.size(); ++axis) {
    const Field* field = find_field(plan.axes[axis].field);
    field->set(config, plan.axes[axis].values[place.along[axis]]);
  }
  config.seed = plan.seeds[place.seed];
  return config;
}

PlannedRun planned_run(const SweepPlan& plan, std::size_t run) {
  PlannedRun planned;
  if (plan.is_list()) static_cast<RunTerms&>(planned) = plan.listed[run];
  if (!plan.is_list()) planned.until = plan.until;
  planned.config = config_of(plan, run);
  return planned;
}

std::size_t middle_run(const SweepPlan& plan) {
  std::size_t cell = 0;
  for (const SweepAxis& axis : plan.axes) cell = cell * axis.values.size() + axis.values.size() / 2;
  return cell * plan.runs_of_cell();
}

std::string cell_in_words(const SweepPlan& plan, std::size_t run) {
  if (plan.is_list()) return "run " + std::to_string(run + 1) + " of the list";
  const SweepPlace place = place_of(plan, run);
  std::string words;
  for (std::size_t axis = 0; axis < plan.axes.size(); ++axis) {
    if (!words.empty()) words += ", ";
    words += plan.axes[axis].field + " = " + visible(text_of(plan.axes[axis].values[place.along[axis]]));
  }
  return words;
}

Status validate(const SweepPlan& plan) {
  for (std::size_t run = 0; run < plan.runs(); run += plan.runs_of_cell()) {
    const PlannedRun planned = planned_run(plan, run);
    Status valid = validate(planned.config);
    if (valid) valid = check_events(planned.events, planned.config);
    if (!valid)
      return usage_error((plan.is_list() ? "" : "the cell ") + cell_in_words(plan, run) +
                         " cannot be trained: " + valid.error().message);
  }
  return {};
}

std::vector<std::size_t> coarse_to_fine(const SweepPlan& plan) {
  std::vector<std::size_t> levels[3];
  for (std::size_t run = 0; run < plan.runs(); ++run) levels[fineness(plan, run)].push_back(run);
  std::vector<std::size_t> order = std::move(levels[0]);
  for (const int level : {1, 2}) order.insert(order.end(), levels[level].begin(), levels[level].end());
  return order;
}

std::vector<std::size_t> runs_of_part(const SweepPlan& plan, std::size_t part, std::size_t parts) {
  std::vector<std::size_t> runs;
  for (std::size_t run = part - 1; run < plan.runs(); run += parts) runs.push_back(run);
  return runs;
}

}  // namespace grokscope
