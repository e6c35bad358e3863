// See effective_loss.h.
#include "theory/effective_loss.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "theory/symmetric.h"

namespace grokscope::theory {
namespace {

double squared_norm_of(std::span<const double> E) {
  double sum = 0.0;
  for (const double value : E) sum += value * value;
  return sum;
}

double gap_of(std::span<const double> E, const Parallelogram& one) {
  const auto at = [&](std::int64_t token) { return E[static_cast<std::size_t>(token)]; };
  return at(one.left.first) + at(one.left.second) - at(one.right.first) - at(one.right.second);
}

/// to += amount · (row of A)
void add_row(std::vector<double>& to, const Parallelogram& one, double amount) {
  to[static_cast<std::size_t>(one.left.first)] += amount;
  to[static_cast<std::size_t>(one.left.second)] += amount;
  to[static_cast<std::size_t>(one.right.first)] -= amount;
  to[static_cast<std::size_t>(one.right.second)] -= amount;
}

/// AᵀA, (token, token)
std::vector<double> gram_of(std::span<const Parallelogram> P0, std::int64_t tokens) {
  const auto n = static_cast<std::size_t>(tokens);
  std::vector<double> gram(n * n, 0.0);
  for (const Parallelogram& one : P0) {
    std::vector<double> row(n, 0.0);
    add_row(row, one, 1.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; row[i] != 0.0 && j < n; ++j) gram[i * n + j] += row[i] * row[j];
    }
  }
  return gram;
}

std::vector<double> moved(const std::vector<double>& from, const std::vector<double>& along, double by) {
  std::vector<double> to = from;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += by * along[i];
  return to;
}

}  // namespace

double effective_loss(std::span<const double> E, std::span<const Parallelogram> P0) {
  const double norm = squared_norm_of(E);
  if (P0.empty() || norm == 0.0) return 0.0;
  double sum = 0.0;
  for (const Parallelogram& one : P0) sum += gap_of(E, one) * gap_of(E, one);
  return sum / (static_cast<double>(P0.size()) * norm);
}

std::vector<double> effective_gradient(std::span<const double> E, std::span<const Parallelogram> P0) {
  std::vector<double> gradient(E.size(), 0.0);
  const double norm = squared_norm_of(E);
  if (P0.empty() || norm == 0.0) return gradient;
  const double scale = 2.0 / (static_cast<double>(P0.size()) * norm);
  for (const Parallelogram& one : P0) add_row(gradient, one, scale * gap_of(E, one));
  const double loss = effective_loss(E, P0);
  for (std::size_t i = 0; i < E.size(); ++i) gradient[i] -= 2.0 * loss * E[i] / norm;
  return gradient;
}

std::vector<double> effective_flow(std::vector<double> E, std::span<const Parallelogram> P0, double time,
                                   std::int64_t steps) {
  const double h = -time / static_cast<double>(std::max<std::int64_t>(steps, 1));  // downhill
  for (std::int64_t step = 0; step < steps; ++step) {
    const std::vector<double> k1 = effective_gradient(E, P0);
    const std::vector<double> k2 = effective_gradient(moved(E, k1, h / 2), P0);
    const std::vector<double> k3 = effective_gradient(moved(E, k2, h / 2), P0);
    const std::vector<double> k4 = effective_gradient(moved(E, k3, h), P0);
    for (std::size_t i = 0; i < E.size(); ++i) E[i] += h / 6.0 * (k1[i] + 2.0 * (k2[i] + k3[i]) + k4[i]);
  }
  return E;
}

std::vector<double> hessian_eigenvalues(std::span<const Parallelogram> P0, std::int64_t tokens,
                                        double squared_norm) {
  std::vector<double> H = gram_of(P0, tokens);
  const double scale =
      P0.empty() || squared_norm <= 0.0 ? 0.0 : 2.0 / (static_cast<double>(P0.size()) * squared_norm);
  for (double& value : H) value *= scale;
  return symmetric_eigenvalues(H, tokens);
}

double grokking_rate(std::span<const Parallelogram> P0, std::int64_t tokens, double squared_norm) {
  const std::vector<double> values = hessian_eigenvalues(P0, tokens, squared_norm);
  if (values.size() < 3 || nullity(P0, tokens) > 2) return 0.0;
  return values[2];
}

std::int64_t nullity(std::span<const Parallelogram> P0, std::int64_t tokens) {
  // AᵀA is of whole numbers: its smallest eigenvalue that is not 0 is far above rounding.
  constexpr double kZero = 1e-7;
  const std::vector<double> values = symmetric_eigenvalues(gram_of(P0, tokens), tokens);
  return std::count_if(values.begin(), values.end(), [](double value) { return value < kZero; });
}

double critical_fraction(std::int64_t p, std::int64_t draws, std::uint64_t seed) {
  const std::vector<TokenPair> all = all_pairs(p);
  RandomStream random(seed, "critical_fraction");
  std::vector<std::int64_t> enough;  // of each order of the pairs, how many force a line
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    std::vector<TokenPair> order;
    for (const std::int64_t index : random.permutation(static_cast<std::int64_t>(all.size())))
      order.push_back(all[static_cast<std::size_t>(index)]);
    // More pairs never undo it, so the count can be found by halving.
    std::int64_t low = 1, high = static_cast<std::int64_t>(order.size());
    while (low < high) {
      const std::int64_t middle = (low + high) / 2;
      const auto P0 = parallelograms_of(std::span(order).first(static_cast<std::size_t>(middle)));
      if (nullity(P0, p) <= 2) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    enough.push_back(low);
  }
  if (enough.empty()) return std::nan("");
  const auto middle = enough.begin() + static_cast<std::ptrdiff_t>((enough.size() - 1) / 2);
  std::nth_element(enough.begin(), middle, enough.end());
  return static_cast<double>(*middle) / static_cast<double>(all.size());
}

}  // namespace grokscope::theory
