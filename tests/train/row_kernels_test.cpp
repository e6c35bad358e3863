// The row kernels of every instruction set this processor has, against plain sums in double: a training meets
// only the fastest set.
#include <gtest/gtest.h>

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
