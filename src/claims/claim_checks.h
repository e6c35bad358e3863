// ClaimChecks: several claims checked in the background: the runs of all of them are trained by one call of
// the sweep engine's worker processes, so that no core waits between two claims; what was trained before is
// taken from the cache. Each is judged as soon as its runs are there. Made, asked and destroyed on one
// thread.
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
#include "claims/claim_runs.h"
#include "sweep/run_news.h"
#include "sweep/sweep.h"
#include "sweep/work_folder.h"

namespace grokscope {

struct ClaimChecksOptions {
  std::string program;  ///< that knows `sweep-worker`
  ClaimSize size = ClaimSize::quick;
  int jobs = 0;                       ///< runs at once; 0: one a core
  bool with_cache = true;             ///< false: everything is trained, and nothing of it kept
  std::function<bool()> interrupted;  ///< asked on another thread; may be empty
  std::function<void(const std::string& line)> progress;  ///< from another thread; may be empty
};

struct FinishedClaim {
  std::size_t place = 0;  ///< in the list of those to check
  Result<CheckedClaim> checked = failure("not checked");
};

class ClaimChecks {
 public:
  ClaimChecks(std::vector<const Claim*> claims, ClaimChecksOptions options);
  ~ClaimChecks();  ///< ends what still trains, and waits for that
  ClaimChecks(const ClaimChecks&) = delete;
  ClaimChecks& operator=(const ClaimChecks&) = delete;

  /// The next claim whose runs have ended, judged; nothing if none did within `budget`. An error: it was not
  /// checked, because the training as a whole was stopped or could not go on.
  std::optional<FinishedClaim> wait(std::chrono::milliseconds budget);

 private:
  using Clock = std::chrono::steady_clock;
  struct Progress {
    std::vector<std::size_t> missing;  ///< runs of the plan
    std::size_t ended = 0;             ///< of those
    bool begun = false, ready = false;
    Clock::time_point begin = Clock::now();
  };
  /// A claim whose runs have ended, one way or the other.
  struct Ready {
    std::size_t place = 0;
    std::vector<RunEnd> ends;
    Status status;
  };

  void work(const std::stop_token& stop);
  Status train(const std::stop_token& stop);
  void begin_all(const std::vector<std::size_t>& missing);
  void hear(Sweep& sweep, std::size_t run, RunNews news);
  bool wanted(std::size_t run) const;
  void make_ready(const Sweep& sweep, std::size_t place);
  void hand_over(Ready ready);
  void tell(std::size_t place, const std::string& what) const;

  const std::vector<const Claim*> claims_;
  const ClaimChecksOptions options_;
  const ClaimRuns runs_;
  std::vector<Progress> progress_;                     ///< (claim): written by the thread until it is ready
  std::vector<std::vector<std::size_t>> waiting_for_;  ///< (run): the claims that miss it
  std::optional<WorkFolder> folder_;                   ///< as long as anybody reads run folders in it
  std::mutex mutex_;
  std::condition_variable ended_;
  std::deque<Ready> ready_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace grokscope
