#include "sweep/plan.h"

#include <algorithm>
#include <utility>

#include "base/outside_text.h"

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

}  // namespace

std::size_t SweepPlan::cells() const {
  std::size_t cells = 1;
  for (const SweepAxis& axis : axes) cells *= axis.values.size();
  return cells;
}

SweepPlace place_of(const SweepPlan& plan, std::size_t run) {
  SweepPlace place;
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
  const SweepPlace place = place_of(plan, run);
  RunConfig config = plan.base;
  for (std::size_t axis = 0; axis < plan.axes.size(); ++axis) {
    const Field* field = find_field(plan.axes[axis].field);
    field->set(config, plan.axes[axis].values[place.along[axis]]);
  }
  config.seed = plan.seeds[place.seed];
  return config;
}

std::string cell_in_words(const SweepPlan& plan, std::size_t run) {
  const SweepPlace place = place_of(plan, run);
  std::string words;
  for (std::size_t axis = 0; axis < plan.axes.size(); ++axis) {
    if (!words.empty()) words += ", ";
    words += plan.axes[axis].field + " = " + visible(text_of(plan.axes[axis].values[place.along[axis]]));
  }
  return words;
}

Status validate(const SweepPlan& plan) {
  for (std::size_t run = 0; run < plan.runs(); run += plan.seeds.size()) {
    if (const Status valid = validate(config_of(plan, run)); !valid)
      return usage_error("the cell " + cell_in_words(plan, run) +
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
