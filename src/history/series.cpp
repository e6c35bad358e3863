// Series: appending keeps a pyramid of complete blocks; a summary takes whole blocks inside and single
// samples at the rims.
#include "history/series.h"

#include <algorithm>
#include <cmath>

namespace grokscope {

namespace {

void add_sample(MinMax& into, double y) {
  ++into.count;
  if (!std::isfinite(y)) {
    into.broken = true;
    return;
  }
  if (!into.any) {
    into.any = true;
    into.minimum = into.maximum = into.first = y;
  }
  into.minimum = std::min(into.minimum, y);
  into.maximum = std::max(into.maximum, y);
  into.last = y;
}

void add_block(MinMax& into, const MinMax& block) {
  into.count += block.count;
  into.broken = into.broken || block.broken;
  if (!block.any) return;
  if (!into.any) {
    into.any = true;
    into.minimum = block.minimum;
    into.maximum = block.maximum;
    into.first = block.first;
  }
  into.minimum = std::min(into.minimum, block.minimum);
  into.maximum = std::max(into.maximum, block.maximum);
  into.last = block.last;
}

}  // namespace

bool Series::append(double x, double y) {
  if (!std::isfinite(x) || (!x_.empty() && x < x_.back())) return false;
  x_.push_back(x);
  y_.push_back(y);
  if (y > 0.0 && std::isfinite(y) && (smallest_positive_ == 0.0 || y < smallest_positive_))
    smallest_positive_ = y;
  if (x_.size() % kFanOut != 0) return true;

  MinMax block;
  for (std::size_t i = y_.size() - kFanOut; i < y_.size(); ++i) add_sample(block, y_[i]);
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    std::vector<MinMax>& nodes = levels_[level];
    nodes.push_back(block);
    if (nodes.size() % kFanOut != 0) return true;
    block = MinMax{};
    for (std::size_t i = nodes.size() - kFanOut; i < nodes.size(); ++i) add_block(block, nodes[i]);
  }
}

void Series::reserve(std::size_t samples) {
  x_.reserve(samples);
  y_.reserve(samples);
}

std::size_t Series::latest_at(double x) const {
  const auto after = std::upper_bound(x_.begin(), x_.end(), x);
  return after == x_.begin() ? size() : static_cast<std::size_t>(after - x_.begin()) - 1;
}

std::size_t Series::nearest(double x) const {
  if (empty()) return size();
  const std::size_t before = latest_at(x);
  if (before == size()) return 0;
  if (before + 1 == size()) return before;
  return x - x_[before] <= x_[before + 1] - x ? before : before + 1;
}

MinMax Series::summarize(std::size_t begin, std::size_t end) const {
  end = std::min(end, size());
  MinMax summary;
  std::size_t at = begin;
  while (at < end) {
    // The largest complete block that starts here and ends inside: sizes go up, then down again, so O(log n)
    // blocks.
    std::size_t block_size = 1;
    std::size_t level = 0;
    while (level < levels_.size() && at % (block_size * kFanOut) == 0 && end - at >= block_size * kFanOut) {
      block_size *= kFanOut;
      ++level;
    }
    if (level == 0) {
      add_sample(summary, y_[at]);
    } else {
      add_block(summary, levels_[level - 1][at / block_size]);
    }
    at += block_size;
  }
  return summary;
}

}  // namespace grokscope
