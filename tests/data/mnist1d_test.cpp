// MNIST-1D: 16 000 signals in all whatever the seed, and on the average those of the published recipe, which
// was computed a second time in NumPy (mnist1d_reference.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "data/dataset.h"
#include "data/mnist1d_reference.h"

namespace grokscope {
namespace {

constexpr std::int64_t kPlaces = 40;

std::shared_ptr<const Dataset> mnist1d(std::uint64_t seed = 0, std::int64_t test_size = 0,
                                       double label_noise = 0.0) {
  TaskConfig task;
  task.kind = "mnist1d";
  task.test_size = test_size;
  task.label_noise = label_noise;
  const auto made = make_dataset(task, seed);
  EXPECT_TRUE(made) << made.error().message;
  return made ? *made : nullptr;
}

/// (signal of that digit, place) float64
at::Tensor signals_of(const Dataset& data, std::int64_t digit) {
  return rows_of_numbers(data.inputs)
      .to(at::kDouble)
      .index_select(0, data.targets.eq(digit).nonzero().view(-1));
}

TEST(Mnist1d, HasSixteenThousandSignalsOfTenDigits) {
  const auto data = mnist1d();
  EXPECT_EQ(data->title, "MNIST-1D");
  EXPECT_EQ(data->pool_size, 4000);
  EXPECT_EQ(data->held_out, 12'000);
  EXPECT_EQ(data->class_count, 10);
  EXPECT_EQ(data->class_names[7], "7");
  const at::Tensor rows = rows_of_numbers(data->inputs);
  EXPECT_EQ(rows.sizes(), (at::IntArrayRef{16'000, kPlaces}));
  EXPECT_NEAR(rows.to(at::kDouble).mean().item<double>(), 0.0, 1e-6);
  EXPECT_NEAR(rows.to(at::kDouble).std(/*unbiased=*/false).item<double>(), 1.0, 1e-6);
  for (std::int64_t digit = 0; digit < 10; ++digit) {
    EXPECT_EQ(data->targets.eq(digit).sum().item<std::int64_t>(), 1600) << digit;
    // Shuffled: 400 of them among the first 4000, up to chance.
    EXPECT_NEAR(data->targets.narrow(0, 0, 4000).eq(digit).sum().item<double>(), 400.0, 70.0) << digit;
  }
}

TEST(Mnist1d, LooksOnTheAverageAsTheRecipeInNumPy) {
  const auto data = mnist1d();
  for (std::int64_t digit = 0; digit < 10; ++digit) {
    const at::Tensor signals = signals_of(*data, digit);
    const at::Tensor mean = signals.mean(0).contiguous(), deviation = signals.std(0).contiguous();
    for (std::int64_t place = 0; place < kPlaces; ++place) {
      const double known = mnist1d_reference::kDeviation[digit][place];
      // Five standard errors of 1600 draws.
      EXPECT_NEAR(mean[place].item<double>(), mnist1d_reference::kMean[digit][place], 5.0 * known / 40.0)
          << digit << " at " << place;
      EXPECT_NEAR(deviation[place].item<double>() / known, 1.0, 0.08) << digit << " at " << place;
    }
    const at::Tensor rest = signals - mean;
    for (std::int64_t lag = 1; lag <= 8; ++lag) {
      const double product =
          (rest.narrow(1, lag, kPlaces - lag) * rest.narrow(1, 0, kPlaces - lag)).mean().item<double>();
      EXPECT_NEAR(product, mnist1d_reference::kProduct[digit][lag - 1], 0.03) << digit << " lag " << lag;
    }
  }
}

TEST(Mnist1d, IsTheSameForEverySeedButForItsNoise) {
  const auto one = mnist1d(1, 0, 0.2), other = mnist1d(2, 0, 0.2);
  EXPECT_TRUE(at::equal(rows_of_numbers(one->inputs), rows_of_numbers(other->inputs)));
  EXPECT_TRUE(at::equal(one->targets, other->targets));
  EXPECT_FALSE(at::equal(one->train_targets, other->train_targets));
  EXPECT_EQ(one->train_targets.ne(one->targets).sum().item<std::int64_t>(), 800);
  EXPECT_TRUE(at::equal(one->train_targets.narrow(0, 4000, 12'000), one->targets.narrow(0, 4000, 12'000)));
}

TEST(Mnist1d, FewerTestExamplesAreSomeOfAll) {
  const auto all = mnist1d(), some = mnist1d(5, 1500), same = mnist1d(6, 1500), most = mnist1d(0, 99'999);
  EXPECT_EQ(some->pool_size, 4000);
  EXPECT_EQ(some->held_out, 1500);
  EXPECT_EQ(most->held_out, 12'000);
  const at::Tensor rows = rows_of_numbers(some->inputs), of_all = rows_of_numbers(all->inputs);
  ASSERT_EQ(rows.size(0), 5500);
  EXPECT_TRUE(at::equal(rows, rows_of_numbers(same->inputs)));
  EXPECT_TRUE(at::equal(rows.narrow(0, 0, 4000), of_all.narrow(0, 0, 4000)));
  EXPECT_FALSE(at::equal(rows.narrow(0, 4000, 1500), of_all.narrow(0, 4000, 1500))) << "not just the first";
  std::int64_t found = 4000;  // each of them further on in all, with its label
  for (std::int64_t i = 4000; i < 5500; ++i, ++found) {
    while (found < 16'000 && !at::equal(of_all[found], rows[i])) ++found;
    ASSERT_LT(found, 16'000) << i;
    EXPECT_EQ(all->targets[found].item<std::int64_t>(), some->targets[i].item<std::int64_t>());
  }
}

}  // namespace
}  // namespace grokscope
