// See parallelograms.h.
#include "theory/parallelograms.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace grokscope::theory {
namespace {

std::map<std::int64_t, std::vector<TokenPair>> pairs_by_sum(std::span<const TokenPair> pairs) {
  std::map<std::int64_t, std::vector<TokenPair>> by_sum;
  for (const TokenPair& pair : pairs) by_sum[pair.first + pair.second].push_back(pair);
  return by_sum;
}

/// |E_i + E_j - E_m - E_n|²; `points` as normalised() gives them.
double gap_between(const std::vector<double>& points, std::int64_t width, const TokenPair& left,
                   const TokenPair& right) {
  double sum = 0.0;
  for (std::int64_t k = 0; k < width; ++k) {
    const auto at = [&](std::int64_t token) { return points[static_cast<std::size_t>(token * width + k)]; };
    const double gap = at(left.first) + at(left.second) - at(right.first) - at(right.second);
    sum += gap * gap;
  }
  return sum;
}

}  // namespace

std::vector<TokenPair> all_pairs(std::int64_t p) {
  std::vector<TokenPair> pairs;
  for (std::int64_t i = 0; i < p; ++i) {
    for (std::int64_t j = i; j < p; ++j) pairs.push_back({i, j});
  }
  return pairs;
}

std::vector<Parallelogram> parallelograms_of(std::span<const TokenPair> pairs) {
  std::vector<Parallelogram> found;
  for (const auto& [sum, sides] : pairs_by_sum(pairs)) {
    for (std::size_t a = 0; a < sides.size(); ++a) {
      for (std::size_t b = a + 1; b < sides.size(); ++b) found.push_back({sides[a], sides[b]});
    }
  }
  return found;
}

std::vector<double> normalised(const Embeddings& embeddings) {
  std::vector<double> points(embeddings.values.begin(), embeddings.values.end());
  const auto width = static_cast<std::size_t>(embeddings.width);
  double squares = 0.0;
  for (std::size_t k = 0; k < width; ++k) {
    double mean = 0.0;
    for (std::size_t i = k; i < points.size(); i += width) mean += points[i];
    mean /= static_cast<double>(embeddings.tokens);
    for (std::size_t i = k; i < points.size(); i += width) {
      points[i] -= mean;
      squares += points[i] * points[i];
    }
  }
  // torch.std(), which the published code divides by: n - 1 in the denominator.
  const double deviation =
      std::sqrt(squares / static_cast<double>((embeddings.tokens - 1) * embeddings.width));
  if (embeddings.tokens > 1 && deviation > 0.0) {
    for (double& point : points) point /= deviation;
  }
  return points;
}

double representation_quality(const Embeddings& embeddings, double threshold) {
  const std::vector<double> points = normalised(embeddings);
  const std::vector<Parallelogram> permissible = parallelograms_of(all_pairs(embeddings.tokens));
  if (permissible.empty()) return std::nan("");  // two tokens have no parallelogram
  const auto kept = std::count_if(permissible.begin(), permissible.end(), [&](const Parallelogram& one) {
    return gap_between(points, embeddings.width, one.left, one.right) < threshold;
  });
  return static_cast<double>(kept) / static_cast<double>(permissible.size());
}

double predicted_accuracy(const Embeddings& embeddings, std::span<const TokenPair> training,
                          double threshold) {
  const std::vector<double> points = normalised(embeddings);
  const auto known = pairs_by_sum(training);
  const std::vector<TokenPair> all = all_pairs(embeddings.tokens);
  const auto follows = [&](const TokenPair& pair) {
    const auto same_sum = known.find(pair.first + pair.second);
    if (same_sum == known.end()) return false;
    return std::any_of(same_sum->second.begin(), same_sum->second.end(), [&](const TokenPair& other) {
      return other == pair || gap_between(points, embeddings.width, pair, other) < threshold;
    });
  };
  const auto right = std::count_if(all.begin(), all.end(), follows);
  return all.empty() ? std::nan("") : static_cast<double>(right) / static_cast<double>(all.size());
}

}  // namespace grokscope::theory
