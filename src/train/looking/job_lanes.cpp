#include "train/looking/job_lanes.h"

#include <algorithm>
#include <utility>

#include "contract/probe_names.h"

namespace grokscope {

JobLanes::JobLanes(JobThread::Sink sink, std::shared_future<void> look_when)
    : sink_(std::move(sink)), look_when_(std::move(look_when)), usual_(sink_, look_when_) {}

void JobLanes::submit(ProbeRound round, std::stop_token stop) {
  const auto first_in_parts =
      std::stable_partition(round.probes.begin(), round.probes.end(),
                            [](std::size_t probe) { return !looks_in_parts(kProbeNames[probe].name); });
  ProbeRound in_parts{round.input, {first_in_parts, round.probes.end()}, round.whole};
  round.probes.erase(first_in_parts, round.probes.end());
  if (!in_parts.probes.empty()) {
    if (!parts_) parts_.emplace(sink_, look_when_, "parts");
    parts_->submit(std::move(in_parts), stop);
  }
  if (!round.probes.empty()) usual_.submit(std::move(round), stop);
}

void JobLanes::give_up() {
  usual_.give_up();
  if (parts_) parts_->give_up();
}

void JobLanes::wait_idle(std::stop_token stop) {
  usual_.wait_idle(stop);
  if (parts_) parts_->wait_idle(stop);
}

std::vector<LookCost> JobLanes::take_costs() {
  std::vector<LookCost> costs = usual_.take_costs();
  if (!parts_) return costs;
  const std::vector<LookCost> more = parts_->take_costs();
  costs.insert(costs.end(), more.begin(), more.end());
  return costs;
}

}  // namespace grokscope
