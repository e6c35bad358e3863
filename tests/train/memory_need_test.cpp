// What a training needs is counted before it is taken, and what does not fit is refused with what to set.
#include "train/loop/memory_need.h"

#include <gtest/gtest.h>

#include <new>

#include "train/loop/training.h"
#include "train/small_run.h"

namespace grokscope {
namespace {

Dataset pairs(std::int64_t p) {
  Dataset data;
  data.token_count = data.class_count = p;
  data.pool_size = p * p;
  return data;
}

TEST(MemoryNeed, CountsEveryCopyOfTheWeights) {
  RunConfig config;
  config.model.kind = "mlp";
  config.model.width = 100;
  config.model.depth = 2;
  const MemoryNeed plain = memory_need(config, pairs(10), 1000, 50, false);
  EXPECT_EQ(plain.weights, 4u * 7 * 1000) << "weights, gradient, two moments, three of them in a checkpoint";
  EXPECT_EQ(plain.activations, 4u * 50 * 2 * 100);
  EXPECT_EQ(plain.answers, 0u) << "nobody looks";
  EXPECT_EQ(memory_need(config, pairs(10), 1000, 50, true).answers, 4u * 100 * 10);
  config.train.precision = "float64";
  EXPECT_EQ(memory_need(config, pairs(10), 1000, 50, true).total(), 2 * plain.total() + 2 * 4u * 100 * 10);
  config.train.precision = "float32";
  config.optimizer.gradient_filter = "grokfast_ma";
  config.optimizer.filter_window = 100;
  EXPECT_EQ(memory_need(config, pairs(10), 1000, 50, false).weights, 4u * 107 * 1000);
}

TEST(MemoryNeed, ConvolutionsKeepEveryPosition) {
  Dataset rows = pairs(10);
  rows.inputs = FeatureInputs{at::zeros({2, 40})};
  RunConfig config;
  config.model.kind = "cnn1d";
  config.model.width = 16;
  // Positions times channels: 40·16 + 40·32 + 20·64 + 10·128 = 4480, before and after normalisation and the
  // gradient.
  EXPECT_EQ(memory_need(config, rows, 1000, 50, false).activations, 4u * 50 * 3 * 4480);
}

TEST(MemoryNeed, WhatDoesNotFitIsRefusedWithWhatToSet) {
  EXPECT_TRUE(training_fits({.weights = 60, .activations = 30, .answers = 10}, 100));
  EXPECT_EQ(training_fits({.weights = 5'000'000'000, .activations = 1, .answers = 1}, 2'000'000'000)
                .error()
                .message,
            "this training needs 5.0 GB of memory, but only 2.0 GB are free; set model.width lower");
  EXPECT_EQ(training_fits({.weights = 1, .activations = 5'000'000'000, .answers = 1}, 2'000'000'000)
                .error()
                .message,
            "this training needs 5.0 GB of memory, but only 2.0 GB are free; set train.batch_size or "
            "model.width lower");
}

TEST(MemoryNeed, IsAskedBeforeAWeightIsDrawn) {
  RunConfig config = small_config();
  config.model.width = 8192;
  config.model.depth = 16;
  config.model.mlp_width = 16384;
  config.optimizer.gradient_filter = "grokfast_ma";
  config.optimizer.filter_window = 10'000;  // hundreds of terabytes: on no machine that runs this test
  const auto training = prepare_training(config, {});
  ASSERT_FALSE(training);
  EXPECT_NE(training.error().message.find("this training needs"), std::string::npos)
      << training.error().message;
  EXPECT_NE(training.error().message.find("set model.width lower"), std::string::npos);
}

}  // namespace
}  // namespace grokscope
