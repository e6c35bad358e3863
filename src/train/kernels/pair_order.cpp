#include "train/kernels/pair_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace grokscope::fused {
namespace {

std::size_t index_of(std::int64_t number) {
  return static_cast<std::size_t>(number);
}

/// The `run`s of equal tokens among `rows` (a part of a list that outlives them), which are sorted by token.
std::vector<TokenRun> runs_of(std::span<const std::int32_t> rows, std::int64_t block_begin,
                              const std::vector<std::int32_t>& token, std::vector<bool>& met) {
  std::vector<TokenRun> runs;
  const auto token_of = [&](std::size_t at) { return token[index_of(block_begin + rows[at])]; };
  for (std::size_t from = 0, to = 0; from < rows.size(); from = to) {
    const std::int32_t shared = token_of(from);
    while (to < rows.size() && token_of(to) == shared) ++to;
    const auto slot = static_cast<std::size_t>(shared);
    runs.push_back({shared, !met[slot], rows.subspan(from, to - from)});
    met[slot] = true;
  }
  return runs;
}

std::vector<std::int32_t> tokens_not_met(const std::vector<bool>& met, std::int64_t from, std::int64_t to) {
  std::vector<std::int32_t> absent;
  for (std::int64_t token = from; token < to; ++token) {
    if (!met[index_of(token)]) absent.push_back(static_cast<std::int32_t>(token));
  }
  return absent;
}

}  // namespace

/// Ranges end between tokens, as near to equal shares as that allows.
void PairOrder::cut(const std::vector<std::int64_t>& begin_of_token) {
  const std::int64_t count = begin_of_token.back();
  range_begin_.assign(index_of(workers_) + 1, count);
  token_begin.assign(index_of(workers_) + 1, tokens_);
  range_begin_[0] = token_begin[0] = 0;
  for (int worker = 1; worker < workers_; ++worker) {
    const std::int64_t wanted = count * worker / workers_;
    auto at = std::lower_bound(begin_of_token.begin(), begin_of_token.end(), wanted);
    if (at != begin_of_token.begin() && wanted - *(at - 1) < *at - wanted) --at;
    const auto slot = static_cast<std::size_t>(worker);
    token_begin[slot] = std::max<std::int64_t>(at - begin_of_token.begin(), token_begin[slot - 1]);
    range_begin_[slot] = begin_of_token[index_of(token_begin[slot])];
  }
}

/// First tokens are put into stripes as wide as a block of pairs is long; returns the stripe of each.
std::vector<std::int64_t> PairOrder::stripes_of_tokens(std::size_t count) const {
  const double density = static_cast<double>(count) / static_cast<double>(tokens_ * tokens_);
  const double side = std::sqrt(static_cast<double>(block_rows_) / std::max(density, 1e-9));
  std::vector<std::int64_t> stripe(index_of(tokens_));
  std::int64_t first_stripe = 0;
  for (int worker = 0; worker < workers_; ++worker) {
    const std::int64_t first = token_begin[index_of(worker)],
                       tokens = token_begin[index_of(worker) + 1] - first;
    const std::int64_t stripes = std::max<std::int64_t>(1, std::llround(static_cast<double>(tokens) / side));
    for (std::int64_t t = 0; t < tokens; ++t)
      stripe[index_of(first + t)] = first_stripe + t * stripes / tokens;
    first_stripe += stripes;
  }
  return stripe;
}

void PairOrder::arrange(std::span<const std::int64_t> examples, const std::int64_t* pairs) {
  if (std::equal(examples.begin(), examples.end(), asked_.begin(), asked_.end())) return;
  asked_.assign(examples.begin(), examples.end());
  const std::size_t count = examples.size();
  std::vector<std::int64_t> begin_of_token(index_of(tokens_) + 1, 0);
  for (const std::int64_t each : examples) ++begin_of_token[index_of(pairs[2 * each]) + 1];
  std::partial_sum(begin_of_token.begin(), begin_of_token.end(), begin_of_token.begin());
  cut(begin_of_token);

  const std::vector<std::int64_t> stripe = stripes_of_tokens(count);
  std::vector<std::int64_t> keys(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t* pair = pairs + 2 * examples[i];
    keys[i] = (stripe[index_of(pair[0])] * tokens_ + pair[1]) * tokens_ + pair[0];
  }
  place.resize(count);
  std::iota(place.begin(), place.end(), 0);
  std::stable_sort(place.begin(), place.end(), [&](std::int32_t left, std::int32_t right) {
    return keys[index_of(left)] < keys[index_of(right)];
  });
  cut_blocks(keys);

  a.resize(count);
  b.resize(count);
  example.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    example[i] = examples[index_of(place[i])];
    a[i] = static_cast<std::int32_t>(pairs[2 * example[i]]);
    b[i] = static_cast<std::int32_t>(pairs[2 * example[i] + 1]);
  }
  list_runs();
}

/// Every stripe becomes blocks of nearly equal size, each sorted by first token and then by second.
void PairOrder::cut_blocks(const std::vector<std::int64_t>& keys) {
  const std::int64_t stripe_keys = tokens_ * tokens_;
  const auto key_at = [&](std::int64_t at) { return keys[index_of(place[index_of(at)])]; };
  const auto by_a_then_b = [&](std::int32_t left, std::int32_t right) {
    const std::int64_t one = keys[index_of(left)] % stripe_keys, other = keys[index_of(right)] % stripe_keys;
    return std::pair(one % tokens_, one / tokens_) < std::pair(other % tokens_, other / tokens_);
  };
  blocks_.assign(index_of(workers_), {});
  for (std::size_t worker = 0; worker < blocks_.size(); ++worker) {
    const std::int64_t range_end = range_begin_[worker + 1];
    for (std::int64_t from = range_begin_[worker], to = from; from < range_end; from = to) {
      while (to < range_end && key_at(to) / stripe_keys == key_at(from) / stripe_keys) ++to;
      const std::int64_t rows = to - from, blocks = (rows + block_rows_ - 1) / block_rows_;
      for (std::int64_t block = 0; block < blocks; ++block) {
        const std::int64_t begin = from + rows * block / blocks, end = from + rows * (block + 1) / blocks;
        std::stable_sort(place.begin() + begin, place.begin() + end, by_a_then_b);
        blocks_[worker].push_back({begin, end, {}, {}});
      }
    }
  }
}

void PairOrder::list_runs() {
  rows_by_b_.resize(a.size());
  rows_by_a_.resize(index_of(block_rows_));
  std::iota(rows_by_a_.begin(), rows_by_a_.end(), 0);
  absent_a_.assign(blocks_.size(), {});
  absent_b_.assign(blocks_.size(), {});
  for (std::size_t worker = 0; worker < blocks_.size(); ++worker) {
    std::vector<bool> met_a(index_of(tokens_)), met_b(index_of(tokens_));
    for (PairBlock& block : blocks_[worker]) {
      const std::span<std::int32_t> by_b(rows_by_b_.data() + block.begin, index_of(block.rows()));
      std::iota(by_b.begin(), by_b.end(), 0);
      std::stable_sort(by_b.begin(), by_b.end(), [&](std::int32_t left, std::int32_t right) {
        return b[index_of(block.begin + left)] < b[index_of(block.begin + right)];
      });
      block.by_a = runs_of(std::span(rows_by_a_).first(by_b.size()), block.begin, a, met_a);
      block.by_b = runs_of(by_b, block.begin, b, met_b);
    }
    absent_a_[worker] = tokens_not_met(met_a, token_begin[worker], token_begin[worker + 1]);
    absent_b_[worker] = tokens_not_met(met_b, 0, tokens_);
  }
}

}  // namespace grokscope::fused
