// The convolutional networks against their definitions, their published sizes, and what they refuse. Their
// gradients: tests/train/gradient_test.cpp; the fused one: tests/train/fused_conv_test.cpp.
#include <gtest/gtest.h>

#include "base/random.h"
#include "model/plain_convolutions.h"
#include "model/toy.h"

namespace grokscope {
namespace {

at::Tensor random_numbers(std::vector<std::int64_t> shape, std::uint64_t seed) {
  RandomStream random(seed, "numbers");
  at::Tensor numbers = at::empty(shape, at::kDouble);
  for (std::int64_t i = 0; i < numbers.numel(); ++i) numbers.data_ptr<double>()[i] = random.normal();
  return numbers;
}

Dataset images_of(std::int64_t channels, std::int64_t size, std::int64_t examples) {
  Dataset data = toy::images_dataset();
  data.class_count = 10;
  ImageInputs& images = inputs_as<ImageInputs>(data.inputs);
  images.channels = channels;
  images.height = images.width = size;
  images.pixels = random_numbers({examples, channels * size * size}, 1);
  return data;
}

Dataset rows_of(std::int64_t length, std::int64_t examples) {
  Dataset data = toy::features_dataset();
  data.target_vectors = at::Tensor();
  data.class_count = 10;
  inputs_as<FeatureInputs>(data.inputs).rows = random_numbers({examples, length}, 1);
  return data;
}

RunConfig network(const char* kind, std::int64_t k) {
  RunConfig config;
  config.model.kind = kind;
  config.model.width = k;
  return config;
}

plain::Maps maps_of(const at::Tensor& rows, std::int64_t channels, std::int64_t height, std::int64_t width) {
  const at::Tensor values = rows.contiguous();
  return {values.size(0),
          channels,
          height,
          width,
          {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()}};
}

/// Random weights, gains and running statistics (variances above 0), and the same by name.
struct Shaken {
  std::shared_ptr<const Model> model;
  at::Tensor flat, buffers;
  plain::Named named() const { return {*model, flat, buffers}; }
  at::Tensor logits(const Dataset& data, bool training) const {
    at::Tensor kept = buffers.clone();  // a training pass writes them
    Batch batch = toy::whole(data);
    batch.buffers = views_of(model->buffer_layout(), kept);
    batch.training = training;
    return model->forward(views_of(model->layout(), flat), batch);
  }
};

Shaken shaken(const RunConfig& config, const Dataset& data) {
  const auto model = toy::model_of(config, data);
  return {model,
          model->initial_parameters(4).to(at::kDouble) + 0.1 * random_numbers({model->layout().total()}, 2),
          random_numbers({model->buffer_layout().total()}, 3).abs() + 0.2};
}

at::Tensor plain_cnn1d(const Dataset& data, const plain::Named& weights, bool training) {
  const at::Tensor& rows = rows_of_numbers(data.inputs);
  plain::Maps x = maps_of(rows, 1, 1, rows.size(1));
  for (int block = 1; block <= 4; ++block) {
    const std::string number = std::to_string(block);
    const auto out = static_cast<std::int64_t>(weights.of("norm." + number + ".w").size());
    x = plain::convolve(x, weights.of("convolution." + number + ".W"), out, 1, 3, 1);
    x = plain::rectify(plain::normalise(x, weights, "norm." + number, training));
    if (block > 1) x = plain::largest(x, 1, 2);
  }
  return plain::read_out(plain::largest(x, 1, x.columns), weights, 10);
}

at::Tensor plain_cnn(const Dataset& data, const plain::Named& weights, bool training) {
  const auto& images = inputs_as<ImageInputs>(data.inputs);
  plain::Maps x = maps_of(images.pixels, images.channels, images.height, images.width);
  for (int block = 1; block <= 4; ++block) {
    const std::string number = std::to_string(block);
    const auto out = static_cast<std::int64_t>(weights.of("norm." + number + ".w").size());
    x = plain::convolve(x, weights.of("convolution." + number + ".W"), out, 3, 3, 1,
                        weights.of("convolution." + number + ".b"));
    x = plain::rectify(plain::normalise(x, weights, "norm." + number, training));
    if (block == 2 || block == 3) x = plain::largest(x, 2, 2);
  }
  return plain::read_out(plain::largest(x, x.rows, x.columns), weights, 10);
}

at::Tensor plain_resnet18(const Dataset& data, const plain::Named& weights, std::int64_t k, bool training) {
  const auto& images = inputs_as<ImageInputs>(data.inputs);
  plain::Maps x = plain::convolve(maps_of(images.pixels, images.channels, images.height, images.width),
                                  weights.of("convolution.W"), k, 3, 3, 1);
  const std::int64_t channels[] = {1, 1, 2, 2, 4, 4, 8, 8}, strides[] = {1, 1, 2, 1, 2, 1, 2, 1};
  for (int block = 0; block < 8; ++block) {
    const std::string name = "blocks." + std::to_string(block) + ".";
    const std::int64_t out = channels[block] * k, stride = strides[block];
    const plain::Maps active = plain::rectify(plain::normalise(x, weights, name + "norm1", training));
    const plain::Maps beside =
        stride == 1 ? x : plain::convolve(active, weights.of(name + "shortcut.W"), out, 1, 1, stride);
    x = plain::convolve(active, weights.of(name + "convolution1.W"), out, 3, 3, stride);
    x = plain::rectify(plain::normalise(x, weights, name + "norm2", training));
    x = plain::add(plain::convolve(x, weights.of(name + "convolution2.W"), out, 3, 3, 1), beside);
  }
  return plain::read_out(x, weights, 10);
}

TEST(Convolutional, Cnn1dIsItsDefinition) {
  for (const std::int64_t length : {8, 13, 40}) {
    const Dataset data = rows_of(length, 5);
    const Shaken net = shaken(network("cnn1d", 3), data);
    for (const bool training : {true, false})
      EXPECT_LT(
          toy::relative_difference(net.logits(data, training), plain_cnn1d(data, net.named(), training)),
          1e-12)
          << length << " training " << training;
  }
}

TEST(Convolutional, CnnIsItsDefinition) {
  for (const std::int64_t size : {8, 15}) {
    const Dataset data = images_of(3, size, 4);
    const Shaken net = shaken(network("cnn", 2), data);
    for (const bool training : {true, false})
      EXPECT_LT(toy::relative_difference(net.logits(data, training), plain_cnn(data, net.named(), training)),
                1e-12)
          << size << " training " << training;
  }
}

TEST(Convolutional, Resnet18IsItsDefinition) {
  for (const std::int64_t size : {8, 17}) {
    const Dataset data = images_of(3, size, 3);
    const Shaken net = shaken(network("resnet18", 2), data);
    for (const bool training : {true, false})
      EXPECT_LT(toy::relative_difference(net.logits(data, training),
                                         plain_resnet18(data, net.named(), 2, training)),
                1e-11)
          << size << " training " << training;
  }
}

/// PyTorch's momentum 0.1 and unbiased variance.
TEST(Convolutional, ATrainingStepMovesTheRunningStatistics) {
  const Dataset data = rows_of(10, 4);
  const auto model = toy::model_of(network("cnn1d", 1), data);
  at::Tensor buffers = model->initial_buffers().to(at::kDouble);
  const at::Tensor flat = model->initial_parameters(1).to(at::kDouble);
  Batch batch = toy::whole(data);
  batch.buffers = views_of(model->buffer_layout(), buffers);
  batch.training = true;
  model->forward(views_of(model->layout(), flat), batch);
  const plain::Named named{*model, flat, buffers};
  plain::Maps x = plain::convolve(maps_of(rows_of_numbers(data.inputs), 1, 1, 10),
                                  named.of("convolution.1.W"), 1, 1, 3, 1);
  double mean = 0.0, squares = 0.0;
  for (const double value : x.values) mean += value / 40.0;
  for (const double value : x.values) squares += (value - mean) * (value - mean);
  EXPECT_NEAR(named.of("norm.1.running_mean")[0], 0.1 * mean, 1e-12);
  EXPECT_NEAR(named.of("norm.1.running_var")[0], 0.9 + 0.1 * squares / 39.0, 1e-12);
}

TEST(Convolutional, SizesAreTheFormulas) {
  const auto count = [](const char* kind, std::int64_t k, const Dataset& data) {
    return toy::model_of(network(kind, k), data)->layout().total();
  };
  const Dataset rows = rows_of(40, 2), images = images_of(3, 32, 2);
  for (const std::int64_t k : {1, 4, 16}) {
    EXPECT_EQ(count("cnn1d", k, rows),
              3 * (k + 2 * k * k + 8 * k * k + 32 * k * k) + 2 * 15 * k + 80 * k + 10);
    EXPECT_EQ(count("cnn", k, images),
              9 * (3 * k + 2 * k * k + 8 * k * k + 32 * k * k) + 15 * k + 2 * 15 * k + 80 * k + 10);
    const std::int64_t kk = k * k;
    const std::int64_t kernels =
        9 * (3 * k + 4 * kk + (2 + 3 * 4) * kk + (8 + 3 * 16) * kk + (32 + 3 * 64) * kk);
    const std::int64_t shortcuts = 2 * kk + 8 * kk + 32 * kk;
    const std::int64_t norms = 2 * (4 * k + (1 + 3 * 2) * k + (2 + 3 * 4) * k + (4 + 3 * 8) * k);
    EXPECT_EQ(count("resnet18", k, images), kernels + shortcuts + norms + 80 * k + 10);
  }
  EXPECT_EQ(count("cnn1d", 16, rows), 34074) << "as the same network counts in PyTorch";
  EXPECT_NEAR(static_cast<double>(count("cnn", 64, images)), 1.56e6, 0.01e6) << "Nakkiran et al. 2019, B.1";
  EXPECT_NEAR(static_cast<double>(count("resnet18", 64, images)), 11.17e6, 0.01e6);
}

TEST(Convolutional, RefusesWhatItCannotRead) {
  EXPECT_EQ(make_model(network("cnn1d", 4), images_of(1, 28, 2)).error().message,
            "model.kind 'cnn1d' reads rows of numbers, such as those of task.kind=mnist1d");
  EXPECT_EQ(make_model(network("cnn", 4), rows_of(40, 2)).error().message,
            "model.kind 'cnn' reads images, such as those of task.kind=images");
  EXPECT_EQ(make_model(network("resnet18", 4), images_of(3, 7, 2)).error().message,
            "model.kind 'resnet18' needs images of at least 8 x 8 pixels, not 7 x 7: use model.kind=mlp");
  EXPECT_EQ(make_model(network("cnn1d", 4), rows_of(7, 2)).error().message,
            "model.kind 'cnn1d' needs rows of at least 8 numbers, not 7: use model.kind=mlp");
}

}  // namespace
}  // namespace grokscope
