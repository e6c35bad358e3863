#include "train/looking/looks.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "contract/probe_names.h"

namespace grokscope {

Looks::Looks(JobThread::Sink sink, std::shared_future<void> look_when, std::vector<std::string> names)
    : names_(std::move(names)), rounds_(kProbeNames), jobs_(std::move(sink), std::move(look_when)) {}

std::vector<std::size_t> Looks::due(std::int64_t step, const TrainConfig& config, TimeSpent time) {
  pay();
  return wanted(rounds_.due(step, config, time, state()));
}

std::vector<std::size_t> Looks::due_between(const TrainConfig& config, TimeSpent time) {
  if (!rounds_.is_time_for_a_part(config, time) || jobs_.loading() || !jobs_.parts_idle()) return {};
  pay();
  return wanted(rounds_.due_in_parts(config, time));
}

std::vector<std::size_t> Looks::all() const {
  std::vector<std::size_t> probes(kProbeNames.size());
  std::iota(probes.begin(), probes.end(), std::size_t{0});
  return wanted(std::move(probes));
}

std::vector<std::size_t> Looks::named(const std::vector<std::string>& names) {
  std::vector<std::size_t> probes;
  for (std::size_t probe = 0; probe < kProbeNames.size(); ++probe) {
    if (std::find(names.begin(), names.end(), kProbeNames[probe].name) != names.end())
      probes.push_back(probe);
  }
  return probes;
}

void Looks::pay() {
  for (const LookCost& cost : jobs_.take_costs()) rounds_.charge(cost.probe, cost.cpu_s, cost.parts);
}

JobsState Looks::state() const {
  if (jobs_.loading()) return JobsState::loading;
  if (jobs_.idle()) return JobsState::idle;
  return jobs_.has_room() ? JobsState::busy : JobsState::full;
}

/// Those of them that this run looks with.
std::vector<std::size_t> Looks::wanted(std::vector<std::size_t> probes) const {
  if (names_.empty()) return probes;
  std::erase_if(probes, [&](std::size_t probe) {
    return std::find(names_.begin(), names_.end(), kProbeNames[probe].name) == names_.end();
  });
  return probes;
}

}  // namespace grokscope
