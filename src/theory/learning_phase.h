// The four phases of learning (Liu et al. 2022, effective theory, section 4.1 and appendix A, Table 1) as a
// label of any run. Not the phases within a run (history/phases.h). Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace grokscope::theory {

enum class LearningPhase {
  undecided,      ///< the run is too young to tell
  comprehension,  ///< trains and generalises, less than gap_steps apart
  grokking,       ///< generalises gap_steps or more after it has trained
  memorisation,   ///< trains only
  confusion,      ///< neither
};

/// As published.
struct PhaseThresholds {
  double accuracy = 0.9;  ///< a level counts as reached from here on
  std::int64_t budget_steps = 100'000;
  std::int64_t gap_steps = 1000;
};

/// First steps at which the accuracies reached the threshold, -1: not (yet).
struct PhaseFacts {
  std::int64_t train_step = -1, test_step = -1;
  std::int64_t last_step = 0;  ///< how far the run has come
  bool over = false;  ///< it will not go on by itself: a run shorter than the budget is judged at its end
};

/// What was reached after the budget does not count. Decided as soon as nothing that is still to come could
/// change it.
LearningPhase learning_phase(const PhaseFacts& facts, const PhaseThresholds& thresholds = {});

std::string_view name_of(LearningPhase phase);

/// One sentence for people: what the label says, with its source.
std::string_view meaning_of(LearningPhase phase);

}  // namespace grokscope::theory
