// Looks: looking inside as the trainer sees it: which probes look now, who carries it out, what it cost. Not
// what they look at, nor when to evaluate (probe_rounds.h). Trainer thread.
#pragma once

#include <cstddef>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/run_config.h"
#include "train/looking/job_lanes.h"
#include "train/looking/probe_rounds.h"

namespace grokscope {

class Looks {
 public:
  /// `names`: the probes that this run looks with; empty: all. The rest as JobThread's.
  Looks(JobThread::Sink sink, std::shared_future<void> look_when, std::vector<std::string> names);

  /// Numbers of probes (kProbeNames) that look now. At an evaluated step, in order:
  std::vector<std::size_t> due(std::int64_t step, const TrainConfig& config, TimeSpent time);
  /// Between evaluations, which may be many seconds apart: those that look in parts.
  std::vector<std::size_t> due_between(const TrainConfig& config, TimeSpent time);
  std::vector<std::size_t> all() const;
  /// Those of these names.
  static std::vector<std::size_t> named(const std::vector<std::string>& names);

  bool have_room() const { return jobs_.has_room() && jobs_.parts_have_room(); }
  /// They look on threads of their own; waits where there is no room.
  void begin(ProbeRound round, std::stop_token stop) { jobs_.submit(std::move(round), std::move(stop)); }
  void give_up() { jobs_.give_up(); }
  void wait_idle(std::stop_token stop) { jobs_.wait_idle(std::move(stop)); }
  /// As ProbeRounds::skipped().
  std::string skipped() const { return rounds_.skipped(); }

 private:
  void pay();
  JobsState state() const;
  std::vector<std::size_t> wanted(std::vector<std::size_t> probes) const;

  const std::vector<std::string> names_;
  ProbeRounds rounds_;
  JobLanes jobs_;  // last: ends before what it uses
};

}  // namespace grokscope
