// See learning_phase.h.
#include "theory/learning_phase.h"

namespace grokscope::theory {

LearningPhase learning_phase(const PhaseFacts& facts, const PhaseThresholds& thresholds) {
  const auto reached = [&](std::int64_t step) { return step >= 0 && step <= thresholds.budget_steps; };
  const bool train = reached(facts.train_step), test = reached(facts.test_step);
  if (train && test) {
    const bool late = facts.test_step - facts.train_step >= thresholds.gap_steps;
    return late ? LearningPhase::grokking : LearningPhase::comprehension;
  }
  if (!facts.over && facts.last_step < thresholds.budget_steps) return LearningPhase::undecided;
  return train ? LearningPhase::memorisation : LearningPhase::confusion;
}

std::string_view name_of(LearningPhase phase) {
  switch (phase) {
    case LearningPhase::undecided:
      return "undecided";
    case LearningPhase::comprehension:
      return "comprehension";
    case LearningPhase::grokking:
      return "grokking";
    case LearningPhase::memorisation:
      return "memorisation";
    case LearningPhase::confusion:
      return "confusion";
  }
  return "";
}

std::string_view meaning_of(LearningPhase phase) {
  switch (phase) {
    case LearningPhase::undecided:
      return "Too early to say which of the four phases of learning this run is in (Liu et al. 2022, "
             "effective theory).";
    case LearningPhase::comprehension:
      return "Test accuracy reached 90 % less than 1 000 steps after train accuracy: it understood at once "
             "(Liu et al. 2022, effective theory, Table 1).";
    case LearningPhase::grokking:
      return "Test accuracy reached 90 % at least 1 000 steps after train accuracy (Liu et al. 2022, "
             "effective theory, Table 1).";
    case LearningPhase::memorisation:
      return "Train accuracy reached 90 %, test accuracy never did (Liu et al. 2022, effective theory, Table "
             "1).";
    case LearningPhase::confusion:
      return "Train accuracy never reached 90 %: it did not learn (Liu et al. 2022, "
             "effective theory, Table 1).";
  }
  return "";
}

}  // namespace grokscope::theory
