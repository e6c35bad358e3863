// The effective loss, its gradient and flow, its Hessian and the critical fraction against closed forms.
#include "theory/effective_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/random.h"
#include "theory/symmetric.h"

namespace grokscope::theory {
namespace {

std::vector<double> random_points(std::int64_t tokens, std::uint64_t seed) {
  RandomStream random(seed, "effective loss test");
  std::vector<double> E;
  for (std::int64_t i = 0; i < tokens; ++i) E.push_back(random.uniform() - 0.5);
  return E;
}

double sum_of(const std::vector<double>& E) {
  return std::accumulate(E.begin(), E.end(), 0.0);
}

double squares_of(const std::vector<double>& E) {
  return std::inner_product(E.begin(), E.end(), E.begin(), 0.0);
}

TEST(SymmetricEigenvalues, OfKnownMatrices) {
  const auto two = symmetric_eigenvalues({2, 1, 1, 2}, 2);
  EXPECT_NEAR(two[0], 1.0, 1e-12);
  EXPECT_NEAR(two[1], 3.0, 1e-12);
  // The path of n points: 2 - 2 cos(pi k / n), k = 0 .. n - 1.
  const std::int64_t n = 9;
  std::vector<double> path(static_cast<std::size_t>(n * n), 0.0);
  for (std::int64_t i = 0; i + 1 < n; ++i) {
    path[static_cast<std::size_t>(i * n + i)] += 1;
    path[static_cast<std::size_t>((i + 1) * n + i + 1)] += 1;
    path[static_cast<std::size_t>(i * n + i + 1)] -= 1;
    path[static_cast<std::size_t>((i + 1) * n + i)] -= 1;
  }
  const auto values = symmetric_eigenvalues(path, n);
  for (std::int64_t k = 0; k < n; ++k)
    EXPECT_NEAR(values[static_cast<std::size_t>(k)],
                2.0 - 2.0 * std::cos(M_PI * static_cast<double>(k) / static_cast<double>(n)), 1e-10);
}

TEST(EffectiveLoss, ByHand) {
  const auto P0 = parallelograms_of(all_pairs(3));  // 0 + 2 = 1 + 1
  const std::vector<double> E = {1, 2, 5};
  EXPECT_NEAR(effective_loss(E, P0), (1.0 + 5 - 4) * (1.0 + 5 - 4) / (1 * 30.0), 1e-14);
  EXPECT_EQ(effective_loss(E, {}), 0.0);
}

TEST(EffectiveLoss, GradientIsThatOfTheLoss) {
  const auto P0 = parallelograms_of(all_pairs(7));
  std::vector<double> E = random_points(7, 1);
  const auto gradient = effective_gradient(E, P0);
  for (std::size_t i = 0; i < E.size(); ++i) {
    const double here = E[i], h = 1e-6;
    E[i] = here + h;
    const double above = effective_loss(E, P0);
    E[i] = here - h;
    const double below = effective_loss(E, P0);
    E[i] = here;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * h), 1e-7);
  }
}

TEST(EffectiveFlow, KeepsTheNormAndEndsOnALine) {
  const auto P0 = parallelograms_of(all_pairs(10));
  std::vector<double> start = random_points(10, 2);
  const double mean = sum_of(start) / 10.0;
  for (double& value : start) value -= mean;  // with mean 0 the sum is kept, too
  const double rate = grokking_rate(P0, 10, squares_of(start));
  const auto end = effective_flow(start, P0, 40.0 / rate, 4000);
  EXPECT_NEAR(squares_of(end), squares_of(start), 1e-9);
  EXPECT_NEAR(sum_of(end), 0.0, 1e-9);
  EXPECT_LT(effective_loss(end, P0), 1e-12);
  EXPECT_EQ(representation_quality({end, 10, 1}), 1.0);
  EXPECT_LT(representation_quality({start, 10, 1}), 0.5);
}

TEST(EffectiveFlow, CloseToALineTheSlowestPartShrinksAsTheGrokkingRateSays) {
  const auto P0 = parallelograms_of(all_pairs(6));
  std::vector<double> E = {-2.5, -1.5, -0.5, 0.5, 1.5, 2.5};
  const double rate = grokking_rate(P0, 6, squares_of(E));
  EXPECT_GT(rate, 0.0);
  const auto noise = random_points(6, 3);
  for (std::size_t i = 0; i < E.size(); ++i) E[i] += 1e-3 * noise[i];
  // Long enough that only the slowest part is left, then its decay: the loss falls as exp(-2 rate t).
  const auto first = effective_flow(E, P0, 8.0 / rate, 4000);
  const auto second = effective_flow(first, P0, 1.0 / rate, 1000);
  EXPECT_NEAR(std::log(effective_loss(first, P0) / effective_loss(second, P0)), 2.0, 0.02);
}

TEST(Hessian, OfOneParallelogram) {
  // AᵀA of (1, -2, 1) has the eigenvalues 0, 0, 6; H = 2 / (1 · |E|²) of it.
  const auto P0 = parallelograms_of(all_pairs(3));
  const auto values = hessian_eigenvalues(P0, 3, 4.0);
  EXPECT_NEAR(values[0], 0.0, 1e-12);
  EXPECT_NEAR(values[1], 0.0, 1e-12);
  EXPECT_NEAR(values[2], 3.0, 1e-12);
  EXPECT_NEAR(grokking_rate(P0, 3, 4.0), 3.0, 1e-12);
  EXPECT_EQ(nullity(P0, 3), 2);
}

TEST(Nullity, CountsTheTokensThatNothingHolds) {
  EXPECT_EQ(nullity({}, 10), 10);
  EXPECT_EQ(nullity(parallelograms_of(all_pairs(10)), 10), 2);
  // Tokens 0 to 4 on a line, 5 to 9 free of them and of each other.
  EXPECT_EQ(nullity(parallelograms_of(all_pairs(5)), 10), 2 + 5);
  EXPECT_EQ(grokking_rate(parallelograms_of(all_pairs(5)), 10, 1.0), 0.0);
}

TEST(CriticalFraction, IsAboutTheOneOfThePaper) {
  const double fraction = critical_fraction(10, 200, 0);
  RecordProperty("critical_fraction", std::to_string(fraction));
  EXPECT_NEAR(fraction, 0.4, 0.06);  // r_c ≈ 0.4 for p = 10 (section 3.3)
  EXPECT_EQ(fraction, critical_fraction(10, 200, 0));
}

}  // namespace
}  // namespace grokscope::theory
