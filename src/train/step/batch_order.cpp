#include "train/step/batch_order.h"

#include <algorithm>
#include <utility>

namespace grokscope {

BatchOrder::BatchOrder(std::uint64_t seed) : random_(seed, "batches") {}

std::span<const std::int64_t> BatchOrder::next(const Split& split, std::int64_t batch_size) {
  const auto train = split.train();
  const auto train_size = static_cast<std::int64_t>(train.size());
  if (batch_size <= 0 || batch_size >= train_size) return train;
  if (position_ >= static_cast<std::int64_t>(epoch_.size()) || split.generation() != split_generation_) {
    epoch_ = random_.permutation(train_size);
    for (std::int64_t& index : epoch_) index = train[static_cast<std::size_t>(index)];
    position_ = 0;
    split_generation_ = split.generation();
  }
  const std::int64_t begin = std::exchange(position_, std::min(position_ + batch_size, train_size));
  return std::span<const std::int64_t>(epoch_).subspan(static_cast<std::size_t>(begin),
                                                       static_cast<std::size_t>(position_ - begin));
}

BatchOrder::State BatchOrder::state(const Split& split) const {
  if (split.generation() != split_generation_) return {random_.state(), {}, 0};  // next() begins a new epoch
  return {random_.state(), epoch_, position_};
}

void BatchOrder::restore(State state, const Split& split) {
  random_.restore(state.random);
  epoch_ = std::move(state.epoch);
  position_ = state.position;
  split_generation_ = split.generation();
}

}  // namespace grokscope
