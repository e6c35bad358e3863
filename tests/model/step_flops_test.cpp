// The arithmetic of a step against counts made by hand.
#include "model/step_flops.h"

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
  const StepShape shape{.examples = 7, .outputs = 4, .features = 5};
  EXPECT_EQ(step_flops(config, shape, Arithmetic::plain).total(), 2 * (3 * 252 - 105));
  EXPECT_EQ(step_flops(config, shape, Arithmetic::tables).total(), 2 * (3 * 252 - 105));
}

/// k = 2 on 3 rows of 9 numbers, 5 classes. Multiply-adds forward: 9 positions of 3·1·2 taps, 9 of 3·2·4, 4
/// of 3·4·8, 2 of 3·8·16, and 16·5 of the readout; three times, but for the rows' own gradient.
TEST(StepFlops, ConvolutionsOnRows) {
  RunConfig config;
  config.model.kind = "cnn1d";
  config.model.width = 2;
  const StepFlops flops = step_flops(config, {.examples = 3, .outputs = 5, .features = 9}, Arithmetic::plain);
  const double first = 9 * 6, rest = 9 * 24 + 4 * 96 + 2 * 384 + 16 * 5;
  EXPECT_EQ(flops.total(), 2.0 * 3 * (2 * first + 3 * rest));
}

/// k = 1 on an image of 8 x 8 in 3 channels: 64 pixels of 9·3, 64 of 9·2, 16 of 9·2·4, 4 of 9·4·8, 8·10.
TEST(StepFlops, ConvolutionsOnImages) {
  RunConfig config;
  config.model.kind = "cnn";
  config.model.width = 1;
  const StepShape shape{.examples = 1, .outputs = 10, .features = 192, .channels = 3};
  EXPECT_EQ(step_flops(config, shape, Arithmetic::plain).total(),
            2.0 * (2 * 64 * 27 + 3 * (64 * 18 + 16 * 72 + 4 * 288 + 80)));
  config.model.kind = "resnet18";
  const double stages = 64 * 36 + 16 * (18 + 2 + 3 * 36) + 4 * (72 + 8 + 3 * 144) + 1 * (288 + 32 + 3 * 576);
  EXPECT_EQ(step_flops(config, shape, Arithmetic::plain).total(), 2.0 * (2 * 64 * 27 + 3 * (stages + 80)));
}

/// p = 97, width 500, 4610 pairs: 4610·500·97 multiply-adds, forward and twice backward; rows: 4610·500
/// additions forward, twice that backward.
TEST(StepFlops, QuadraticNetwork) {
  const Preset* gromov = find_preset("gromov-2023");
  ASSERT_NE(gromov, nullptr);
  const StepFlops flops =
      step_flops(gromov->config, {.examples = 4610, .tokens = 97, .outputs = 97}, Arithmetic::tables);
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
      step_flops(nanda->config, {.examples = 3830, .tokens = 113, .outputs = 113}, Arithmetic::tables);
  const double by_hand = 3830.0 * 512 * 113 + 227.0 * 128 * 128 + 128.0 * 128 * 625 + 227.0 * 128 * 625 +
                         128.0 * 625 + 512.0 * 128 * 113 + 2.0 * 128 * 128;
  EXPECT_DOUBLE_EQ(flops.multiplies, 2 * 3 * by_hand);
  EXPECT_NEAR(1e-9 * flops.multiplies, 1.57, 0.01);
  // 8 rows of 625 mixed forward; the same into gradients and for dot products.
  EXPECT_EQ(flops.rows, 3.0 * 2 * 3830 * 8 * 625);
}

/// Every position of every example: 4·128² + 2·3·128 for attention, 2·128·512 for the MLP, at 3 positions,
/// and 128·113 once: 14 GFLOP.
TEST(StepFlops, TransformerAsAFrameworkDoesIt) {
  const Preset* nanda = find_preset("nanda-2023");
  ASSERT_NE(nanda, nullptr);
  const double flops =
      step_flops(nanda->config, {.examples = 3830, .tokens = 113, .outputs = 113}, Arithmetic::plain).total();
  const double position = 4.0 * 128 * 128 + 2.0 * 3 * 128 + 2.0 * 128 * 512;
  EXPECT_DOUBLE_EQ(flops, 2.0 * 3 * 3830 * (3 * position + 128.0 * 113));
  EXPECT_NEAR(1e-9 * flops, 14, 0.2);
}

/// Two layers with LayerNorm have no tables: both ways of counting agree.
TEST(StepFlops, DeepTransformerCountsAsPlain) {
  const Preset* power = find_preset("power-2022-division");
  ASSERT_NE(power, nullptr);
  const StepShape shape{.examples = 512, .tokens = 97, .outputs = 97};
  EXPECT_EQ(step_flops(power->config, shape, Arithmetic::tables).total(),
            step_flops(power->config, shape, Arithmetic::plain).total());
}

/// 5 texts of 7 positions, 11 words of 3 numbers, 2 layers of 4: gates 4·4 = 16. Plain, multiply-adds
/// forward: first 35·3·16, recurrent 2·35·4·16, between 35·4·16; with tables the first layer is 11·3·16.
TEST(StepFlops, LstmOnTexts) {
  RunConfig config;
  config.model.kind = "lstm";
  config.model.depth = 2;
  config.model.width = 4;
  config.model.embedding_width = 3;
  const StepShape shape{.examples = 5, .tokens = 11, .outputs = 2, .positions = 7};
  const double deep = 3.0 * 35 * 4 * 16;
  EXPECT_EQ(step_flops(config, shape, Arithmetic::plain).total(), 2 * 3 * (deep + 35.0 * 3 * 16));
  EXPECT_EQ(step_flops(config, shape, Arithmetic::tables).total(), 2 * 3 * (deep + 11.0 * 3 * 16));
}

/// 2 graphs of 3 nodes with 5 features, 2 kinds of edges, width 4, 1 output. Convolutions 5 -> 4 and 4 -> 2.
TEST(StepFlops, GraphNetwork) {
  RunConfig config;
  config.model.kind = "graph";
  config.model.width = 4;
  const StepShape shape{.examples = 2, .outputs = 1, .nodes = 3, .node_features = 5, .edge_kinds = 2};
  const double first = 6.0 * 5 * 4 * 3 + 6.0 * 3 * 2 * 4 + 2.0 * 32 * 20;
  const double second = 6.0 * 4 * 2 * 3 + 6.0 * 3 * 2 * 2 + 2.0 * 32 * 8;
  const double dense = 2.0 * 2 * 4 + 2.0 * 4 * 1;
  EXPECT_EQ(step_flops(config, shape, Arithmetic::plain).total(), 2 * 3 * (first + second + dense));
}

/// 7 sums, embeddings of 3, 2 hidden layers of 4, 5 outputs.
TEST(StepFlops, Adder) {
  RunConfig config;
  config.model.kind = "adder";
  config.model.depth = 2;
  config.model.width = 4;
  config.model.embedding_width = 3;
  EXPECT_EQ(step_flops(config, {.examples = 7, .outputs = 5}, Arithmetic::plain).total(),
            2 * 3 * 7.0 * (3 * 4 + 4 * 4 + 4 * 5));
}

}  // namespace
}  // namespace grokscope
