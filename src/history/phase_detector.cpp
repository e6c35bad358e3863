#include "history/phase_detector.h"

#include <algorithm>
#include <cmath>

namespace grokscope {

namespace {

constexpr double kLearned = 0.99;
constexpr int kConfirmRise = 2;         // evaluations in a row
constexpr int kConfirmLoss = 5;         // spikes are shorter
constexpr double kConfirmShare = 0.02;  // and a loss must last this share of the steps so far
constexpr double kKneeDepth = 0.05;     // of the rise: a shallower bend is no knee

bool diverged(const Evaluation& e) {
  const bool loss_gone = !std::isfinite(e.train_loss);
  return loss_gone && (e.train_count > 0 || !std::isfinite(e.weight_norm));
}

}  // namespace

void PhaseStreak::see(bool holds, std::int64_t step) {
  if (!holds) {
    count_ = 0;
    return;
  }
  if (count_++ == 0) begin_step_ = step;
}

bool PhaseStreak::lasts(int count, double share, std::int64_t step) const {
  return count_ >= count && static_cast<double>(step - begin_step_) >= share * static_cast<double>(step);
}

std::vector<PhaseSpan> PhaseDetector::spans(std::int64_t step, std::int64_t diverged_step) const {
  PhaseDetector closed = *this;
  std::int64_t end = last_step_;
  if (diverged_step >= 0) {
    if (phase_ != Phase::diverged) closed.enter(Phase::diverged, std::max(diverged_step, end));
    end = std::max(end, diverged_step);
  }
  if (closed.spans_.empty()) closed.spans_.push_back({Phase::starting, 0, std::max<std::int64_t>(0, step)});
  PhaseSpan& open = closed.spans_.back();
  if (seen_ > 0 || open.phase == Phase::diverged) open.end_step = std::max(end, open.begin_step);
  return std::move(closed.spans_);
}

/// Opens a span at `step`; spans that would be empty or lie behind it vanish.
void PhaseDetector::enter(Phase phase, std::int64_t step) {
  while (!spans_.empty() && spans_.back().begin_step >= step) spans_.pop_back();
  if (!spans_.empty()) spans_.back().end_step = step;
  phase_ = phase;
  if (!spans_.empty() && spans_.back().phase == phase) return;  // goes on
  spans_.push_back({phase, step, step});
}

/// True for the two evaluations after a change of the task: one at the very step may still show the old one.
bool PhaseDetector::task_changed_before(std::int64_t step, std::span<const std::int64_t> task_changes) {
  while (next_change_ < task_changes.size() && task_changes[next_change_] <= step) {
    ++next_change_;
    change_shows_ = 2;
  }
  return change_shows_ > 0 && change_shows_-- > 0;
}

void PhaseDetector::enter_plateau(Evaluations evaluations) {
  enter(Phase::plateau, evaluations[seen_].step);
  plateau_begin_ = seen_;
  plateau_level_ = 1.0;
  rise_.reset();
}

void PhaseDetector::see_next(Evaluations evaluations, std::span<const std::int64_t> task_changes) {
  const Evaluation& e = evaluations[seen_];
  if (seen_ == 0) enter(Phase::memorising, 0);
  last_step_ = e.step;
  if (phase_ != Phase::diverged) {
    if (diverged(e)) {
      enter(Phase::diverged, e.step);
    } else {
      const bool task_changed = task_changed_before(e.step, task_changes);
      const bool forgot_train = e.train_accuracy < kLearned;
      train_lost_.see(forgot_train, e.step);
      const bool lost =
          train_lost_.lasts(kConfirmLoss, kConfirmShare, e.step) || (task_changed && forgot_train);
      // Grokked runs may dip on the training set alone; what counts then is whether the rest went too.
      if (phase_ != Phase::memorising && lost &&
          (phase_ == Phase::plateau || generalisation_of(e) < kLearned)) {
        enter(Phase::memorising, e.step);
      }
      if (phase_ == Phase::memorising) {
        see_memorising(evaluations);
      } else if (phase_ == Phase::plateau) {
        see_plateau(evaluations);
      } else {
        see_risen(evaluations);
      }
    }
  }
  ++seen_;
}

void PhaseDetector::see_memorising(Evaluations evaluations) {
  const Evaluation& e = evaluations[seen_];
  if (generalisation_of(e) >= kLearned) return enter(Phase::done, e.step);
  if (!(e.train_accuracy >= kLearned)) return;
  enter_plateau(evaluations);
  if (generalisation_of(e) >= (1.0 + chance_) / 2) {  // it learned the rest along with the training set
    plateau_level_ = chance_;
    test_lost_.reset();
    enter(Phase::generalising, e.step);
  } else {
    see_plateau(evaluations);
  }
}

/// The lowest test accuracy of the plateau, read so that one outlier does not count.
void PhaseDetector::lower_level(Evaluations evaluations) {
  double level = generalisation_of(evaluations[seen_]);
  if (seen_ > plateau_begin_) level = std::max(level, generalisation_of(evaluations[seen_ - 1]));
  if (std::isfinite(level)) plateau_level_ = std::min(plateau_level_, level);
}

/// Where a plateau that has ended now began to rise: the knee of test accuracy over log step, the point
/// farthest below the chord from the plateau's first evaluation to this one (Satopää et al. 2011, "Kneedle").
/// A slow creep along the way is still plateau; a rise without a knee has none.
std::size_t PhaseDetector::rise_begin(Evaluations evaluations) const {
  const auto log_step = [&](std::size_t k) { return std::log1p(static_cast<double>(evaluations[k].step)); };
  const double begin_log = log_step(plateau_begin_), span = log_step(seen_) - begin_log;
  const double end_accuracy = generalisation_of(evaluations[seen_]);
  std::size_t knee = plateau_begin_;
  double deepest = kKneeDepth * (end_accuracy - plateau_level_);
  for (std::size_t k = plateau_begin_ + 1; k < seen_; ++k) {
    const double along = (log_step(k) - begin_log) / span;
    const double chord = plateau_level_ + along * (end_accuracy - plateau_level_);
    const double depth = chord - generalisation_of(evaluations[k]);
    if (depth >= deepest) {
      deepest = depth;
      knee = k;
    }
  }
  return knee;
}

void PhaseDetector::see_plateau(Evaluations evaluations) {
  const Evaluation& e = evaluations[seen_];
  lower_level(evaluations);
  rise_.see(seen_ > plateau_begin_ && generalisation_of(e) >= halfway(), e.step);
  const bool learned = generalisation_of(e) >= kLearned;
  if (!rise_.lasts(kConfirmRise) && !learned) return;
  enter(Phase::generalising, evaluations[rise_begin(evaluations)].step);
  test_lost_.reset();
  if (learned) enter(Phase::done, e.step);
}

void PhaseDetector::see_risen(Evaluations evaluations) {
  const Evaluation& e = evaluations[seen_];
  if (phase_ == Phase::generalising && generalisation_of(e) >= kLearned) enter(Phase::done, e.step);
  test_lost_.see(generalisation_of(e) < halfway(), e.step);
  if (!test_lost_.lasts(kConfirmLoss, kConfirmShare, e.step)) return;
  test_lost_.reset();
  if (e.train_accuracy >= kLearned) {
    enter_plateau(evaluations);
    lower_level(evaluations);
  } else {
    enter(Phase::memorising, e.step);
  }
}

void PhaseTrack::advance(std::span<const Evaluation> evaluations) {
  newest_.see_next(evaluations, task_changes_);
  if (newest_.seen() % kEvery == 0) kept_.push_back(newest_);
}

void PhaseTrack::expect(double chance, std::span<const Evaluation> evaluations) {
  if (chance == chance_) return;
  chance_ = chance;
  kept_.clear();
  newest_ = PhaseDetector(chance);
  while (newest_.seen() < evaluations.size()) advance(evaluations);
}

/// The nearest kept detector that has seen nothing from `evaluation` on.
PhaseDetector PhaseTrack::before(std::size_t evaluation) const {
  const std::size_t kept = std::min(evaluation / kEvery, kept_.size());
  return kept == 0 ? PhaseDetector(chance_) : kept_[kept - 1];
}

namespace {

std::size_t first_after(std::int64_t step, std::span<const Evaluation> evaluations) {
  const auto after =
      std::upper_bound(evaluations.begin(), evaluations.end(), step,
                       [](std::int64_t wanted, const Evaluation& e) { return wanted < e.step; });
  return static_cast<std::size_t>(after - evaluations.begin());
}

}  // namespace

void PhaseTrack::task_changed(std::int64_t step, std::span<const Evaluation> evaluations) {
  task_changes_.insert(std::upper_bound(task_changes_.begin(), task_changes_.end(), step), step);
  const std::size_t unchanged = first_after(step - 1, evaluations);
  if (unchanged == evaluations.size()) return;
  kept_.resize(std::min(unchanged / kEvery, kept_.size()), PhaseDetector(chance_));
  newest_ = before(unchanged);
  while (newest_.seen() < evaluations.size()) advance(evaluations);
}

std::vector<PhaseSpan> PhaseTrack::spans_at(std::int64_t step, std::int64_t diverged_step,
                                            std::span<const Evaluation> evaluations) const {
  const std::size_t wanted = first_after(step, evaluations);
  if (wanted == newest_.seen()) return newest_.spans(step, diverged_step);
  PhaseDetector detector = before(wanted);
  while (detector.seen() < wanted) detector.see_next(evaluations, task_changes_);
  return detector.spans(step, diverged_step);
}

}  // namespace grokscope
