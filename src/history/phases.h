// Phases of a run (memorising, plateau, generalising, done) and the one-sentence verdict, from the history
// alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/history.h"
#include "history/phase_detector.h"
#include "theory/learning_phase.h"

namespace grokscope {

/// As files have it.
std::string_view name_of(Phase phase);
/// As people read it: a run that has generalised may train on, so nothing is "done".
std::string_view label_of(Phase phase);

/// Spans up to `step`, in order, no gaps. memorising: until train accuracy >= 0.99; plateau: until test
/// accuracy has clearly left its plateau level (two evaluations in a row at least half way from there to 1;
/// the span then begins where the final rise did); generalising: until test >= 0.99; then done. A run whose
/// test accuracy rises with the train accuracy has no plateau. Falling back for long opens a new memorising
/// or plateau span: nothing that was shown before changes, except that the end of a plateau may move back to
/// the beginning of the rise. Sees only evaluations and events up to `step`.
inline std::vector<PhaseSpan> phases_at(const History& history, std::int64_t step) {
  return history.phases_at(step);
}

/// Which of the four phases of learning the run is in, as far as `step` can tell (theory/learning_phase.h,
/// with the published thresholds; a run of fewer than 100 000 steps is judged at its own end).
theory::LearningPhase learning_phase_at(const History& history, std::int64_t step);

/// "Kind of learning: grokking."; "" while that is not decided.
std::string kind_of_learning_in_words(const History& history, std::int64_t step);

struct Verdict {
  std::string fact;      ///< bold: "Memorised at step 90."
  std::string sentence;  ///< "It answers every training pair, and is still guessing on the rest."
};
/// Present tense, no jargon; changes with the run, with interventions and with divergence.
Verdict verdict_at(const History& history, std::int64_t step);

}  // namespace grokscope
