// What a model keeps beside its weights: checkpoints carry it, runs repeat with it, threads do not change it.
#include <gtest/gtest.h>

#include "batch_norm_network.h"
#include "model/toy.h"
#include "train/loop/checkpoint.h"
#include "train/step/device.h"
#include "train/step/tensor_tools.h"
#include "train/torch_side/autograd_stepper.h"

namespace grokscope {
namespace {

constexpr std::int64_t kTokens = 7, kBatch = 13;

Training batch_norm_training(int threads) {
  limit_library_threads();
  const auto data = std::make_shared<const Dataset>(toy::pairs_dataset(kTokens, kTokens));
  auto model = std::make_shared<const BatchNormNetwork>(kTokens, 8, kTokens);
  RunConfig config;
  config.train.batch_size = kBatch;
  config.optimizer.learning_rate = 0.01;
  const StepperOptions options{.threads = threads};
  auto stepper =
      make_autograd_stepper({config, model, model->layout(), data, model->initial_parameters(5), options});
  EXPECT_TRUE(stepper) << stepper.error().message;
  return Training{
      config, data, model->layout(), Split(data->pool_size, 0, 1, 30), std::move(*stepper), BatchOrder(1),
      0,      {},   options};
}

void train(Training& training, std::int64_t to) {
  const at::NoGradGuard no_gradients;
  for (; training.step < to; ++training.step) {
    training.stepper->step(training.step, training.batches.next(training.split, kBatch));
  }
}

void expect_same(Training& a, Training& b) {
  EXPECT_TRUE(a.stepper->flat().equal(b.stepper->flat()));
  EXPECT_TRUE(a.stepper->buffers().equal(b.stepper->buffers()));
  EXPECT_EQ(a.stepper->evaluate(a.split, nullptr).test_loss, b.stepper->evaluate(b.split, nullptr).test_loss);
}

TEST(ModelBuffers, MoveWithTrainingStepsAndWithNothingElse) {
  Training training = batch_norm_training(2);
  const at::Tensor before = training.stepper->buffers().clone();
  training.stepper->evaluate(training.split, nullptr);
  training.stepper->gradient(training.split.train(), nullptr);
  EXPECT_TRUE(training.stepper->buffers().equal(before));
  train(training, 1);
  EXPECT_FALSE(training.stepper->buffers().equal(before));
}

TEST(ModelBuffers, ARunRepeatsBitForBitWithAnyNumberOfThreads) {
  Training one = batch_norm_training(1), again = batch_norm_training(1), three = batch_norm_training(3);
  for (Training* training : {&one, &again, &three}) train(*training, 25);
  expect_same(one, again);
  expect_same(one, three);
}

TEST(ModelBuffers, ACheckpointCarriesThemAndTheRunGoesOnTheSame) {
  Training whole = batch_norm_training(2), resumed = batch_norm_training(2);
  train(whole, 10);
  const TensorFile file = checkpoint_of(whole);
  const Status status = restore_checkpoint(resumed, file);
  ASSERT_TRUE(status) << status.error().message;
  expect_same(whole, resumed);
  train(whole, 20);
  train(resumed, 20);
  expect_same(whole, resumed);
}

TEST(ModelBuffers, ACheckpointWithoutThemIsRefused) {
  Training training = batch_norm_training(1);
  TensorFile file = checkpoint_of(training);
  ASSERT_EQ(file.tensors.erase("buffers"), 1u);
  EXPECT_FALSE(restore_checkpoint(training, file));
}

}  // namespace
}  // namespace grokscope
