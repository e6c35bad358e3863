// The tangent kernel layer by layer against explicit gradients, alignment of kernels with a closed form, and
// the kernel probe on real networks.
#include "probe/kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "probe/kernel_similarity.h"
#include "probe/tangent_kernel.h"
#include "small_network.h"

namespace grokscope {
namespace {

using planted::mlp_config;
using planted::mlp_input;
using planted::value;

/// In float64, so that two ways of computing can be told from rounding.
ProbeInput doubled(ProbeInput input) {
  input.flat = input.flat.to(at::kDouble);
  return input;
}

/// (direction, class) unlike the unit vectors.
at::Tensor some_directions(std::int64_t classes) {
  return at::arange(2 * classes, at::kDouble).mul(0.7).sin().view({2, classes});
}

void expect_the_same_kernels(const ProbeInput& input) {
  const at::Tensor indices = at::arange(0, 60, 7, at::kLong);
  for (const at::Tensor& outputs : {at::eye(11, at::kDouble), some_directions(11)}) {
    const at::Tensor fast = layerwise_kernel(input, moment_of(input), indices, outputs);
    const at::Tensor slow = gradient_kernel(input, moment_of(input), indices, outputs);
    ASSERT_EQ(fast.sizes(), slow.sizes());
    EXPECT_GT(slow.norm().item<double>(), 0.0);
    EXPECT_LT((fast - slow).norm().item<double>(), 1e-12 * slow.norm().item<double>());
  }
}

TEST(TangentKernel, LayerByLayerIsWhatTheGradientsGive) {
  for (const char* activation : {"relu", "gelu", "tanh", "quadratic", "silu"}) {
    for (const char* reads : {"one_hot", "embedding"}) {
      for (const bool bias : {true, false}) {
        SCOPED_TRACE(std::string(activation) + " " + reads + (bias ? " with biases" : ""));
        RunConfig config = mlp_config(6, 3);
        config.model.activation = activation;
        config.model.input = reads;
        config.model.embedding_width = 4;
        config.model.bias = bias;
        expect_the_same_kernels(doubled(planted::network_input(config, planted::addition(11), 60)));
      }
    }
  }
}

TEST(TangentKernel, OfAnMlpOnRowsOfNumbers) {
  auto data = planted::addition(11);
  data->inputs = FeatureInputs{at::arange(121 * 5, at::kFloat).mul(0.31).sin().view({121, 5})};
  data->left_tokens = data->right_tokens = data->token_count = 0;
  expect_the_same_kernels(doubled(planted::network_input(mlp_config(6, 2), data, 60)));
}

TEST(TangentKernel, IsJTimesJTransposed) {
  // Gradients by central differences, one parameter at a time, of a network that has no layerwise kernel.
  RunConfig config = mlp_config(4, 1);
  config.model.kind = "quadratic";
  config.init.kind = "default";
  const ProbeInput input = doubled(planted::network_input(config, planted::addition(3), 5));
  ASSERT_FALSE(has_layerwise_kernel(input));
  const at::Tensor indices = at::arange(9, at::kLong);
  std::vector<at::Tensor> columns;  // of the Jacobian: (example, class)
  for (std::int64_t k = 0; k < input.flat.size(0); ++k) {
    at::Tensor above = input.flat.clone(), below = input.flat.clone();
    above[k] += 1e-5;
    below[k] -= 1e-5;
    const auto answers = [&](const at::Tensor& flat) {
      Batch batch;
      batch.inputs = input.data->inputs;
      return input.model->forward(views_of(input.model->layout(), flat), batch);
    };
    columns.push_back((answers(above) - answers(below)) / 2e-5);
  }
  const at::Tensor jacobian = at::stack(columns, 1).flatten(1);  // (example, parameter * class)
  const at::Tensor expected = at::mm(jacobian, jacobian.t());
  const at::Tensor found = tangent_kernel(input, moment_of(input), indices, at::eye(3, at::kDouble));
  EXPECT_LT((found - expected).norm().item<double>(), 1e-7 * expected.norm().item<double>());
}

TEST(TangentKernel, ManyOutputsAreSeenAlongAFew) {
  EXPECT_TRUE(at::equal(output_directions(5, 16, 1), at::eye(5, at::kDouble)));
  const at::Tensor u = output_directions(60, 4, 1);
  EXPECT_LT((at::mm(u, u.t()) - 15.0 * at::eye(4, at::kDouble)).norm().item<double>(), 1e-9);
  EXPECT_TRUE(at::equal(u, output_directions(60, 4, 1)));
  at::Tensor sum = at::zeros({6, 6}, at::kDouble);
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const at::Tensor few = output_directions(6, 2, seed);
    sum += at::mm(few.t(), few) / 4000.0;
  }
  EXPECT_LT((sum - at::eye(6, at::kDouble)).abs().max().item<double>(), 0.06) << "the trace, on average";
}

TEST(KernelSimilarity, OfKernelsThatAreKnown) {
  const at::Tensor labels = at::tensor({0, 0, 1, 1, 2, 2}, at::kLong);
  const at::Tensor one_hot = at::eye(3, at::kDouble).index_select(0, labels);
  const at::Tensor perfect = at::mm(one_hot, one_hot.t());
  EXPECT_NEAR(label_alignment(perfect * 7.0 + 3.0, labels), 1.0, 1e-12) << "a constant does not count";
  // HH = I - 11ᵀ/6, YYᵀ centred has the same trace product 2 · 2 and norms √5 and 2√2.
  EXPECT_NEAR(label_alignment(at::eye(6, at::kDouble), labels), 4.0 / (std::sqrt(5.0) * 2.0 * std::sqrt(2.0)),
              1e-12);
  EXPECT_TRUE(std::isnan(label_alignment(at::ones({6, 6}, at::kDouble), labels)));
  EXPECT_TRUE(std::isnan(label_alignment(perfect, at::zeros({6}, at::kLong)))) << "one class";
  EXPECT_NEAR(kernel_cosine(perfect, perfect * 2.0), 1.0, 1e-12);
  EXPECT_TRUE(std::isnan(kernel_cosine(perfect, at::zeros({6, 6}, at::kDouble))));
}

TEST(Kernel, OfARealNetwork) {
  ProbeInput input = mlp_input(16, 2);
  input.start = {input.flat.clone(), {}, 0};
  const Frame first = look_at_kernel(input);
  ASSERT_EQ(first.not_applicable, "");
  EXPECT_EQ(first.texts.at("traced"), "all 11 classes");
  EXPECT_EQ(first.texts.at("from_before_undefined"), "Not defined here, because this is the first look.");
  for (const std::string part : {"train", "test"}) {
    EXPECT_NEAR(value(first, "distance_from_start_" + part), 0.0, 1e-12);
    EXPECT_TRUE(std::isnan(value(first, "distance_from_before_" + part)));
    EXPECT_GT(value(first, "trace_" + part), 0.0);
    EXPECT_LT(std::abs(value(first, "alignment_" + part)), 1.0);
  }
  EXPECT_EQ(value(first, "readout_train_bias"),
            value(first, "last_layer_alignment_train") - value(first, "last_layer_alignment_test"));
  EXPECT_GT(value(first, "last_layer_samples"), value(first, "classes"));

  input.previous = {input.flat.clone(), {}, 42};
  planted::parameter(input, "hidden.2.W").mul_(3.0);
  const Frame second = look_at_kernel(input);
  EXPECT_EQ(value(second, "before_step"), 42.0);
  EXPECT_EQ(second.texts.count("from_before_undefined"), 0u);
  EXPECT_GT(value(second, "distance_from_start_test"), 1e-3);
  EXPECT_EQ(value(second, "distance_from_before_test"), value(second, "distance_from_start_test"));
  EXPECT_TRUE(planted::same(second, look_at_kernel(input)));
}

TEST(Kernel, TheTrainPartHasTheLabelsThatAreTrainedOn) {
  ProbeInput input = mlp_input(16, 1);
  const Frame clean = look_at_kernel(input);
  auto noisy = std::make_shared<Dataset>(*input.data);
  noisy->train_targets = (noisy->targets * 3 + 1).remainder(11);
  input.data = noisy;
  const Frame frame = look_at_kernel(input);
  EXPECT_NE(value(frame, "last_layer_alignment_train"), value(clean, "last_layer_alignment_train"));
}

TEST(Kernel, ByGradientsWhereThereAreNoLayersToMultiply) {
  RunConfig config = mlp_config(16, 1);
  config.model.kind = "quadratic";
  config.init.kind = "default";
  ProbeInput input = planted::network_input(config, planted::addition(11), 60);
  input.start = {input.model->initial_parameters(8), {}, 0};
  const Frame frame = look_at_kernel(input);
  EXPECT_EQ(frame.texts.at("traced"), "2 random directions of the 11 classes");
  EXPECT_TRUE(std::isfinite(value(frame, "alignment_test")));
  EXPECT_GT(value(frame, "distance_from_start_train"), 0.0);
}

TEST(Kernel, DeadUnitsWidthOneTwoClassesAndNoTest) {
  ProbeInput dead = mlp_input(16, 1);
  planted::parameter(dead, "hidden.1.b").fill_(-100.0);
  const Frame none = look_at_kernel(dead);
  EXPECT_TRUE(std::isnan(value(none, "last_layer_alignment_test")));
  EXPECT_EQ(none.texts.at("last_layer_alignment_test_undefined"),
            "Not defined here, because all features are alike or not finite, or all labels are alike.");
  EXPECT_EQ(none.texts.at("alignment_test_undefined"),
            "Not defined here, because the kernel is the same for all pairs, or all labels are alike.");
  EXPECT_TRUE(std::isfinite(value(look_at_kernel(mlp_input(1, 1)), "trace_test")));

  auto two = planted::addition(11);
  two->targets = two->targets.remainder(2);
  two->train_targets = two->targets;
  two->class_count = 2;
  const Frame parity = look_at_kernel(planted::network_input(mlp_config(16, 1), two, 60));
  EXPECT_EQ(value(parity, "classes"), 2.0);
  EXPECT_TRUE(std::isfinite(value(parity, "alignment_test")));

  auto numbers = planted::addition(11);
  numbers->target_vectors = at::rand({11, 2});
  numbers->tolerance = 0.1;
  EXPECT_EQ(look_at_kernel(planted::network_input(mlp_config(4, 1), numbers, 60)).not_applicable,
            "The answers are numbers, not classes.");
  ProbeInput broken = mlp_input(4, 1);
  broken.flat[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(look_at_kernel(broken).not_applicable, "");
}

TEST(Kernel, StopsWhenNobodyWaits) {
  const std::atomic<bool> cancelled{true};
  RunConfig config = mlp_config(16, 1);
  config.model.kind = "quadratic";
  config.init.kind = "default";
  ProbeInput input = planted::network_input(config, planted::addition(11), 60);
  input.cancelled = &cancelled;
  EXPECT_TRUE(std::isnan(value(look_at_kernel(input), "alignment_test")));
}

}  // namespace
}  // namespace grokscope
