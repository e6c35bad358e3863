// Phase detection: one pass over the evaluations with a small state machine. Each decision is taken from what
// was known then and is never taken back, so that a live run and a recorded one show the same.
#include "history/phases.h"

#include <algorithm>
#include <cmath>
#include <optional>

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

/// Counts evaluations in a row, and says whether there are enough over enough steps.
class Streak {
 public:
  void see(bool holds, std::int64_t step) {
    if (!holds) {
      count_ = 0;
      return;
    }
    if (count_++ == 0) begin_step_ = step;
  }
  bool lasts(int count, double share, std::int64_t step) const {
    return count_ >= count && static_cast<double>(step - begin_step_) >= share * static_cast<double>(step);
  }
  bool lasts(int count) const { return count_ >= count; }
  void reset() { count_ = 0; }

 private:
  int count_ = 0;
  std::int64_t begin_step_ = 0;
};

class Detector {
 public:
  explicit Detector(const History& history) : history_(history) {
    for (const Event& event : history.events()) {
      const auto field = event.detail.find("field");
      if (event.kind == "set" && field != event.detail.end() && field->is_string() &&
          field->get_ref<const std::string&>().rfind("task.", 0) == 0) {
        task_changes_.push_back(event.step);
      }
    }
    std::sort(task_changes_.begin(), task_changes_.end());
  }

  std::vector<PhaseSpan> run(std::int64_t step) {
    std::int64_t end = 0;
    const bool seen = !evaluations().empty() && evaluations().front().step <= step;
    for (std::size_t i = 0; i < history_.evaluations().size(); ++i) {
      const Evaluation& e = history_.evaluations()[i];
      if (e.step > step) break;
      if (i == 0) enter(Phase::memorising, 0);
      see(i);
      end = e.step;
    }
    if (const auto at = divergence_event(step)) {
      if (phase_ != Phase::diverged) enter(Phase::diverged, std::max(*at, end));
      end = std::max(end, *at);
    }
    if (spans_.empty()) spans_.push_back({Phase::starting, 0, std::max<std::int64_t>(0, step)});
    if (seen || phase_ == Phase::diverged) spans_.back().end_step = std::max(end, spans_.back().begin_step);
    return std::move(spans_);
  }

 private:
  std::span<const Evaluation> evaluations() const { return history_.evaluations(); }

  std::optional<std::int64_t> divergence_event(std::int64_t step) const {
    for (const Event& event : history_.events()) {
      const auto reason = event.detail.find("reason");
      if (event.kind == "stopped" && event.step <= step && reason != event.detail.end() &&
          *reason == "diverged") {
        return event.step;
      }
    }
    return std::nullopt;
  }

  /// Opens a span at `step`; spans that would be empty or lie behind it vanish.
  void enter(Phase phase, std::int64_t step) {
    while (!spans_.empty() && spans_.back().begin_step >= step) spans_.pop_back();
    if (!spans_.empty()) spans_.back().end_step = step;
    phase_ = phase;
    if (!spans_.empty() && spans_.back().phase == phase) return;  // goes on
    spans_.push_back({phase, step, step});
  }

  /// True for the two evaluations after a change of the task: one at the very step may still show the old
  /// one.
  bool task_changed_before(std::int64_t step) {
    while (next_change_ < task_changes_.size() && task_changes_[next_change_] <= step) {
      ++next_change_;
      change_shows_ = 2;
    }
    return change_shows_ > 0 && change_shows_-- > 0;
  }

  void enter_plateau(std::size_t i) {
    enter(Phase::plateau, evaluations()[i].step);
    plateau_begin_ = i;
    plateau_level_ = 1.0;
    rise_.reset();
  }

  void see(std::size_t i) {
    const Evaluation& e = evaluations()[i];
    if (phase_ == Phase::diverged) return;
    if (diverged(e)) return enter(Phase::diverged, e.step);
    const bool task_changed = task_changed_before(e.step);
    const bool forgot_train = e.train_accuracy < kLearned;
    train_lost_.see(forgot_train, e.step);
    if (phase_ != Phase::memorising &&
        (train_lost_.lasts(kConfirmLoss, kConfirmShare, e.step) || (task_changed && forgot_train))) {
      // Grokked runs may dip on the training set alone; what counts then is whether the rest went too.
      if (phase_ == Phase::plateau || e.test_accuracy < kLearned) enter(Phase::memorising, e.step);
    }
    switch (phase_) {
      case Phase::memorising:
        return see_memorising(i);
      case Phase::plateau:
        return see_plateau(i);
      default:
        return see_risen(i);
    }
  }

  void see_memorising(std::size_t i) {
    const Evaluation& e = evaluations()[i];
    if (e.test_accuracy >= kLearned) return enter(Phase::done, e.step);
    if (!(e.train_accuracy >= kLearned)) return;
    enter_plateau(i);
    const double chance = chance_level(history_.config());
    if (e.test_accuracy >= (1.0 + chance) / 2) {  // it learned the rest along with the training set
      plateau_level_ = chance;
      test_lost_.reset();
      enter(Phase::generalising, e.step);
    } else {
      see_plateau(i);
    }
  }

  /// The lowest test accuracy of the plateau, read so that one outlier does not count.
  void lower_level(std::size_t i) {
    const auto test = [&](std::size_t k) { return evaluations()[k].test_accuracy; };
    double level = test(i);
    if (i > plateau_begin_) level = std::max(level, test(i - 1));
    if (std::isfinite(level)) plateau_level_ = std::min(plateau_level_, level);
  }

  double halfway() const { return (plateau_level_ + 1.0) / 2; }

  /// Where a plateau that has ended at `i` began to rise: the knee of test accuracy over log step, the point
  /// farthest below the chord from the plateau's first evaluation to this one (Satopää et al. 2011,
  /// "Kneedle"). A slow creep along the way is still plateau; a rise without a knee has none.
  std::size_t rise_begin(std::size_t i) const {
    const auto log_step = [&](std::size_t k) {
      return std::log1p(static_cast<double>(evaluations()[k].step));
    };
    const double begin_log = log_step(plateau_begin_), span = log_step(i) - begin_log;
    const double end_accuracy = evaluations()[i].test_accuracy;
    std::size_t knee = plateau_begin_;
    double deepest = kKneeDepth * (end_accuracy - plateau_level_);
    for (std::size_t k = plateau_begin_ + 1; k < i; ++k) {
      const double along = (log_step(k) - begin_log) / span;
      const double chord = plateau_level_ + along * (end_accuracy - plateau_level_);
      const double depth = chord - evaluations()[k].test_accuracy;
      if (depth >= deepest) {
        deepest = depth;
        knee = k;
      }
    }
    return knee;
  }

  void see_plateau(std::size_t i) {
    const Evaluation& e = evaluations()[i];
    lower_level(i);
    rise_.see(i > plateau_begin_ && e.test_accuracy >= halfway(), e.step);
    const bool learned = e.test_accuracy >= kLearned;
    if (!rise_.lasts(kConfirmRise) && !learned) return;
    enter(Phase::generalising, evaluations()[rise_begin(i)].step);
    test_lost_.reset();
    if (learned) enter(Phase::done, e.step);
  }

  void see_risen(std::size_t i) {
    const Evaluation& e = evaluations()[i];
    if (phase_ == Phase::generalising && e.test_accuracy >= kLearned) enter(Phase::done, e.step);
    test_lost_.see(e.test_accuracy < halfway(), e.step);
    if (!test_lost_.lasts(kConfirmLoss, kConfirmShare, e.step)) return;
    test_lost_.reset();
    if (e.train_accuracy >= kLearned) {
      enter_plateau(i);
      lower_level(i);
    } else {
      enter(Phase::memorising, e.step);
    }
  }

  const History& history_;
  std::vector<PhaseSpan> spans_;
  Phase phase_ = Phase::starting;
  std::vector<std::int64_t> task_changes_;
  std::size_t next_change_ = 0;
  int change_shows_ = 0;
  std::size_t plateau_begin_ = 0;
  double plateau_level_ = 0.0;
  Streak rise_, train_lost_, test_lost_;
};

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::starting:
      return "starting";
    case Phase::memorising:
      return "memorising";
    case Phase::plateau:
      return "plateau";
    case Phase::generalising:
      return "generalising";
    case Phase::done:
      return "done";
    case Phase::diverged:
      return "diverged";
  }
  return "";
}

std::vector<PhaseSpan> phases_at(const History& history, std::int64_t step) {
  return Detector(history).run(step);
}

theory::LearningPhase learning_phase_at(const History& history, std::int64_t step) {
  const FirstSteps& first = history.first_steps();
  const auto seen = [&](std::int64_t reached) { return reached <= step ? reached : -1; };
  const auto all = history.events();
  const bool diverged = std::any_of(all.begin(), all.end(), [&](const Event& event) {
    const auto reason = event.detail.find("reason");
    return event.kind == "stopped" && event.step <= step && reason != event.detail.end() &&
           *reason == "diverged";
  });
  const Evaluation* now = history.evaluation_at(step);
  const std::int64_t last = now == nullptr ? 0 : now->step;
  return theory::learning_phase(
      {seen(first.train_90), seen(first.test_90), last, diverged || last >= history.config().train.steps});
}

double chance_level(const RunConfig& config) {
  double classes = 10.0;  // digits, clothes; and a fair guess for a table of unknown answers
  if (config.task.kind == "teacher_student" || config.task.kind == "molecules") return 0.0;
  if (config.task.kind == "text") classes = 2.0;
  if (config.task.kind == "s5") classes = 120.0;
  if (config.task.kind == "addition") {
    classes = static_cast<double>(std::max<std::int64_t>(2 * config.task.modulus - 1, 1));
  }
  if (config.task.kind == "modular" || config.task.kind == "formula") {
    classes = static_cast<double>(std::max<std::int64_t>(config.task.modulus, 1));
  }
  return 1.0 / classes;
}

}  // namespace grokscope
