// Gradients of every model and loss against central finite differences in float64, and of the stepper against
// those.
#include <gtest/gtest.h>

#include "model/toy_real_data.h"
#include "train/step/scoring.h"
#include "train/torch_side/scoring_rows.h"

namespace grokscope {
namespace {

at::Tensor scored_targets(const Model& model, const Dataset& data) {
  if (model.eos_class() < 0) return data.targets;
  return at::cat({data.targets, at::full_like(data.targets, model.eos_class())}, 0);
}

double mean_loss(const Model& model, const Dataset& data, const Scoring& scoring, const at::Tensor& flat) {
  const at::Tensor logits = model.forward_sequence(views_of(model.layout(), flat), toy::whole(data));
  return loss_rows(scoring, logits, scored_targets(model, data), 1.0, nullptr).mean().item<double>();
}

at::Tensor autograd_gradient(const Model& model, const Dataset& data, const Scoring& scoring,
                             const at::Tensor& flat) {
  at::Tensor gradient = at::zeros_like(flat);
  const ParameterViews leaves = leaves_of(model.layout(), flat, gradient);
  const at::Tensor logits = model.forward_sequence(leaves, toy::whole(data));
  at::Tensor logits_gradient;
  loss_rows(scoring, logits, scored_targets(model, data), 1.0 / static_cast<double>(logits.size(0)),
            &logits_gradient);
  logits.backward(logits_gradient);
  return gradient;
}

at::Tensor finite_differences(const Model& model, const Dataset& data, const Scoring& scoring,
                              const at::Tensor& flat) {
  constexpr double kStep = 1e-5;
  at::Tensor point = flat.clone(), gradient = at::zeros_like(flat);
  double* x = point.data_ptr<double>();
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    const double here = x[i];
    x[i] = here + kStep;
    const double above = mean_loss(model, data, scoring, point);
    x[i] = here - kStep;
    const double below = mean_loss(model, data, scoring, point);
    x[i] = here;
    gradient.data_ptr<double>()[i] = (above - below) / (2.0 * kStep);
  }
  return gradient;
}

void expect_right_gradient(const RunConfig& config, const Dataset& data, const Scoring& scoring) {
  const auto model = toy::model_of(config, data);
  const at::Tensor flat = toy::shaken_parameters(*model, 11);
  const at::Tensor expected = finite_differences(*model, data, scoring, flat);
  const at::Tensor found = autograd_gradient(*model, data, scoring, flat);
  EXPECT_GT(expected.norm().item<double>(), 1e-5);
  EXPECT_LT(toy::relative_difference(found, expected), 1e-6)
      << config.model.kind << " " << config.model.sequence << " " << config.model.normalisation << " "
      << config.model.input << " " << config.model.activation << " depth " << config.model.depth;
}

void expect_right_gradient(const RunConfig& config, const Dataset& data, LossKind kind) {
  expect_right_gradient(config, data, Scoring{kind, {}, 0.0, data.class_count});
}

void expect_right_vector_gradient(RunConfig config, const Dataset& data) {
  config.loss.kind = "mse";
  const auto scoring = scoring_of(config.loss, data, at::kCPU);
  ASSERT_TRUE(scoring.ok()) << scoring.error().message;
  expect_right_gradient(config, data, *scoring);
}

TEST(Gradient, TransformerOfBothSequencesAndAllNorms) {
  for (const char* sequence : {"a_b_equals", "power"}) {
    for (const char* normalisation : {"none", "pre", "post"}) {
      for (const std::int64_t depth : {1, 2}) {
        RunConfig config = toy::transformer_config();
        config.model.width = 4;
        config.model.mlp_width = 3;
        config.model.sequence = sequence;
        config.model.normalisation = normalisation;
        config.model.depth = depth;
        config.model.bias = depth == 1;
        config.model.positions = depth == 1 ? "learned" : "sinusoidal";
        expect_right_gradient(config, toy::pairs_dataset(3, depth == 1 ? 3 : 2), LossKind::cross_entropy);
      }
    }
  }
}

TEST(Gradient, EveryActivation) {
  for (const char* activation : {"relu", "gelu", "tanh", "quadratic", "silu"}) {
    RunConfig config = toy::mlp_config("one_hot");
    config.model.activation = activation;
    config.model.depth = 2;
    expect_right_gradient(config, toy::pairs_dataset(4, 4), LossKind::cross_entropy);
    config = toy::transformer_config();
    config.model.width = 4;
    config.model.mlp_width = 3;
    config.model.activation = activation;
    expect_right_gradient(config, toy::pairs_dataset(4, 4), LossKind::mean_squared);
  }
}

TEST(Gradient, MlpOnEmbeddingsAndImagesWithBothLosses) {
  for (const LossKind kind : {LossKind::cross_entropy, LossKind::mean_squared, LossKind::stablemax}) {
    expect_right_gradient(toy::mlp_config("embedding"), toy::pairs_dataset(5, 4), kind);
    expect_right_gradient(toy::mlp_config("embedding"), toy::images_dataset(), kind);
  }
}

TEST(Gradient, MlpOnFeaturesWithTargetVectors) {
  RunConfig config = toy::mlp_config("embedding");
  for (const std::int64_t depth : {1, 2}) {
    config.model.depth = depth;
    expect_right_vector_gradient(config, toy::features_dataset());
  }
}

/// Of a training pass of networks with BatchNorm; of the largest ones some parameters of every tensor.
void expect_right_training_gradient(const RunConfig& config, const Dataset& data) {
  const auto model = toy::model_of(config, data);
  const Scoring scoring{LossKind::cross_entropy, {}, 0.0, data.class_count};
  const at::Tensor flat = toy::shaken_parameters(*model, 11);
  const auto pass = [&](const ParameterViews& views) {
    const at::Tensor buffers = model->initial_buffers().to(at::kDouble);
    Batch batch = toy::whole(data);
    batch.buffers = views_of(model->buffer_layout(), buffers);
    batch.training = true;
    return model->forward(views, batch);
  };
  at::Tensor gradient = at::zeros_like(flat), logits_gradient;
  const at::Tensor logits = pass(leaves_of(model->layout(), flat, gradient));
  loss_rows(scoring, logits, data.targets, 1.0 / static_cast<double>(logits.size(0)), &logits_gradient);
  logits.backward(logits_gradient);
  const auto loss_at = [&](const at::Tensor& point) {
    const at::NoGradGuard no_gradients;
    return loss_rows(scoring, pass(views_of(model->layout(), point)), data.targets, 1.0, nullptr)
        .mean()
        .item<double>();
  };
  constexpr std::int64_t kOfATensor = 12;
  constexpr double kStep = 1e-6;
  at::Tensor point = flat.clone();
  double difference = 0.0, size = 0.0;
  for (const ParameterSpec& spec : model->layout().specs()) {
    for (std::int64_t i = spec.offset; i < spec.offset + spec.size;
         i += std::max<std::int64_t>(spec.size / kOfATensor, 1)) {
      double* x = point.data_ptr<double>() + i;
      const double here = *x;
      *x = here + kStep;
      const double above = loss_at(point);
      *x = here - kStep;
      const double slope = (above - loss_at(point)) / (2.0 * kStep);
      *x = here;
      const double found = gradient.data_ptr<double>()[i];
      difference += (slope - found) * (slope - found);
      size += slope * slope;
    }
  }
  EXPECT_GT(size, 1e-8);
  EXPECT_LT(std::sqrt(difference / size), 1e-5) << config.model.kind;
}

TEST(Gradient, ConvolutionalNetworksInATrainingPass) {
  RunConfig config;
  config.model.width = 2;
  Dataset images = toy::colour_dataset();
  ImageInputs& pixels = inputs_as<ImageInputs>(images.inputs);
  pixels.height = 8;
  pixels.width = 9;
  pixels.pixels = at::frac(at::arange(12 * 216, at::kDouble) * 0.377).view({12, 216}).contiguous();
  for (const char* kind : {"cnn", "resnet18"}) {
    config.model.kind = kind;
    expect_right_training_gradient(config, images);
  }
  Dataset rows = toy::features_dataset();
  rows.class_count = 4;
  rows.target_vectors = at::Tensor();
  rows.targets = at::remainder(at::arange(12, at::kLong), 4);
  inputs_as<FeatureInputs>(rows.inputs).rows =
      at::sin(at::arange(12 * 11, at::kDouble) * 0.9).view({12, 11}).contiguous();
  config.model.kind = "cnn1d";
  expect_right_training_gradient(config, rows);
}

TEST(Gradient, AdderWithBothLosses) {
  RunConfig config;
  config.model.kind = "adder";
  config.model.activation = "tanh";
  config.model.width = 6;
  config.model.depth = 2;
  for (const std::int64_t width : {1, 3}) {
    for (const bool bias : {true, false}) {
      config.model.embedding_width = width;
      config.model.bias = bias;
      const Dataset data = toy::with_vectors(toy::pairs_dataset(4, 5), 3);
      expect_right_vector_gradient(config, data);
      expect_right_gradient(config, data, LossKind::cross_entropy);
    }
  }
}

TEST(Gradient, EveryModelOfPairsWithTargetVectors) {
  const Dataset data = toy::with_vectors(toy::pairs_dataset(4, 5), 3);
  RunConfig config = toy::transformer_config();
  config.model.width = 4;
  config.model.mlp_width = 3;
  expect_right_vector_gradient(config, data);
  expect_right_vector_gradient(toy::mlp_config("embedding"), data);
  config = RunConfig();
  config.model.kind = "quadratic";
  config.model.width = 6;
  config.init.scale = 2.0;
  expect_right_vector_gradient(config, data);
}

TEST(Gradient, LstmOnText) {
  for (const std::int64_t depth : {1, 2}) {
    RunConfig config = toy::lstm_config();
    config.model.depth = depth;
    expect_right_gradient(config, toy::text_dataset(), LossKind::cross_entropy);
  }
}

TEST(Gradient, GraphNetworkOnMolecules) {
  expect_right_vector_gradient(toy::graph_config(), toy::graphs_dataset());
}

TEST(Gradient, QuadraticNetworkWithBothLosses) {
  RunConfig config;
  config.model.kind = "quadratic";
  config.model.width = 6;
  config.init.scale = 2.0;
  expect_right_gradient(config, toy::pairs_dataset(5, 5), LossKind::mean_squared);
  expect_right_gradient(config, toy::pairs_dataset(5, 5), LossKind::cross_entropy);
}

}  // namespace
}  // namespace grokscope
