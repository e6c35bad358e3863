// Split: see split.h.
#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/random.h"

namespace grokscope {
namespace {

std::span<const std::int64_t> part(const std::vector<std::int64_t>& order, std::int64_t first,
                                   std::int64_t last) {
  return std::span(order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
}

/// The same order, but each mirror comes right after the first of the two.
std::vector<std::int64_t> with_mirrors_beside(const std::vector<std::int64_t>& order,
                                              const Mirrors& mirrors) {
  std::vector<std::int64_t> paired;
  paired.reserve(order.size());
  std::vector<std::uint8_t> taken(order.size(), 0);
  for (const std::int64_t example : order) {
    for (const std::int64_t one : {example, mirrors[static_cast<std::size_t>(example)]}) {
      if (one < 0 || taken[static_cast<std::size_t>(one)] != 0) continue;
      taken[static_cast<std::size_t>(one)] = 1;
      paired.push_back(one);
    }
  }
  return paired;
}

}  // namespace

Split::Split(std::int64_t pool_size, std::int64_t held_out, std::uint64_t seed, std::int64_t train_count,
             std::shared_ptr<const Mirrors> mirrors, SplitBy by)
    : mirrors_(std::move(mirrors)),
      by_(mirrors_ == nullptr ? SplitBy::pairs : by),
      pool_size_(std::max<std::int64_t>(pool_size, 0)),
      held_out_(std::max<std::int64_t>(held_out, 0)) {
  order_ = RandomStream(seed, "split").permutation(pool_size_);
  if (by_ == SplitBy::unordered) order_ = with_mirrors_beside(order_, *mirrors_);
  order_.resize(static_cast<std::size_t>(total()));
  std::iota(order_.begin() + pool_size_, order_.end(), pool_size_);
  set_train_count(train_count);
}

void Split::set_train_count(std::int64_t count) {
  // Without held-out examples one of the pool must stay test.
  const std::int64_t most_trained = held_out_ > 0 ? pool_size_ : pool_size_ - 1;
  std::int64_t wanted = std::min(std::max<std::int64_t>(count, 1), std::max<std::int64_t>(most_trained, 0));
  if (cuts_a_pair(wanted)) wanted += wanted < most_trained ? 1 : -1;
  if (wanted == train_count_) return;
  train_count_ = wanted;
  most_ = std::max(most_, wanted);
  ++generation_;
}

bool Split::cuts_a_pair(std::int64_t count) const {
  if (by_ == SplitBy::pairs || count < 1 || count >= pool_size_) return false;
  const auto at = static_cast<std::size_t>(count);
  return (*mirrors_)[static_cast<std::size_t>(order_[at - 1])] == order_[at];
}

std::span<const std::int64_t> Split::train() const {
  return part(order_, 0, train_count_);
}

std::span<const std::int64_t> Split::formerly_trained() const {
  return part(order_, train_count_, most_);
}

std::span<const std::int64_t> Split::test() const {
  return held_out_ > 0 ? part(order_, pool_size_, total()) : part(order_, most_, pool_size_);
}

std::vector<Membership> Split::membership() const {
  std::vector<Membership> classes(static_cast<std::size_t>(total()), Membership::unused);
  for (const std::int64_t example : test()) classes[static_cast<std::size_t>(example)] = Membership::test;
  for (const std::int64_t example : train()) classes[static_cast<std::size_t>(example)] = Membership::train;
  for (const std::int64_t example : formerly_trained()) {
    classes[static_cast<std::size_t>(example)] = Membership::formerly_trained;
  }
  return classes;
}

std::vector<std::uint8_t> Split::unmirrored_test() const {
  if (mirrors_ == nullptr || by_ == SplitBy::unordered) return {};
  std::vector<std::uint8_t> was_trained(static_cast<std::size_t>(total()), 0);
  for (const std::int64_t example : part(order_, 0, most_))
    was_trained[static_cast<std::size_t>(example)] = 1;
  std::vector<std::uint8_t> unmirrored(static_cast<std::size_t>(total()), 0);
  for (const std::int64_t example : test()) {
    const std::int64_t mirror = (*mirrors_)[static_cast<std::size_t>(example)];
    unmirrored[static_cast<std::size_t>(example)] =
        mirror < 0 || was_trained[static_cast<std::size_t>(mirror)] == 0 ? 1 : 0;
  }
  return unmirrored;
}

std::int64_t wanted_train_count(double train_fraction, std::int64_t train_size, std::int64_t pool_size) {
  if (train_size > 0) return std::min(train_size, pool_size);
  if (!(train_fraction > 0.0)) return 0;
  // Rounded down, as Nanda et al. 2023 do (0.3 of 113^2 is 3830); the margin keeps 0.29 of 100 at 29.
  const double count = std::floor(std::min(train_fraction, 1.0) * static_cast<double>(pool_size) + 1e-6);
  return std::min(static_cast<std::int64_t>(count), pool_size);
}

}  // namespace grokscope
