// What holds generalisation back now, the representation or the readout: the two speeds of learning
// ("Two Speeds of Learning", arXiv 2605.27078) in one sentence, from what was measured up to a step. Pure
// functions of the history; main thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "history/history.h"

namespace grokscope {

enum class HeldBackBy {
  unknown,         ///< not measured, or not defined in this run
  still_learning,  ///< the training examples are not learned yet
  representation,  ///< a linear read-out of its features does no better than the network
  degradation,     ///< and does worse than before, while the classes need more dimensions to be told apart
  readout,         ///< its features would allow for more
  nothing,         ///< it generalises
};

/// "representation", "readout", ...: as files have it.
std::string_view name_of(HeldBackBy by);

struct HeldBack {
  HeldBackBy by = HeldBackBy::unknown;
  std::string sentence;  ///< for people: "held back by its features: ..."
};

/// By the accuracy of the best linear read-out of any layer on test examples (layers.best_probe_test, its
/// layer chosen on a fold of its own) against the network's own accuracy on the same examples.
HeldBack held_back_at(const History& history, std::int64_t step);

}  // namespace grokscope
