// Parallelograms of the toy adder: quadruples of tokens with i + j = m + n, and how well embeddings keep
// them. Definitions of Liu et al. 2022, "Towards understanding grokking: an effective theory of
// representation learning" (section 3.1, toy/train_add.py). Pure functions of plain numbers; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace grokscope::theory {

/// An unordered pair of tokens, first <= second.
struct TokenPair {
  std::int64_t first = 0, second = 0;
  bool operator==(const TokenPair&) const = default;
};

/// Two different unordered pairs of the same sum: E_i + E_j should equal E_m + E_n.
struct Parallelogram {
  TokenPair left, right;
};

/// Embeddings of tokens 0 .. tokens-1, row-major (token, width).
struct Embeddings {
  std::span<const double> values;
  std::int64_t tokens = 0, width = 1;
};

/// All p (p + 1) / 2 unordered pairs of 0 .. p-1.
std::vector<TokenPair> all_pairs(std::int64_t p);

/// P_0(D): every unordered parallelogram whose two sides are both in `pairs` (each pair given once). With
/// all_pairs(p): all permissible ones, P_0; 70 of them for p = 10.
std::vector<Parallelogram> parallelograms_of(std::span<const TokenPair> pairs);

/// Each width's mean 0, all numbers together of variance 1 as torch.std() counts it, with n - 1 (a point set
/// of one place stays at 0).
std::vector<double> normalised(const Embeddings& embeddings);

constexpr double kParallelogramThreshold = 0.01;  ///< of |E_i + E_j - E_m - E_n|², of the paper's code

/// RQI: the share of all permissible parallelograms that the normalised embeddings keep, 0 .. 1.
double representation_quality(const Embeddings& embeddings, double threshold = kParallelogramThreshold);

/// The accuracy that the representation allows: the share of all unordered pairs that are in `training`, or
/// form a kept parallelogram with a training pair.
double predicted_accuracy(const Embeddings& embeddings, std::span<const TokenPair> training,
                          double threshold = kParallelogramThreshold);

}  // namespace grokscope::theory
