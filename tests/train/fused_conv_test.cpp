// The fused convolutional network against autograd: gradients in float64, evaluation with the running
// statistics, whole trainings; and that numbers do not depend on the number of threads.
#include <gtest/gtest.h>

#include "fused_case.h"
#include "train/step/optimizer.h"
#include "train/torch_side/autograd_stepper.h"

namespace grokscope {
namespace {

Dataset random_rows(RandomStream& random, std::int64_t examples, std::int64_t length) {
  Dataset data = toy::features_dataset();
  data.target_vectors = at::Tensor();
  data.class_count = between(random, 2, 20);
  data.pool_size = examples * 3 / 4;
  data.held_out = examples - data.pool_size;
  at::Tensor rows = at::empty({examples, length}, at::kFloat);
  for (std::int64_t i = 0; i < rows.numel(); ++i)
    rows.data_ptr<float>()[i] = static_cast<float>(random.normal());
  inputs_as<FeatureInputs>(data.inputs).rows = rows;
  data.targets = at::remainder(at::arange(examples, at::kLong) * 5, data.class_count);
  data.train_targets = at::remainder(data.targets + 1, data.class_count);
  return data;
}

FusedCase conv_case(std::uint64_t seed, std::int64_t width = 0) {
  RandomStream random(seed, "conv case");
  FusedCase test;
  test.data = random_rows(random, between(random, 4, 150), between(random, 8, 45));
  test.config.model.kind = "cnn1d";
  test.config.model.width = width > 0 ? width : between(random, 1, 17);
  test.config.loss.kind = random.below(4) == 0 ? "mse" : "cross_entropy";
  test.config.train.engine = "fused";
  test.threads = static_cast<int>(between(random, 1, 3));
  test.batch = random.permutation(test.data.targets.size(0));
  test.batch.resize(static_cast<std::size_t>(between(random, 2, test.data.targets.size(0))));
  return test;
}

std::unique_ptr<Stepper> stepper_with(FusedCase test, const char* engine, int threads) {
  test.config.train.engine = engine;
  test.threads = threads;
  const auto model = toy::model_of(test.config, test.data);
  return fused_stepper_of(test, model, model->initial_parameters(3), /*prepares_steps=*/true);
}

/// Loss and gradient of a training pass by autograd in float64.
double training_gradient(const FusedCase& test, const Model& model, const at::Tensor& flat,
                         at::Tensor& gradient) {
  const at::Tensor flat64 = flat.to(at::kDouble);
  gradient = at::zeros_like(flat64);
  const ParameterViews leaves = leaves_of(model.layout(), flat64, gradient);
  const at::Tensor buffers = model.initial_buffers().to(at::kDouble);
  const at::Tensor index = at::tensor(test.batch, at::kLong);
  Batch batch;
  batch.inputs =
      changed_inputs(test.data.inputs, [&](const at::Tensor& all) { return all.index_select(0, index); });
  batch.buffers = views_of(model.buffer_layout(), buffers);
  batch.training = true;
  const at::Tensor logits = model.forward(leaves, batch);
  at::Tensor d_logits;
  const double share = 1.0 / static_cast<double>(test.batch.size());
  const at::Tensor rows = loss_rows(*scoring_of(test.config.loss, test.data, at::kCPU), logits.detach(),
                                    test.data.train_targets.index_select(0, index), share, &d_logits);
  logits.backward(d_logits);
  return rows.mean().item<double>();
}

TEST(FusedConv, GradientsAreThoseOfAutogradInDouble) {
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const FusedCase test = conv_case(seed);
    const auto model = toy::model_of(test.config, test.data);
    const at::Tensor flat = model->initial_parameters(seed);
    at::Tensor expected;
    const double expected_loss = training_gradient(test, *model, flat, expected);
    auto stepper = fused_stepper_of(test, model, flat);
    ASSERT_EQ(stepper->engine(), "fused");
    stepper->gradient(test.batch, nullptr);  // the second call meets used buffers
    double loss = 0.0;
    const at::Tensor measured = stepper->gradient(test.batch, &loss).to(at::kDouble);
    EXPECT_NEAR(loss, expected_loss, 1e-5 * std::abs(expected_loss)) << "seed " << seed;
    const double whole = expected.norm().item<double>();
    for (const ParameterSpec& spec : model->layout().specs()) {
      const at::Tensor wanted = expected.narrow(0, spec.offset, spec.size);
      const double error = (measured.narrow(0, spec.offset, spec.size) - wanted).norm().item<double>();
      if (error > 2e-5 * wanted.norm().item<double>() + 1e-6 * whole) {
        EXPECT_LE(error, 2.0 * autograd_error(test, model, flat, spec, wanted))
            << spec.name << ", seed " << seed;
      }
    }
  }
}

std::vector<std::int64_t> batch_at(const FusedCase& test, std::int64_t step) {
  std::vector<std::int64_t> batch;
  for (std::size_t i = 0; i < test.batch.size(); ++i)
    if ((i + static_cast<std::size_t>(step)) % 3 != 0) batch.push_back(test.batch[i]);
  return batch;
}

void train(Stepper& stepper, const FusedCase& test, std::int64_t steps) {
  for (std::int64_t step = 0; step < steps; ++step) stepper.step(step, batch_at(test, step));
}

TEST(FusedConv, TrainsAndEvaluatesAsAutogradDoes) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    FusedCase test = conv_case(seed);
    test.config.optimizer.learning_rate = 1e-3;
    const Split split(test.data.pool_size, test.data.held_out, 1, test.data.pool_size / 2);
    const auto fused = stepper_with(test, "fused", 2), autograd = stepper_with(test, "autograd", 1);
    train(*fused, test, 8);
    const at::NoGradGuard no_gradients;
    train(*autograd, test, 8);
    EXPECT_LT(toy::relative_difference(fused->buffers(), autograd->buffers()), 1e-3) << seed;
    // The same weights and statistics, so that only evaluation can differ.
    autograd->flat().copy_(fused->flat());
    autograd->buffers().copy_(fused->buffers());
    at::Tensor logits, expected;
    const ClassScores scores = fused->evaluate(split, &logits);
    const ClassScores wanted = autograd->evaluate(split, &expected);
    EXPECT_LT(toy::relative_difference(logits.nan_to_num(), expected.nan_to_num()), 1e-5) << seed;
    EXPECT_NEAR(scores.train_loss, wanted.train_loss, 1e-5 * wanted.train_loss);
    EXPECT_NEAR(scores.test_loss, wanted.test_loss, 1e-5 * wanted.test_loss);
  }
}

TEST(FusedConv, NumbersDoNotDependOnTheNumberOfThreads) {
  const FusedCase test = conv_case(7, 16);
  const auto one = stepper_with(test, "fused", 1);
  train(*one, test, 12);
  for (const int threads : {2, 3, 5}) {
    const auto several = stepper_with(test, "fused", threads);
    train(*several, test, 12);
    EXPECT_TRUE(one->flat().equal(several->flat())) << threads;
    EXPECT_TRUE(one->buffers().equal(several->buffers())) << threads;
    const Split split(test.data.pool_size, test.data.held_out, 1, test.data.pool_size / 2);
    at::Tensor a, b;
    one->evaluate(split, &a);
    several->evaluate(split, &b);
    EXPECT_TRUE(a.nan_to_num().equal(b.nan_to_num())) << threads;
  }
}

TEST(FusedConv, StatisticsMoveWithTrainingStepsAlone) {
  const FusedCase test = conv_case(9);
  const auto stepper = stepper_with(test, "fused", 2);
  const at::Tensor first = stepper->buffers().clone();
  const Split split(test.data.pool_size, test.data.held_out, 1, test.data.pool_size);
  stepper->evaluate(split, nullptr);
  stepper->gradient(test.batch, nullptr);
  EXPECT_TRUE(stepper->buffers().equal(first));
  stepper->step(0, test.batch);
  EXPECT_FALSE(stepper->buffers().equal(first));
}

TEST(FusedConv, ABrokenWeightIsSeenInTheAnswers) {
  const FusedCase test = conv_case(11, 4);
  const auto stepper = stepper_with(test, "fused", 1);
  stepper->flat().data_ptr<float>()[0] = std::nanf("");
  double loss = 0.0;
  stepper->gradient(test.batch, &loss);
  EXPECT_TRUE(std::isnan(loss));
}

}  // namespace
}  // namespace grokscope
