#include "train/loop/milestones.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace grokscope {
namespace {

struct MilestoneLevel {
  const char* name;
  double (*accuracy)(const Evaluation&);
  double level;
};

constexpr MilestoneLevel kMilestoneLevels[] = {
    {"train_99", [](const Evaluation& e) { return e.train_accuracy; }, 0.99},
    {"test_50", generalisation_of, 0.5},
    {"test_90", generalisation_of, 0.9},
    {"test_95", generalisation_of, 0.95},
    {"test_99", generalisation_of, 0.99},
};

}  // namespace

Milestones::Milestones(const std::vector<std::string>& reached) {
  for (std::size_t index = 0; index < std::size(kMilestoneLevels); ++index) {
    const bool there =
        std::find(reached.begin(), reached.end(), kMilestoneLevels[index].name) != reached.end();
    if (there) reached_ |= 1u << index;
  }
}

std::vector<Event> Milestones::reached_by(const Evaluation& evaluation) {
  std::vector<Event> events;
  for (std::size_t index = 0; index < std::size(kMilestoneLevels); ++index) {
    const MilestoneLevel& milestone = kMilestoneLevels[index];
    const unsigned bit = 1u << index;
    if ((reached_ & bit) != 0 || !(milestone.accuracy(evaluation) >= milestone.level)) continue;
    reached_ |= bit;
    events.push_back({evaluation.step, "milestone", {{"name", milestone.name}}});
  }
  return events;
}

}  // namespace grokscope
