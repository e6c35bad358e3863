// train.precision = float64: what holds of whole runs and of single gradients beside what the other tests say
// of either precision.
#include <cstring>
#include <numeric>

#include "data/host_tensor.h"
#include "model/toy_real_data.h"
#include "small_run.h"
#include "train/fused_case.h"
#include "train/loop/checkpoint.h"
#include "train/loop/training.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

/// An MLP on rows of bits: the fused engine has it in float64.
RunConfig rows_config(std::int64_t steps = 60) {
  RunConfig config = small_config(steps);
  config.task = {.kind = "sparse_parity", .train_size = 200, .examples = 300, .bits = 12, .parity = 2};
  config.model.kind = "mlp";
  config.model.depth = 2;
  config.model.width = 30;
  config.train.precision = "float64";
  return config;
}

TEST(Float64, GradientsOfTheFusedMlpEqualFiniteDifferences) {
  for (const char* activation : {"gelu", "tanh", "silu", "quadratic"}) {
    for (const char* loss : {"mse", "cross_entropy"}) {
      FusedCase test;
      test.data = std::string_view(loss) == "mse" ? toy::features_dataset() : toy::images_dataset();
      test.config.model = toy::mlp_config("embedding").model;
      test.config.model.activation = activation;
      test.config.model.depth = std::string_view(activation) == "quadratic" ? 1 : 2;
      test.config.loss.kind = loss;
      test.config.train.engine = "fused";
      test.config.train.precision = "float64";
      test.batch = {0, 2, 3};
      const auto model = toy::model_of(test.config, test.data);
      auto stepper = fused_stepper_of(test, model, model->initial_parameters(4));
      const at::Tensor gradient = stepper->gradient(test.batch, nullptr);
      at::Tensor differences = at::zeros_like(gradient);
      const auto weights = host_span<double>(stepper->flat());
      constexpr double kStep = 1e-5;
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const double here = weights[i];
        double above = 0.0, below = 0.0;
        weights[i] = here + kStep;
        stepper->gradient(test.batch, &above);
        weights[i] = here - kStep;
        stepper->gradient(test.batch, &below);
        weights[i] = here;
        host_span<double>(differences)[i] = (above - below) / (2.0 * kStep);
      }
      EXPECT_GT(gradient.norm().item<double>(), 1e-3) << activation << " " << loss;
      EXPECT_LT(toy::relative_difference(gradient, differences), 1e-8) << activation << " " << loss;
    }
  }
}

TEST(Float64, WeightsBeginAsThoseOfFloat32AndStayWhatTheyAre) {
  RunConfig config = rows_config();
  auto in_double = prepare_training(config, without_probes());
  config.train.precision = "float32";
  auto in_float = prepare_training(config, without_probes());
  ASSERT_TRUE(in_double && in_float);
  ASSERT_EQ(in_double->stepper->flat().scalar_type(), at::kDouble);
  EXPECT_EQ(in_double->stepper->engine(), "fused");
  EXPECT_TRUE(at::equal(in_double->stepper->flat(), in_float->stepper->flat().to(at::kDouble)));
  EXPECT_EQ(norm_of(in_double->stepper->flat()), norm_of(in_float->stepper->flat()));
}

TEST(Float64, EnginesAgreeToTheRoundingOfDouble) {
  const auto weights_after = [](const std::string& engine, int threads) {
    RunConfig config = rows_config();
    config.train.engine = engine;
    config.train.batch_size = 50;
    config.optimizer.epsilon = 1e-3;
    TrainerOptions options = without_probes();
    options.threads = threads;
    auto training = prepare_training(config, options);
    EXPECT_TRUE(training) << training.error().message;
    for (; training->step < 30; ++training->step)
      training->stepper->step(training->step, training->batches.next(training->split, 50));
    return training->stepper->flat().clone();
  };
  const at::Tensor reference = weights_after("autograd", 1);
  EXPECT_LT(toy::relative_difference(weights_after("fused", 1), reference), 1e-12);
  EXPECT_LT(toy::relative_difference(weights_after("fused", 2), reference), 1e-12);
  EXPECT_LT(toy::relative_difference(weights_after("autograd", 2), reference), 1e-12);
}

TEST(Float64, RunsRepeatBitForBitWithEitherEngine) {
  for (const char* engine : {"fused", "autograd"}) {
    for (const int threads : {1, 2}) {
      RunConfig config = rows_config();
      config.train.engine = engine;
      config.train.batch_size = 50;
      TrainerOptions options = without_probes();
      options.threads = threads;
      options.scripted = {set_event(10, "optimizer.learning_rate", 0.01),
                          {20, "rescale_norm", {{"value", 7.0}}},
                          set_event(30, "optimizer.clamp_norm", 0.9)};
      const RecordedRun run = train_here(config, options);
      ASSERT_NE(run.at(60), nullptr);
      EXPECT_NEAR(run.at(20)->weight_norm, 7.0, 1e-14);
      expect_same_numbers(run.evaluations, train_here(config, options).evaluations);
      options.scripted = run.events;
      expect_same_numbers(run.evaluations, train_here(config, options).evaluations);
    }
  }
}

Result<Training> restored_from(const RunConfig& config, const TensorFile& file) {
  auto training = prepare_training(config, without_probes());
  if (!training) return training.error();
  if (Status status = restore_checkpoint(*training, file); !status) return status.error();
  return training;
}

TEST(Float64, CheckpointsLoseNothing) {
  RunConfig config = rows_config(40);
  config.train.batch_size = 50;
  config.train.checkpoint_every = 20;
  const RecordedRun run = train_here(config);
  ASSERT_EQ(run.checkpoints.size(), 2u);
  const auto file = tensor_file_from_bytes(bytes_from_tensor_file(run.checkpoints[0].second), "memory");
  ASSERT_TRUE(file);
  for (const char* name : {"hidden.1.weight", "output.bias", "optimizer.optimizer.first_moment",
                           "optimizer.optimizer.second_moment"})
    EXPECT_EQ(file->tensors.at(name).type, ScalarType::f64) << name;
  auto training = restored_from(config, *file);
  ASSERT_TRUE(training) << training.error().message;
  for (; training->step < 40; ++training->step)
    training->stepper->step(training->step, training->batches.next(training->split, 50));
  const ClassScores scores = training->stepper->evaluate(training->split, nullptr);
  EXPECT_EQ(scores.train_loss, run.at(40)->train_loss);
  EXPECT_EQ(scores.test_loss, run.at(40)->test_loss);
  EXPECT_EQ(norm_of(training->stepper->flat()), run.at(40)->weight_norm);
}

TEST(Float64, ACheckpointOfTheOtherPrecisionIsOneError) {
  RunConfig config = rows_config(20);
  for (const char* precision : {"float32", "float64"}) {
    config.train.precision = precision;
    TensorFile file = train_here(config).checkpoints.at(0).second;
    EXPECT_TRUE(restored_from(config, file));
    RunConfig other = config;
    other.train.precision = computes_in_double(config.train) ? "float32" : "float64";
    const auto refused = restored_from(other, file);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("train.precision"), std::string::npos) << refused.error().message;
    file.metadata["config"] = train_here(other).checkpoints.at(0).second.metadata["config"];  // a lie
    EXPECT_FALSE(restored_from(other, file));
  }
}

TEST(Float64, ProbesSeeEveryBitOfTheWeights) {
  RunConfig config = small_config(20);
  config.train.precision = "float64";
  TrainerOptions options;
  options.threads = 1;
  const RecordedRun run = train_here(config, options);
  const auto last = std::find_if(run.frames.begin(), run.frames.end(), [](const FramePtr& frame) {
    return frame->step == 20 && frame->probe == "progress";
  });
  ASSERT_NE(last, run.frames.end());
  const double squares = run.at(20)->weight_norm * run.at(20)->weight_norm;
  EXPECT_NEAR((*last)->scalars.at("sum_of_squares"), squares, 1e-14 * squares);
}

TEST(Float64, EveryProbeLooksAtEitherPrecisionAlike) {
  for (const char* model : {"mlp", "transformer"}) {
    RunConfig config = std::string_view(model) == "mlp" ? rows_config(20) : small_config(20);
    TrainerOptions options;
    options.threads = 1;
    config.train.precision = "float64";
    const RecordedRun in_double = train_here(config, options);
    config.train.precision = "float32";
    const RecordedRun in_float = train_here(config, options);
    ASSERT_TRUE(in_double.outcome) << in_double.outcome.error().message;
    for (const FramePtr& frame : in_float.frames) {
      if (frame->step != 0 && frame->step != 20) continue;
      const auto alike =
          std::find_if(in_double.frames.begin(), in_double.frames.end(),
                       [&](const FramePtr& f) { return f->step == frame->step && f->probe == frame->probe; });
      if (frame->step == 0 && alike == in_double.frames.end()) continue;  // the budget said no
      ASSERT_NE(alike, in_double.frames.end()) << frame->probe;
      EXPECT_EQ((*alike)->not_applicable, frame->not_applicable) << frame->probe;
      EXPECT_EQ((*alike)->arrays.size(), frame->arrays.size()) << frame->probe;
      EXPECT_EQ((*alike)->scalars.size(), frame->scalars.size()) << frame->probe;
    }
  }
}

}  // namespace
}  // namespace grokscope
