// A checkpoint holds all that a run needs to go on bit for bit.
#include "train/loop/checkpoint.h"

#include <cstring>
#include <map>

#include "model/toy.h"
#include "small_run.h"
#include "train/step/device.h"

namespace grokscope {
namespace {

/// 60 steps with minibatches and interventions; a checkpoint at 20, 40 and 60.
RecordedRun checkpointed_run(RunConfig& config) {
  config = small_config();
  config.train.batch_size = 17;
  config.train.checkpoint_every = 20;
  TrainerOptions options = without_probes();
  options.scripted = {set_event(10, "task.train_fraction", 0.7), set_event(20, "task.train_fraction", 0.5),
                      set_event(20, "optimizer.weight_decay", 0.5)};
  return train_here(config, options);
}

Training restored(const RunConfig& config, const TensorFile& file) {
  limit_library_threads();
  auto training = prepare_training(config, without_probes());
  EXPECT_TRUE(training);
  const Status status = restore_checkpoint(*training, file);
  EXPECT_TRUE(status) << status.error().message;
  return std::move(*training);
}

void expect_scores_of(Training& training, const Evaluation& recorded) {
  const ClassScores scores = training.stepper->evaluate(training.split, nullptr);
  EXPECT_EQ(scores.train_loss, recorded.train_loss);
  EXPECT_EQ(scores.test_loss, recorded.test_loss);
  EXPECT_EQ(scores.test_accuracy, recorded.test_accuracy);
  EXPECT_EQ(scores.formerly_trained_loss, recorded.formerly_trained_loss);
}

TEST(Checkpoint, ReproducesTheRecordedEvaluationAndGoesOnTheSame) {
  RunConfig config;
  const RecordedRun run = checkpointed_run(config);
  ASSERT_EQ(run.checkpoints.size(), 3u);
  const at::NoGradGuard no_gradients;
  Training training = restored(config, run.checkpoints[0].second);
  EXPECT_EQ(training.step, 20);
  EXPECT_EQ(training.config.optimizer.weight_decay, 0.5);
  expect_scores_of(training, *run.at(20));
  while (training.step < 60) {
    training.stepper->step(training.step, training.batches.next(training.split, config.train.batch_size));
    training.step += 1;
  }
  expect_scores_of(training, *run.at(60));
}

/// A training on pictures in colour, which no task has yet.
Training colour_training() {
  RunConfig config = small_config();
  config.model.kind = "mlp";
  config.train.batch_size = 3;
  const auto data = std::make_shared<const Dataset>(toy::colour_dataset());
  const auto model = toy::model_of(config, *data);
  const StepperOptions options{.threads = 2};
  auto stepper = make_stepper(config, model, data,
                              model->initial_parameters(static_cast<std::uint64_t>(config.seed)), options);
  EXPECT_TRUE(stepper) << stepper.error().message;
  const auto seed = static_cast<std::uint64_t>(config.seed);
  return Training{config,
                  data,
                  model->layout(),
                  Split(data->pool_size, data->held_out, seed, 6),
                  std::move(*stepper),
                  BatchOrder(seed),
                  0,
                  {},
                  options};
}

void train_to(Training& training, std::int64_t step) {
  for (; training.step < step; ++training.step) {
    training.stepper->step(training.step,
                           training.batches.next(training.split, training.config.train.batch_size));
  }
}

TEST(Checkpoint, ThreeChannelsGoOnBitForBit) {
  limit_library_threads();
  const at::NoGradGuard no_gradients;
  Training whole = colour_training(), second = colour_training();
  EXPECT_EQ(whole.layout.specs()[0].shape[0], 18) << "2 x 3 pixels of three channels";
  train_to(whole, 7);
  const TensorFile file = checkpoint_of(whole);
  train_to(whole, 20);
  ASSERT_TRUE(restore_checkpoint(second, file));
  EXPECT_EQ(second.step, 7);
  train_to(second, 20);
  EXPECT_TRUE(second.stepper->flat().equal(whole.stepper->flat()));
  Training replayed = colour_training();
  train_to(replayed, 20);
  EXPECT_TRUE(replayed.stepper->flat().equal(whole.stepper->flat())) << "config and seed give it again";
}

TEST(Checkpoint, SurvivesTheFileFormat) {
  RunConfig config;
  const RecordedRun run = checkpointed_run(config);
  const auto read = tensor_file_from_bytes(bytes_from_tensor_file(run.checkpoints[2].second), "memory");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->metadata.at("schema"), kCheckpointSchema);
  EXPECT_EQ(read->metadata.at("step"), "60");
  Training training = restored(config, *read);
  expect_scores_of(training, *run.at(60));
}

/// Names and shapes as PyTorch's modules have them: a layer's weight is (out, in).
TEST(Checkpoint, HoldsNamedWeightsInTheShapesOfPyTorch) {
  RunConfig config;
  const TensorFile file = checkpointed_run(config).checkpoints[2].second;
  const std::int64_t width = config.model.width, wide = config.model.mlp_width, p = config.task.modulus;
  const std::map<std::string, std::vector<std::int64_t>> expected{
      {"embed.weight", {p + 1, width}},
      {"embed.positions.weight", {3, width}},
      {"blocks.0.attention.query.weight", {width, width}},
      {"blocks.0.attention.key.weight", {width, width}},
      {"blocks.0.attention.value.weight", {width, width}},
      {"blocks.0.attention.output.weight", {width, width}},
      {"blocks.0.mlp.up.weight", {wide, width}},
      {"blocks.0.mlp.up.bias", {wide}},
      {"blocks.0.mlp.down.weight", {width, wide}},
      {"blocks.0.mlp.down.bias", {width}},
      {"unembed.weight", {p, width}}};
  std::map<std::string, std::vector<std::int64_t>> found;
  for (const auto& [name, tensor] : file.tensors) {
    if (!name.starts_with("optimizer.") && !name.starts_with("batches.")) found[name] = tensor.shape;
  }
  EXPECT_EQ(found, expected);

  const Training training = restored(config, file);
  const ParameterViews views = views_of(training.layout, training.stepper->flat());
  const auto& specs = training.layout.specs();
  const StoredTensor& up = file.tensors.at("blocks.0.mlp.up.weight");
  float turned = 0;
  std::memcpy(&turned, up.bytes.data() + sizeof(float) * static_cast<std::size_t>(2 * width + 1),
              sizeof turned);
  const auto W_in = std::find_if(specs.begin(), specs.end(),
                                 [](const ParameterSpec& spec) { return spec.name == "blocks.0.mlp.W_in"; });
  ASSERT_NE(W_in, specs.end());
  EXPECT_EQ(turned, views[static_cast<std::size_t>(W_in - specs.begin())][1][2].item<float>())
      << "from feature 1 to neuron 2";
}

TEST(Checkpoint, ReadsTheOneVectorOfEarlierVersions) {
  RunConfig config;
  const RecordedRun run = checkpointed_run(config);
  TensorFile file = run.checkpoints[2].second;
  const at::Tensor weights = restored(config, file).stepper->flat().clone();
  std::erase_if(file.tensors, [](const auto& entry) {
    return !entry.first.starts_with("optimizer.") && !entry.first.starts_with("batches.");
  });
  StoredTensor flat{ScalarType::f32, {weights.numel()}, std::vector<std::uint8_t>(weights.nbytes())};
  std::memcpy(flat.bytes.data(), weights.data_ptr<float>(), flat.bytes.size());
  file.tensors["flat"] = flat;
  file.metadata["schema"] = "grokscope.checkpoint/1";
  Training training = restored(config, file);
  EXPECT_TRUE(training.stepper->flat().equal(weights));
  expect_scores_of(training, *run.at(60));
  file.tensors["flat"].bytes.resize(8);
  EXPECT_FALSE(restore_checkpoint(training, file));
}

TEST(Checkpoint, RefusesWhatDoesNotFit) {
  RunConfig config;
  const RecordedRun run = checkpointed_run(config);
  auto training = prepare_training(config, without_probes());
  ASSERT_TRUE(training);
  const TensorFile& good = run.checkpoints[1].second;
  for (const char* name : {"embed.weight", "batches.random", "batches.epoch"}) {
    TensorFile broken = good;
    broken.tensors.erase(name);
    EXPECT_FALSE(restore_checkpoint(*training, broken)) << name;
  }
  for (const char* key : {"schema", "step", "config", "train_count", "batches.position"}) {
    TensorFile broken = good;
    broken.metadata[key] = "x";
    EXPECT_FALSE(restore_checkpoint(*training, broken)) << key;
  }
  TensorFile broken = good;
  broken.tensors["unembed.weight"].bytes.resize(8);
  EXPECT_FALSE(restore_checkpoint(*training, broken));
  broken = good;
  broken.tensors["batches.epoch"].bytes[3] = 0x7f;  // an index far outside
  EXPECT_FALSE(restore_checkpoint(*training, broken));
  EXPECT_TRUE(restore_checkpoint(*training, good));
}

TEST(Checkpoint, AnEpochIsAShuffleOfTheTrainingSetOrRefused) {
  RunConfig config;
  const TensorFile good = checkpointed_run(config).checkpoints[1].second;
  auto training = prepare_training(config, without_probes());
  ASSERT_TRUE(training);
  const auto refuses = [&](const char* what, const auto& damage) {
    TensorFile broken = good;
    damage(broken);
    EXPECT_FALSE(restore_checkpoint(*training, broken)) << what;
  };
  refuses("too short: next() would read past its end", [](TensorFile& file) {
    file.tensors["batches.epoch"].bytes.resize(16);
    file.tensors["batches.epoch"].shape = {2};
    file.metadata["batches.position"] = "1";
  });
  refuses("longer than the training set", [](TensorFile& file) {
    auto& epoch = file.tensors["batches.epoch"];
    epoch.bytes.insert(epoch.bytes.end(), epoch.bytes.begin(), epoch.bytes.begin() + 8);
    epoch.shape[0] += 1;
  });
  refuses("an example twice", [](TensorFile& file) {
    auto& bytes = file.tensors["batches.epoch"].bytes;
    std::copy_n(bytes.begin(), 8, bytes.begin() + 8);
  });
  refuses("not whole integers", [](TensorFile& file) { file.tensors["batches.epoch"].bytes.push_back('x'); });
  refuses("another type", [](TensorFile& file) { file.tensors["batches.epoch"].type = ScalarType::f64; });
  refuses("random numbers that never change", [](TensorFile& file) {
    auto& bytes = file.tensors["batches.random"].bytes;
    std::fill(bytes.begin(), bytes.end(), 0);
  });
  refuses("another shape of the same size", [](TensorFile& file) {
    auto& shape = file.tensors["unembed.weight"].shape;
    std::swap(shape[0], shape[1]);
  });
  refuses("of another task", [](TensorFile& file) {
    auto& text = file.metadata["config"];
    text.replace(text.find("\"modulus\":11"), 12, "\"modulus\":13");
  });
  EXPECT_TRUE(restore_checkpoint(*training, good));
}

}  // namespace
}  // namespace grokscope
