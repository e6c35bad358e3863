// ClaimChecks: several claims checked in the background, each on a thread of its own, handed over as they
// end. Made, asked and destroyed on one thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "claims/check.h"

namespace grokscope {

struct FinishedClaim {
  std::size_t place = 0;  ///< in the list of those to check
  Result<CheckedClaim> checked = failure("not checked");
};

class ClaimChecks {
 public:
  /// `jobs`: how many runs train at once in all, 0 = one a core. `progress` comes from any thread, one at a
  /// time.
  ClaimChecks(std::vector<const Claim*> claims, ClaimSize size, int jobs,
              std::function<void(const std::string& line)> progress);
  ~ClaimChecks();  ///< stops and joins
  ClaimChecks(const ClaimChecks&) = delete;
  ClaimChecks& operator=(const ClaimChecks&) = delete;

  /// The next claim that ended, in the order of ending; nothing if none did within `budget`.
  std::optional<FinishedClaim> wait(std::chrono::milliseconds budget);
  void request_stop();

 private:
  void work(int workers_each);
  void tell(const std::string& line);

  const std::vector<const Claim*> claims_;
  const ClaimSize size_;
  const std::function<void(const std::string&)> progress_;
  std::stop_source stop_;
  std::mutex mutex_, progress_mutex_;
  std::condition_variable ended_;
  std::deque<FinishedClaim> finished_;
  std::size_t next_ = 0;
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace grokscope
