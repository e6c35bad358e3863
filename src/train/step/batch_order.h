// BatchOrder: which examples each update sees. Full batch: the training set in its own order. Minibatches:
// every epoch is a fresh shuffle; its last batch is kept although it is smaller, as the papers' loaders do.
// Trainer thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "data/split.h"

namespace grokscope {

class BatchOrder {
 public:
  explicit BatchOrder(std::uint64_t seed);

  /// Indices into the dataset, valid until the next call. A new epoch begins when the classes of `split`
  /// changed.
  std::span<const std::int64_t> next(const Split& split, std::int64_t batch_size);

  /// Everything that decides the batches to come, for checkpoints.
  struct State {
    RandomStream::State random;
    std::vector<std::int64_t> epoch;  ///< the shuffled training set of this epoch
    std::int64_t position = 0;        ///< how much of it was used
  };
  State state(const Split& split) const;
  void restore(State state, const Split& split);

 private:
  RandomStream random_;
  std::vector<std::int64_t> epoch_;
  std::int64_t position_ = 0;
  std::uint64_t split_generation_ = 0;
};

}  // namespace grokscope
