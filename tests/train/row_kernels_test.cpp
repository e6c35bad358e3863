// The row kernels of every instruction set this processor has, against plain sums in double: a training meets
// only the fastest set.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/random.h"
#include "train/kernels/rows.h"
#include "train/kernels/transpose.h"

namespace grokscope::fused {
namespace {

constexpr std::int64_t kStride = 7 * kLanes;

std::vector<float> random_floats(RandomStream& random, std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

TEST(RowKernels, AreSeveralSetsOnThisKindOfProcessor) {
  EXPECT_STREQ(row_kernel_sets().back().name, "baseline");
  EXPECT_STREQ(row_kernel_sets().front().name, row_kernels_name());
}

/// Rows of a block with three heads' or more tables, some of them in the run.
struct MixCase {
  MixCase(std::uint64_t seed, std::int64_t heads, std::int64_t count)
      : random(seed, "mix"),
        rows(random_floats(random, 12 * kStride)),
        table(random_floats(random, heads * kStride)),
        weights(random_floats(random, 12 * heads)),
        gradient(random_floats(random, heads * kStride)),
        columns(random_floats(random, kStride)),
        dots(static_cast<std::size_t>(12 * heads)) {
    for (const std::int64_t row : random.permutation(12)) {
      if (static_cast<std::int64_t>(chosen.size()) < count) chosen.push_back(static_cast<std::int32_t>(row));
    }
    run = {chosen.data(), count, heads, kStride, table.data(), weights.data()};
  }
  double weight(std::int32_t row, std::int64_t head) const { return weights[row * run.heads + head]; }

  RandomStream random;
  std::vector<float> rows, table, weights, gradient, columns, dots;
  std::vector<std::int32_t> chosen;
  MixRun run;
};

TEST(RowKernels, MixForwardAddsWeightedTables) {
  for (const RowKernelSet& set : row_kernel_sets()) {
    for (const std::int64_t heads : {1, 3, 4, 6, 8}) {
      MixCase mix(static_cast<std::uint64_t>(heads), heads, 7);
      const std::vector<float> base = random_floats(mix.random, kStride), before = mix.rows;
      set.kernels.mix_forward(mix.run, base.data(), mix.rows.data(), 5 * kLanes, 2 * kLanes);
      for (const std::int32_t row : mix.chosen) {
        for (std::int64_t f = 0; f < 5 * kLanes; ++f) {
          double expected = base[f];
          for (std::int64_t h = 0; h < heads; ++h)
            expected += mix.weight(row, h) * mix.table[h * kStride + f];
          if (f < 2 * kLanes) expected = std::max(expected, 0.0);
          ASSERT_NEAR(mix.rows[row * kStride + f], expected, 1e-5) << set.name << ", heads " << heads;
        }
        EXPECT_EQ(mix.rows[row * kStride + 5 * kLanes], before[row * kStride + 5 * kLanes]);
      }
    }
  }
}

TEST(RowKernels, MixBackwardIsItsTranspose) {
  for (const RowKernelSet& set : row_kernel_sets()) {
    for (const std::int64_t heads : {1, 3, 4, 6, 8}) {
      for (const bool starts : {false, true}) {
        MixCase mix(static_cast<std::uint64_t>(heads), heads, 7);
        const std::vector<float> gradient = mix.gradient, columns = mix.columns;
        set.kernels.mix_backward(mix.run, mix.rows.data(), 5 * kLanes, starts, mix.gradient.data(),
                                 starts ? nullptr : mix.columns.data(), mix.dots.data());
        for (std::int64_t f = 0; f < 5 * kLanes; ++f) {
          double column = columns[f];
          for (const std::int32_t row : mix.chosen) column += starts ? 0.0 : mix.rows[row * kStride + f];
          ASSERT_NEAR(mix.columns[f], column, 1e-5) << set.name << ", heads " << heads;
          for (std::int64_t h = 0; h < heads; ++h) {
            double expected = starts ? 0.0 : gradient[h * kStride + f];
            for (const std::int32_t row : mix.chosen)
              expected += mix.weight(row, h) * mix.rows[row * kStride + f];
            ASSERT_NEAR(mix.gradient[h * kStride + f], expected, 1e-5) << set.name << ", heads " << heads;
          }
        }
        for (const std::int32_t row : mix.chosen) {
          for (std::int64_t h = 0; h < heads; ++h) {
            const double expected = std::inner_product(mix.rows.begin() + row * kStride,
                                                       mix.rows.begin() + row * kStride + 5 * kLanes,
                                                       mix.table.begin() + h * kStride, 0.0);
            ASSERT_NEAR(mix.dots[row * heads + h], expected, 1e-4) << set.name << ", heads " << heads;
          }
        }
      }
    }
  }
}

TEST(RowKernels, MultiplyThroughReluKeepsWhatIsPositive) {
  constexpr std::int64_t kInner = 9, kLeft = 11;
  for (const RowKernelSet& set : row_kernel_sets()) {
    for (const std::int64_t width : {kLanes, 3 * kLanes, 6 * kLanes}) {
      for (std::int64_t count = 0; count <= 14; ++count) {
        RandomStream random(static_cast<std::uint64_t>(width * 100 + count), "product");
        const std::vector<float> left = random_floats(random, 14 * kLeft),
                                 right = random_floats(random, kInner * kStride),
                                 before = random_floats(random, 14 * kStride);
        std::vector<float> rows = before;
        set.kernels.multiply_through_relu(
            {count, width, kInner, left.data(), kLeft, right.data(), kStride, rows.data(), kStride});
        for (std::int64_t i = 0; i < 14; ++i) {
          for (std::int64_t f = 0; f < kStride; ++f) {
            double expected = before[i * kStride + f];
            if (i < count && f < width) {
              double sum = 0.0;
              for (std::int64_t k = 0; k < kInner; ++k) sum += left[i * kLeft + k] * right[k * kStride + f];
              expected = expected > 0.0 ? sum : 0.0;
            }
            ASSERT_NEAR(rows[i * kStride + f], expected, 1e-5)
                << set.name << ", " << count << " rows, row " << i << ", column " << f;
          }
        }
      }
    }
  }
}

/// Around zero, on both sides of every border between two formulas, and where everything is 0 or 1.
std::vector<double> places_of_a_curve() {
  std::vector<double> places;
  for (double u = -45.0; u < 45.0; u += 0.0137) places.push_back(u);
  for (double u = 1e-12; u < 1.0; u *= 1.7) places.insert(places.end(), {u, -u});
  places.insert(places.end(), {0.0, 800.0, -800.0});
  places.resize(places.size() / kLanes * kLanes);
  return places;
}

double activated_by_hand(Activation activation, double u) {
  switch (activation) {
    case Activation::relu:
      return std::max(u, 0.0);
    case Activation::gelu:
      return 0.5 * u * std::erfc(-u / std::sqrt(2.0));
    case Activation::tanh:
      return std::tanh(u);
    case Activation::quadratic:
      return u * u;
    case Activation::silu:
      return u / (1.0 + std::exp(-u));
  }
  return 0.0;
}

double slope_by_hand(Activation activation, double u) {
  const double share = 1.0 / (1.0 + std::exp(-u));
  switch (activation) {
    case Activation::relu:
      return u > 0.0 ? 1.0 : 0.0;
    case Activation::gelu:
      return 0.5 * std::erfc(-u / std::sqrt(2.0)) + u * std::exp(-0.5 * u * u) / std::sqrt(2.0 * M_PI);
    case Activation::tanh:
      return 1.0 - std::tanh(u) * std::tanh(u);
    case Activation::quadratic:
      return 2.0 * u;
    case Activation::silu:
      return share * (1.0 + u * (1.0 - share));
  }
  return 0.0;
}

TEST(RowKernels, ActivationsInDoubleAreExactToRounding) {
  const std::vector<double> places = places_of_a_curve();
  const auto count = static_cast<std::int64_t>(places.size());
  const std::vector<double> ones(places.size(), 1.0);
  std::vector<double> values(places.size()), slopes(places.size());
  for (const RowKernelSet& set : row_kernel_sets()) {
    for (const Activation activation :
         {Activation::relu, Activation::gelu, Activation::tanh, Activation::quadratic, Activation::silu}) {
      set.in_double.activate(activation, places.data(), values.data(), count);
      set.in_double.activate_backward(activation, places.data(), ones.data(), slopes.data(), count);
      for (std::size_t i = 0; i < places.size(); ++i) {
        const double u = places[i], wanted = activated_by_hand(activation, u);
        // The tail of gelu: u² is rounded before it is an exponent.
        ASSERT_NEAR(values[i], wanted, (8.0 + u * u) * 2.2e-16 * std::abs(wanted) + 1e-300)
            << set.name << ", u " << u << ", activation " << static_cast<int>(activation);
        ASSERT_NEAR(slopes[i], slope_by_hand(activation, u), 2e-15 * std::max(1.0, std::abs(u)))
            << set.name << ", u " << u << ", activation " << static_cast<int>(activation);
      }
    }
  }
}

TEST(RowKernels, LossesInDoubleAreExactToRounding) {
  for (const RowKernelSet& set : row_kernel_sets()) {
    for (const std::int64_t classes : {2, 7, 8, 9, 16, 17, 30}) {
      RandomStream random(static_cast<std::uint64_t>(classes), "losses in double");
      const auto room = static_cast<std::size_t>((classes + kLanes - 1) / kLanes * kLanes);
      std::vector<double> logits(room), gradient(room), vector(room);
      for (double& logit : logits) logit = 5.0 * random.normal();
      for (double& number : vector) number = random.normal();
      const auto target = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(classes)));
      const auto largest = std::max_element(logits.begin(), logits.begin() + classes);
      double total = 0.0, squares = 0.0, distance = 0.0;
      for (std::int64_t k = 0; k < classes; ++k) {
        total += std::exp(logits[k] - logits[target]);
        squares += std::pow(logits[k] - (k == target ? 1.0 : 0.0), 2) / static_cast<double>(classes);
        distance += std::pow(logits[k] - vector[k], 2) / static_cast<double>(classes);
      }
      const RowLoss entropy =
          set.in_double.cross_entropy(logits.data(), classes, target, 0.25, gradient.data());
      EXPECT_NEAR(entropy.loss, std::log(total), 1e-14 * std::max(1.0, std::log(total))) << set.name;
      EXPECT_EQ(entropy.right, largest - logits.begin() == target) << set.name;
      for (std::int64_t k = 0; k < classes; ++k) {
        const double share = std::exp(logits[k] - logits[target]) / total;
        EXPECT_NEAR(gradient[k], 0.25 * (share - (k == target ? 1.0 : 0.0)), 1e-15) << set.name;
      }
      const RowLoss squared =
          set.in_double.squared_error(logits.data(), classes, target, 0.25, gradient.data());
      EXPECT_NEAR(squared.loss, squares, 1e-14 * squares) << set.name;
      EXPECT_NEAR(gradient[target], 0.5 * (logits[target] - 1.0) / static_cast<double>(classes), 1e-15);
      const RowLoss apart =
          set.in_double.squared_distance(logits.data(), classes, vector.data(), 0.25, gradient.data());
      EXPECT_NEAR(apart.loss, distance, 1e-14 * distance) << set.name;
      EXPECT_NEAR(gradient[0], 0.5 * (logits[0] - vector[0]) / static_cast<double>(classes), 1e-15);
      for (std::size_t k = static_cast<std::size_t>(classes); k < room; ++k) EXPECT_EQ(gradient[k], 0.0);
    }
  }
}

TEST(RowKernels, TransposeOfAnyShape) {
  RandomStream random(1, "transpose");
  for (const auto& [rows, columns] : {std::pair{1, 1}, {3, 5}, {4, 4}, {16, 8}, {17, 9}, {35, 22}}) {
    const std::vector<float> from = random_floats(random, rows * 30);
    std::vector<float> to(static_cast<std::size_t>(columns * 40), -7.0f);
    transpose(rows, columns, from.data(), 30, to.data(), 40);
    for (std::int64_t k = 0; k < columns; ++k) {
      for (std::int64_t i = 0; i < 40; ++i)
        ASSERT_EQ(to[k * 40 + i], i < rows ? from[i * 30 + k] : -7.0f) << rows << " x " << columns;
    }
  }
}

}  // namespace
}  // namespace grokscope::fused
