// PairOrder: the order in which the fused transformer visits pairs. Rows of a token's tables are long, so
// examples are cut between first tokens into one range a worker, and inside a range visited one group of
// second tokens after the other, by first token: a group's rows stay in L2, the first token's in L1. Kept
// while the same examples come again (full batch). Torch-free; owned by the stepping thread, read by workers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace grokscope::fused {

class PairOrder {
 public:
  PairOrder(std::int64_t tokens, std::int64_t group, int workers)
      : tokens_(tokens), group_(group), workers_(workers) {}

  /// `pairs`: (example, 2). Does nothing when the examples are those of the last call.
  void arrange(std::span<const std::int64_t> examples, const std::int64_t* pairs);

  std::size_t size() const { return a.size(); }
  std::vector<std::int32_t> a, b;         ///< tokens, in visiting order
  std::vector<std::int32_t> place;        ///< position in the caller's list
  std::vector<std::int64_t> example;      ///< the example itself
  std::vector<std::int64_t> range_begin;  ///< (workers + 1): a worker's examples
  std::vector<std::int64_t> token_begin;  ///< (workers + 1): first tokens that are this worker's alone

 private:
  void cut(const std::vector<std::int64_t>& begin_of_token);

  const std::int64_t tokens_, group_;
  const int workers_;
  std::vector<std::int64_t> asked_;
};

}  // namespace grokscope::fused
