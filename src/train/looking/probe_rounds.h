// When to evaluate, and which probes look when. Evaluations are a function of the step alone, so that two
// runs of one config have the same metrics. Probes follow the step too, but keep to a share of the training
// time: a round that does not fit waits for the next evaluation, and what was skipped is counted. Torch-free.
// Trainer thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "config/run_config.h"
#include "contract/probe_names.h"

namespace grokscope {

/// Every `eval_every` steps, and at 1, 2, 5, 10, 20, 50, ... before the first of them.
bool is_evaluation_due(std::int64_t step, std::int64_t eval_every);

/// Due at the first evaluated step of each interval: `probe_every` steps, or for 0 a 16th of a decade.
class ProbeSchedule {
 public:
  /// Called once for every evaluated step, in order.
  bool due(std::int64_t step, std::int64_t probe_every);

 private:
  std::int64_t last_step_ = -1;  // last step at which probes were due
};

/// What the trainer has done with its time so far.
struct TimeSpent {
  double training_s = 0.0;  ///< steps and evaluations
  double waiting_s = 0.0;   ///< paced or paused: a core was free
  double all_s() const { return training_s + waiting_s; }
};

/// What those who look are doing.
enum class JobsState {
  full,  ///< more of what waits for them has no room
  busy,  ///< they look at what is noted down now when they are done: steady probes
  idle,
  loading,  ///< they look later at what is noted down now: probes whose price can be guessed
};

class ProbeRounds {
 public:
  explicit ProbeRounds(std::span<const ProbeName> probes);

  /// Called once for every evaluated step, in order: the probes that look now. The first look of each usual
  /// one is paid for later: all at the first step, but those that cannot be guessed only when loading is
  /// over. The dear ones save up in a purse of their own, so that they never hold up the others. With
  /// probe_every > 0 every round is complete.
  std::vector<std::size_t> due(std::int64_t step, const TrainConfig& config, TimeSpent time, JobsState jobs);
  /// Probes that look at a part of what there is wait for no round, so that one sees them move: in the first
  /// minute they look every other second, on credit, later as often as they can be paid for. One that turns
  /// out to see everything in one look keeps to the rounds. May be asked at every step.
  bool is_time_for_a_part(const TrainConfig& config, TimeSpent time) const;
  /// Those that look now; whoever asks has asked whether it is time, and that nobody looks in parts just now.
  std::vector<std::size_t> due_in_parts(const TrainConfig& config, TimeSpent time);
  /// A look has ended that took this much processor time, the `parts`-th part of a whole one.
  void charge(std::size_t probe, double cpu_s, std::int64_t parts = 1);
  /// "fourier 64 of 64, lu 9 of 64 rounds"; empty if nothing was skipped.
  std::string skipped() const;

 private:
  struct Account {
    ProbeName probe;
    double spent_s = 0.0;
    double last_s = 0.0;  // what the last look took: what the next will
    std::int64_t looks = 0, charged = 0;
    std::int64_t owed = 0;       // looks noted down while loading, not charged yet
    std::int64_t parts = 0;      // looks that make a whole one; 0: nobody knows yet
    double whole_looks = 0.0;    // charged
    std::int64_t on_credit = 0;  // parts lent, not charged yet
    double part_at_s = -1e9;     // when the last part was chosen: the first one need not wait
    double owed_s() const;
    bool has_its_time(TimeSpent time) const;
    bool pending = false;
    bool is(ProbeKind kind) const { return probe.kind == kind; }
  };
  struct Purse {
    double credit_s = 0.0;  // below zero: paid back before the next look
    double loan_s = 0.0;    // spent in advance, paid back from what is earned
    void earn(double earned_s, double waited_s);
  };
  Purse& purse_of(ProbeKind kind) { return kind == ProbeKind::dear ? dear_ : usual_; }
  void refill(TimeSpent time, double share);
  std::vector<std::size_t> affordable(bool on_account);
  void buy(ProbeKind kind, bool on_account, std::vector<std::size_t>& chosen);
  void take_steady(bool on_account, std::vector<std::size_t>& chosen);
  std::vector<std::size_t> everyone(bool on_account, bool complete);

  std::vector<Account> accounts_;
  ProbeSchedule schedule_;
  TimeSpent seen_;
  Purse usual_, dear_;
  std::int64_t rounds_ = 0;
};

}  // namespace grokscope
