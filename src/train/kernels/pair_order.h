// PairOrder: the order in which the fused transformer and PairMlp visit pairs. A token's table rows are long,
// so examples are cut between first tokens into one range a worker, and each range into blocks that are near
// to squares of (first tokens × second tokens): within a block a token's rows are loaded once for all its
// examples. Kept while the same examples come again (full batch). Torch-free; owned by the stepping thread,
// read by workers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace grokscope::fused {

/// Examples of a block that share a token.
struct TokenRun {
  std::int32_t token = 0;
  bool starts = false;                 ///< the first run of this token that the worker meets in a step
  std::span<const std::int32_t> rows;  ///< row numbers within the block
};

struct PairBlock {
  std::int64_t begin = 0, end = 0;  ///< in visiting order
  std::vector<TokenRun> by_a, by_b;
  std::int64_t rows() const { return end - begin; }
};

class PairOrder {
 public:
  /// Blocks have at most `block_rows` examples.
  PairOrder(std::int64_t tokens, std::int64_t block_rows, int workers)
      : tokens_(tokens), block_rows_(block_rows), workers_(workers) {}

  /// `pairs`: (example, 2). Does nothing when the examples are those of the last call.
  void arrange(std::span<const std::int64_t> examples, const std::int64_t* pairs);

  std::span<const PairBlock> blocks(std::size_t worker) const { return blocks_[worker]; }
  /// First tokens of this worker's range that none of its examples has; the same of all second tokens.
  std::span<const std::int32_t> absent_a(std::size_t worker) const { return absent_a_[worker]; }
  std::span<const std::int32_t> absent_b(std::size_t worker) const { return absent_b_[worker]; }

  std::vector<std::int32_t> a, b;         ///< tokens, in visiting order
  std::vector<std::int32_t> place;        ///< position in the caller's list
  std::vector<std::int64_t> example;      ///< the example itself
  std::vector<std::int64_t> token_begin;  ///< (workers + 1): first tokens that are this worker's alone

 private:
  void cut(const std::vector<std::int64_t>& begin_of_token);
  std::vector<std::int64_t> stripes_of_tokens(std::size_t count) const;
  void cut_blocks(const std::vector<std::int64_t>& keys);
  void list_runs();

  const std::int64_t tokens_, block_rows_;
  const int workers_;
  std::vector<std::int64_t> asked_;
  std::vector<std::int64_t> range_begin_;  // (workers + 1): a worker's examples
  std::vector<std::vector<PairBlock>> blocks_;
  std::vector<std::vector<std::int32_t>> absent_a_, absent_b_;
  std::vector<std::int32_t> rows_by_a_, rows_by_b_;  // what the runs point into
};

}  // namespace grokscope::fused
