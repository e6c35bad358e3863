// Series: appending keeps a pyramid of complete blocks; a summary takes whole blocks inside and single
// samples at the rims.
#include "history/series.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace grokscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Without branches: which of a few noisy values is the smallest is nothing that a processor could foresee.
template <typename Extremes>
void include(Extremes& into, double minimum, double maximum) {
  into.minimum = minimum < into.minimum ? minimum : into.minimum;
  into.maximum = maximum > into.maximum ? maximum : into.maximum;
}

template <typename Extremes>
void include_samples(Extremes& into, const double* from, const double* to) {
  for (; from != to; ++from) {
    const bool finite = std::abs(*from) < kInfinity;
    include(into, finite ? *from : kInfinity, finite ? *from : -kInfinity);
  }
}

template <typename Extremes>
void include_blocks(Extremes& into, const Extremes* from, const Extremes* to) {
  for (; from != to; ++from) include(into, from->minimum, from->maximum);
}

}  // namespace

bool Series::append(double x, double y) {
  if (!std::isfinite(x) || (!x_.empty() && x < x_.back())) return false;
  x_.push_back(x);
  y_.push_back(y);
  if (!std::isfinite(y)) note_gap(y_.size() - 1);
  if (y > 0.0 && std::isfinite(y) && (smallest_positive_ == 0.0 || y < smallest_positive_))
    smallest_positive_ = y;
  if (x_.size() % kFanOut != 0) return true;

  Extremes block{kInfinity, -kInfinity};
  include_samples(block, y_.data() + y_.size() - kFanOut, y_.data() + y_.size());
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    std::vector<Extremes>& blocks = levels_[level];
    blocks.push_back(block);
    if (blocks.size() % kFanOut != 0) return true;
    block = {kInfinity, -kInfinity};
    include_blocks(block, blocks.data() + blocks.size() - kFanOut, blocks.data() + blocks.size());
  }
}

bool Series::put(double x, double y) {
  if (!std::isfinite(x)) return false;
  if (x_.empty() || x > x_.back()) return append(x, y);
  const auto [first, behind] = std::equal_range(x_.begin(), x_.end(), x);
  const Sample sample{x, y};
  replace_tail(static_cast<std::size_t>(first - x_.begin()), static_cast<std::size_t>(behind - x_.begin()),
               std::span(&sample, 1));
  return true;
}

void Series::erase(double x) {
  const auto [first, behind] = std::equal_range(x_.begin(), x_.end(), x);
  if (first == behind) return;
  replace_tail(static_cast<std::size_t>(first - x_.begin()), static_cast<std::size_t>(behind - x_.begin()),
               {});
}

/// Puts `with` where the samples [begin, end) are. The pyramid is made of whole blocks from the start, so
/// that everything behind is appended again.
void Series::replace_tail(std::size_t begin, std::size_t end, std::span<const Sample> with) {
  const std::vector<double> tail_x(x_.begin() + static_cast<std::ptrdiff_t>(end), x_.end());
  const std::vector<double> tail_y(y_.begin() + static_cast<std::ptrdiff_t>(end), y_.end());
  truncate(begin);
  for (const Sample& sample : with) append(sample.x, sample.y);
  for (std::size_t i = 0; i < tail_x.size(); ++i) append(tail_x[i], tail_y[i]);
}

void Series::truncate(std::size_t samples) {
  const auto least = [](double least, double y) {
    return y > 0.0 && std::isfinite(y) && (least == 0.0 || y < least) ? y : least;
  };
  const double of_removed =
      std::accumulate(y_.begin() + static_cast<std::ptrdiff_t>(samples), y_.end(), 0.0, least);
  x_.resize(samples);
  y_.resize(samples);
  if (of_removed == smallest_positive_)
    smallest_positive_ = std::accumulate(y_.begin(), y_.end(), 0.0, least);
  for (std::size_t blocks = samples; std::vector<Extremes> & level : levels_) {
    blocks /= kFanOut;
    level.resize(blocks);
  }
  while (!gaps_.empty() && gaps_.back().begin >= samples) gaps_.pop_back();
  if (!gaps_.empty()) gaps_.back().end = std::min(gaps_.back().end, samples);
}

void Series::note_gap(std::size_t index) {
  if (!gaps_.empty() && gaps_.back().end == index) {
    ++gaps_.back().end;
  } else {
    gaps_.push_back({index, index + 1});
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
  MinMax summary;
  end = std::min(end, size());
  if (begin >= end) return summary;
  summary.count = static_cast<std::int64_t>(end - begin);
  // The first and the last finite value stand beside the gaps at the ends, if any.
  const auto gap = std::upper_bound(gaps_.begin(), gaps_.end(), begin,
                                    [](std::size_t index, const Gap& gap) { return index < gap.end; });
  std::size_t first = begin, last = end - 1;
  if (gap != gaps_.end() && gap->begin < end) {
    summary.broken = true;
    if (gap->begin <= begin) first = gap->end;
    if (first >= end) return summary;
    const auto behind = std::lower_bound(gap, gaps_.end(), end,
                                         [](const Gap& gap, std::size_t index) { return gap.begin < index; });
    if ((behind - 1)->end >= end) last = (behind - 1)->begin - 1;
  }
  summary.any = true;
  summary.first = y_[first];
  summary.last = y_[last];
  const Extremes extremes = extremes_of(first, last + 1);
  summary.minimum = extremes.minimum;
  summary.maximum = extremes.maximum;
  return summary;
}

void Series::prefetch(std::size_t index) const {
  constexpr std::size_t kCacheLine = 64;
  // The whole group of kFanOut that holds the index, at every level.
  const auto fetch_group = [&index](const auto& values) {
    const std::size_t begin = std::min(index / kFanOut * kFanOut, values.size());
    const std::size_t end = std::min(begin + kFanOut, values.size());
    const auto* from = reinterpret_cast<const char*>(values.data() + begin);
    const auto* to = reinterpret_cast<const char*>(values.data() + end);
    for (; from < to; from += kCacheLine) __builtin_prefetch(from);
    index /= kFanOut;
  };
  fetch_group(y_);
  for (const std::vector<Extremes>& blocks : levels_) fetch_group(blocks);
}

/// From the samples up: at each level what sticks out of the next level's blocks at both ends, until nothing
/// is left between them.
Series::Extremes Series::extremes_of(std::size_t begin, std::size_t end) const {
  Extremes extremes{kInfinity, -kInfinity};
  const auto take = [&](std::size_t level, std::size_t from, std::size_t to) {
    if (level == 0) {
      include_samples(extremes, y_.data() + from, y_.data() + to);
    } else {
      include_blocks(extremes, levels_[level - 1].data() + from, levels_[level - 1].data() + to);
    }
  };
  for (std::size_t level = 0;; ++level) {
    const std::size_t above_begin = (begin + kFanOut - 1) / kFanOut, above_end = end / kFanOut;
    if (above_begin >= above_end) {
      take(level, begin, end);
      return extremes;
    }
    take(level, begin, above_begin * kFanOut);
    take(level, above_end * kFanOut, end);
    begin = above_begin;
    end = above_end;
  }
}

}  // namespace grokscope
