// PhaseDetector: the state machine that finds the phases of a run, fed one evaluation after the other. Each
// decision is taken from what was known then and is never taken back, so that a live run and a recorded one
// show the same. A value: History keeps copies along the way (PhaseTrack), so that asking about any step
// costs a few evaluations, not all of them. Main thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "history/evaluation.h"

namespace grokscope {

enum class Phase { starting, memorising, plateau, generalising, done, diverged };

struct PhaseSpan {
  Phase phase = Phase::starting;
  std::int64_t begin_step = 0;
  std::int64_t end_step = 0;  ///< exclusive; of the open phase: the last step
};

/// Counts evaluations in a row, and says whether there are enough over enough steps.
class PhaseStreak {
 public:
  void see(bool holds, std::int64_t step);
  bool lasts(int count, double share, std::int64_t step) const;
  bool lasts(int count) const { return count_ >= count; }
  void reset() { count_ = 0; }

 private:
  int count_ = 0;
  std::int64_t begin_step_ = 0;
};

class PhaseDetector {
 public:
  /// `chance`: the accuracy of guessing.
  explicit PhaseDetector(double chance) : chance_(chance) {}

  /// Takes the next evaluation, evaluations[seen()]. `task_changes`: steps at which the task was changed,
  /// sorted.
  void see_next(std::span<const Evaluation> evaluations, std::span<const std::int64_t> task_changes);
  std::size_t seen() const { return seen_; }
  /// What was seen, closed at the last evaluation or, when the run was stopped as diverged, at
  /// `diverged_step` (-1: it was not). `step`: what was asked for, in case nothing was seen.
  std::vector<PhaseSpan> spans(std::int64_t step, std::int64_t diverged_step) const;

 private:
  using Evaluations = std::span<const Evaluation>;
  void enter(Phase phase, std::int64_t step);
  bool task_changed_before(std::int64_t step, std::span<const std::int64_t> task_changes);
  void enter_plateau(Evaluations evaluations);
  void see_memorising(Evaluations evaluations);
  void see_plateau(Evaluations evaluations);
  void see_risen(Evaluations evaluations);
  void lower_level(Evaluations evaluations);
  double halfway() const { return (plateau_level_ + 1.0) / 2; }
  std::size_t rise_begin(Evaluations evaluations) const;

  double chance_;
  std::size_t seen_ = 0;  // while one is looked at: its index
  std::int64_t last_step_ = 0;
  std::vector<PhaseSpan> spans_;
  Phase phase_ = Phase::starting;
  std::size_t next_change_ = 0;
  int change_shows_ = 0;
  std::size_t plateau_begin_ = 0;
  double plateau_level_ = 0.0;
  PhaseStreak rise_, train_lost_, test_lost_;
};

/// The detector after every kEvery evaluations, and after all of them.
class PhaseTrack {
 public:
  static constexpr std::size_t kEvery = 1024;
  explicit PhaseTrack(double chance) : chance_(chance), newest_(chance) {}

  /// Another accuracy of guessing: all of `evaluations` is seen again.
  void expect(double chance, std::span<const Evaluation> evaluations);
  /// Sees evaluations.back().
  void advance(std::span<const Evaluation> evaluations);
  /// A change of the task at `step`: what was seen from there on is seen again.
  void task_changed(std::int64_t step, std::span<const Evaluation> evaluations);
  /// Spans as they were known after the last evaluation at or before `step`.
  std::vector<PhaseSpan> spans_at(std::int64_t step, std::int64_t diverged_step,
                                  std::span<const Evaluation> evaluations) const;

 private:
  PhaseDetector before(std::size_t evaluation) const;

  double chance_;
  std::vector<std::int64_t> task_changes_;  // sorted
  std::vector<PhaseDetector> kept_;         // [k]: has seen (k + 1) * kEvery
  PhaseDetector newest_;                    // has seen all
};

}  // namespace grokscope
