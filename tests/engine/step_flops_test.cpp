// The arithmetic of a step against counts made by hand.
#include "engine/step_flops.h"

#include <gtest/gtest.h>

#include "config/presets.h"

namespace grokscope {
namespace {

/// An MLP with 2 hidden layers of 3 on 5 pixels, 4 classes, 7 images: multiply-adds forward 7·(5·3 + 3·3 +
/// 3·4) = 252; backward twice that, without the pixels' gradient 7·5·3 = 105. Two operations each.
TEST(StepFlops, MlpOnImages) {
  RunConfig config;
  config.model.kind = "mlp";
  config.model.depth = 2;
  config.model.width = 3;
  const StepShape shape{.examples = 7, .classes = 4, .pixels = 5};
  EXPECT_EQ(step_flops(config, shape, Arithmetic::plain).total(), 2 * (3 * 252 - 105));
  EXPECT_EQ(step_flops(config, shape, Arithmetic::tables).total(), 2 * (3 * 252 - 105));
}

/// p = 97, width 500, 4610 pairs: 4610·500·97 multiply-adds, forward and twice backward; rows: 4610·500
/// additions forward, twice that backward.
TEST(StepFlops, QuadraticNetwork) {
  const Preset* gromov = find_preset("gromov-2023");
  ASSERT_NE(gromov, nullptr);
  const StepFlops flops =
      step_flops(gromov->config, {.examples = 4610, .tokens = 97, .classes = 97}, Arithmetic::tables);
  EXPECT_EQ(flops.multiplies, 2.0 * 3 * 4610 * 500 * 97);
  EXPECT_EQ(flops.rows, 3.0 * 4610 * 500);
}

/// The published transformer. With tables, multiply-adds: neurons to logits 3830·512·113; token tables
/// 227·128·128 (values) + 128·128·625 (W_O·[W_in | W_U]) + 227·128·625 + 128·625 (the residual of =) +
/// 512·128·113 (W_L) + 2·128·128 (query and keys). All three times, two operations each.
TEST(StepFlops, TransformerWithTables) {
  const Preset* nanda = find_preset("nanda-2023");
  ASSERT_NE(nanda, nullptr);
  const StepFlops flops =
      step_flops(nanda->config, {.examples = 3830, .tokens = 113, .classes = 113}, Arithmetic::tables);
  const double by_hand = 3830.0 * 512 * 113 + 227.0 * 128 * 128 + 128.0 * 128 * 625 + 227.0 * 128 * 625 +
                         128.0 * 625 + 512.0 * 128 * 113 + 2.0 * 128 * 128;
  EXPECT_DOUBLE_EQ(flops.multiplies, 2 * 3 * by_hand);
  EXPECT_NEAR(1e-9 * flops.multiplies, 1.57, 0.01);
  // 8 rows of 625 mixed forward; the same into gradients and for dot products.
  EXPECT_EQ(flops.rows, 3.0 * 2 * 3830 * 8 * 625);
}

/// Every position of every example: 4·128² + 2·3·128 for attention, 2·128·512 for the MLP, at 3 positions,
/// and 128·113 once: 14 GFLOP (design.md §6.1).
TEST(StepFlops, TransformerAsAFrameworkDoesIt) {
  const Preset* nanda = find_preset("nanda-2023");
  ASSERT_NE(nanda, nullptr);
  const double flops =
      step_flops(nanda->config, {.examples = 3830, .tokens = 113, .classes = 113}, Arithmetic::plain).total();
  const double position = 4.0 * 128 * 128 + 2.0 * 3 * 128 + 2.0 * 128 * 512;
  EXPECT_DOUBLE_EQ(flops, 2.0 * 3 * 3830 * (3 * position + 128.0 * 113));
  EXPECT_NEAR(1e-9 * flops, 14, 0.2);
}

/// Two layers with LayerNorm have no tables: both ways of counting agree.
TEST(StepFlops, DeepTransformerCountsAsPlain) {
  const Preset* power = find_preset("power-2022-division");
  ASSERT_NE(power, nullptr);
  const StepShape shape{.examples = 512, .tokens = 97, .classes = 97};
  EXPECT_EQ(step_flops(power->config, shape, Arithmetic::tables).total(),
            step_flops(power->config, shape, Arithmetic::plain).total());
}

}  // namespace
}  // namespace grokscope
