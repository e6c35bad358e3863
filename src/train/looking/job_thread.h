// JobThread: the probes, on one background thread, "jobs", from copies taken between two steps. Rounds are
// looked at in order; none is dropped. The thread is joined by the destructor, a look in progress is
// cancelled.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "probe/probe.h"

namespace grokscope {

struct ProbeRound {
  ProbeInput input;                 ///< shares no tensor with the trainer
  std::vector<std::size_t> probes;  ///< indices into probes()
  bool whole = true;                ///< a probe that looks_in_parts() looks at everything, too
};

/// What a look took.
struct LookCost {
  std::size_t probe = 0;
  double cpu_s = 0.0;
  std::int64_t parts = 1;  ///< so many looks like it see everything
};

class JobThread {
 public:
  using Sink = std::function<void(Frame)>;  ///< called on the jobs thread
  /// Loads LibTorch when `look_when` is ready (invalid: now), or as soon as somebody waits for the probes.
  explicit JobThread(Sink sink, std::shared_future<void> look_when = {}, std::string name = "jobs");
  ~JobThread();

  /// Waits while two rounds wait already (a few more while LibTorch is loaded), unless stop is requested (the
  /// round is dropped then). Throws what the jobs thread could not go on for, as wait_idle() does.
  void submit(ProbeRound round, std::stop_token stop);
  /// LibTorch is not there yet, and there is room for a round until then.
  bool loading() const;
  /// Gives up the look in progress and drops what waits; the next round is looked at as ever.
  void give_up();
  /// submit() would not wait.
  bool has_room() const;
  /// Nothing runs and nothing waits.
  bool idle() const;
  /// Until everything submitted was looked at, or stop was requested.
  void wait_idle(std::stop_token stop);
  /// Of every look that ended since the last call.
  std::vector<LookCost> take_costs();

 private:
  void work();
  std::size_t room() const;
  void ask_to_load_now();
  bool wait_to_load();
  /// What a probe has looked at in parts.
  struct Parts {
    std::int64_t number = 0;
    FramePtr before;
  };
  void look(ProbeRound& round);
  Frame look_with_past(std::size_t probe, ProbeInput& input);
  Frame look_in_turn(std::size_t probe, ProbeInput& input, bool whole);
  void look_safely(ProbeRound& round);

  Sink sink_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<ProbeRound> waiting_;          // guarded by mutex_
  std::vector<LookCost> costs_;             // guarded by mutex_
  std::exception_ptr failed_;               // guarded by mutex_; the last
  bool busy_ = false;                       // guarded by mutex_
  bool awaited_ = false;                    // guarded by mutex_; until LibTorch is there
  bool loaded_ = false;                     // guarded by mutex_; LibTorch, or that there is none
  Moment start_;                            // jobs thread only; once somebody has made it
  std::map<std::size_t, Parts> parts_;      // jobs thread only; of the probes that looks_in_parts() names
  std::map<std::size_t, Moment> previous_;  // jobs thread only; of the probes that compares_looks() names
  const std::shared_future<void> look_when_;
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> given_up_{false};  // of the round in progress; probes look at it
  std::jthread thread_;                // last: joined before what it uses goes away
};

}  // namespace grokscope
