#include "train/fused/pair_order.h"

#include <algorithm>
#include <numeric>

namespace grokscope::fused {

/// Ranges end between tokens, as near to equal shares as that allows.
void PairOrder::cut(const std::vector<std::int64_t>& begin_of_token) {
  const std::int64_t count = begin_of_token.back();
  range_begin.assign(static_cast<std::size_t>(workers_) + 1, count);
  token_begin.assign(static_cast<std::size_t>(workers_) + 1, tokens_);
  range_begin[0] = token_begin[0] = 0;
  for (int worker = 1; worker < workers_; ++worker) {
    const std::int64_t wanted = count * worker / workers_;
    auto at = std::lower_bound(begin_of_token.begin(), begin_of_token.end(), wanted);
    if (at != begin_of_token.begin() && wanted - *(at - 1) < *at - wanted) --at;
    const auto slot = static_cast<std::size_t>(worker);
    token_begin[slot] = std::max<std::int64_t>(at - begin_of_token.begin(), token_begin[slot - 1]);
    range_begin[slot] = begin_of_token[static_cast<std::size_t>(token_begin[slot])];
  }
}

void PairOrder::arrange(std::span<const std::int64_t> examples, const std::int64_t* pairs) {
  if (std::equal(examples.begin(), examples.end(), asked_.begin(), asked_.end())) return;
  asked_.assign(examples.begin(), examples.end());
  const std::size_t count = examples.size();
  std::vector<std::int64_t> begin_of_token(static_cast<std::size_t>(tokens_) + 1, 0);
  for (const std::int64_t each : examples) ++begin_of_token[static_cast<std::size_t>(pairs[2 * each]) + 1];
  std::partial_sum(begin_of_token.begin(), begin_of_token.end(), begin_of_token.begin());
  cut(begin_of_token);
  std::vector<std::int32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](std::int32_t at) {
    const std::int64_t* pair = pairs + 2 * examples[static_cast<std::size_t>(at)];
    const auto worker = std::upper_bound(token_begin.begin() + 1, token_begin.end() - 1, pair[0]);
    return ((worker - token_begin.begin()) * tokens_ + pair[1] / group_) * tokens_ + pair[0];
  };
  std::vector<std::int64_t> keys(count);
  for (std::size_t i = 0; i < count; ++i) keys[i] = key(static_cast<std::int32_t>(i));
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t left, std::int32_t right) {
    return keys[static_cast<std::size_t>(left)] < keys[static_cast<std::size_t>(right)];
  });
  a.resize(count);
  b.resize(count);
  example.resize(count);
  place = order;
  for (std::size_t i = 0; i < count; ++i) {
    example[i] = examples[static_cast<std::size_t>(order[i])];
    a[i] = static_cast<std::int32_t>(pairs[2 * example[i]]);
    b[i] = static_cast<std::int32_t>(pairs[2 * example[i] + 1]);
  }
}

}  // namespace grokscope::fused
