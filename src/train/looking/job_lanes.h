// JobLanes: the jobs threads as the trainer sees them. Probes that look in parts have a thread of their own,
// made when the first of them looks, so that they need not wait for a look that takes seconds. Trainer
// thread.
#pragma once

#include <optional>

#include "train/looking/job_thread.h"

namespace grokscope {

class JobLanes {
 public:
  /// As JobThread's.
  explicit JobLanes(JobThread::Sink sink, std::shared_future<void> look_when = {});

  /// Every probe of the round on its own lane; waits where there is no room.
  void submit(ProbeRound round, std::stop_token stop);
  bool loading() const { return usual_.loading(); }
  /// Of those that do not look in parts.
  bool idle() const { return usual_.idle(); }
  bool has_room() const { return usual_.has_room(); }
  /// Nobody looks in parts just now.
  bool parts_idle() const { return !parts_ || parts_->idle(); }
  bool parts_have_room() const { return !parts_ || parts_->has_room(); }
  void give_up();
  void wait_idle(std::stop_token stop);
  std::vector<LookCost> take_costs();

 private:
  JobThread::Sink sink_;
  std::shared_future<void> look_when_;
  JobThread usual_;
  std::optional<JobThread> parts_;
};

}  // namespace grokscope
