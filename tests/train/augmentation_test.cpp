// Augmentation: a crop and a flip by hand, how they are drawn, that a training step sees them and nothing
// else does, and that a run with it repeats and goes on from a checkpoint.
#include "train/torch_side/augmentation.h"

#include <set>

#include "base/random.h"
#include "data/idx_files.h"
#include "small_run.h"
#include "train/fused_case.h"
#include "train/loop/checkpoint.h"
#include "train/loop/training.h"
#include "train/step/device.h"

namespace grokscope {
namespace {

Augmentation augmentation_of(const char* kind, std::uint64_t seed = 1) {
  return *Augmentation::make(kind, ImageInputs{}, seed);
}

at::Tensor integers(const std::vector<std::int64_t>& values, at::IntArrayRef shape) {
  return at::tensor(values).view(shape);
}

TEST(Augmentation, CropsAndMirrorsByHand) {
  ImageInputs images;
  images.height = 2;
  images.width = 3;
  images.channels = 2;
  images.pixels = at::tensor(std::vector<float>{1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60}).repeat({5, 1});
  const at::Tensor draws = integers({4, 4, 0,   // as it is
                                     5, 3, 0,   // the crop begins one lower and one further left
                                     4, 4, 1,   // mirrored
                                     3, 5, 1,   // moved, then mirrored
                                     0, 8, 0},  // moved out altogether
                                    {5, 3});
  const at::Tensor expected = at::tensor(std::vector<float>{1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60,  //
                                                            0, 4, 5, 0, 0, 0, 0,  40, 50, 0,  0,  0,   //
                                                            3, 2, 1, 6, 5, 4, 30, 20, 10, 60, 50, 40,  //
                                                            0, 0, 0, 0, 3, 2, 0,  0,  0,  0,  30, 20,  //
                                                            0, 0, 0, 0, 0, 0, 0,  0,  0,  0,  0,  0})
                                  .view({5, 12});
  const ImageInputs changed = Augmentation::changed(images, draws);
  EXPECT_TRUE(at::equal(changed.pixels, expected)) << changed.pixels;
  EXPECT_EQ(changed.channels, 2);
}

TEST(Augmentation, DrawsOfSeedStepAndExampleAlone) {
  const Augmentation both = augmentation_of("crop_flip");
  const std::vector<std::int64_t> examples = {7, 3, 900, 12};
  const at::Tensor draws = both.draws(5, examples);
  EXPECT_TRUE(at::equal(both.draws(5, examples), draws));
  const std::vector<std::int64_t> back = {12, 900};
  EXPECT_TRUE(at::equal(both.draws(5, back), draws.index_select(0, integers({3, 2}, {2}))));
  EXPECT_FALSE(at::equal(both.draws(6, examples), draws));
  EXPECT_FALSE(at::equal(augmentation_of("crop_flip", 2).draws(5, examples), draws));
  EXPECT_TRUE(at::equal(both.draws(-1, examples), integers({4, 4, 0}, {1, 3}).expand({4, 3})));
  EXPECT_TRUE(at::equal(augmentation_of("crop").draws(5, examples).narrow(1, 0, 2), draws.narrow(1, 0, 2)));
  EXPECT_TRUE(at::equal(augmentation_of("flip").draws(5, examples).select(1, 2), draws.select(1, 2)));
}

TEST(Augmentation, EveryCropIsAsLikelyAndHalfAreMirrored) {
  std::vector<std::int64_t> examples(9000);
  for (std::size_t i = 0; i < examples.size(); ++i) examples[i] = static_cast<std::int64_t>(i);
  const at::Tensor draws = augmentation_of("crop_flip").draws(0, examples);
  for (const std::int64_t which : {0, 1}) {  // 1000 of each of nine: deviation 30
    const at::Tensor counts = at::bincount(draws.select(1, which));
    ASSERT_EQ(counts.numel(), 9);
    EXPECT_LT((counts - 1000).abs().max().item<std::int64_t>(), 150) << counts;
  }
  EXPECT_NEAR(draws.select(1, 2).sum().item<double>(), 4500.0, 240.0);
  const at::Tensor places = draws.select(1, 0) * 9 + draws.select(1, 1);  // row and column apart
  EXPECT_GT(at::bincount(places, {}, 81).min().item<std::int64_t>(), 50);
  EXPECT_EQ(augmentation_of("crop").draws(0, examples).select(1, 2).sum().item<std::int64_t>(), 0);
  EXPECT_TRUE(augmentation_of("flip").draws(0, examples).narrow(1, 0, 2).eq(4).all().item<bool>());
}

TEST(Augmentation, IsForPictures) {
  EXPECT_TRUE(Augmentation::make("none", PairInputs{}, 0).ok());
  EXPECT_FALSE(Augmentation::make("none", PairInputs{}, 0)->on());
  EXPECT_EQ(Augmentation::make("crop", PairInputs{}, 0).error().message,
            "train.augmentation is for pictures, and these inputs are pairs: set train.augmentation=none");
  EXPECT_EQ(Augmentation::make("zoom", ImageInputs{}, 0).error().message,
            "train.augmentation 'zoom' is unknown: use none, crop, flip or crop_flip");
}

/// Twelve pictures in colour of 6 x 7 pixels.
Dataset pictures() {
  Dataset data = toy::images_dataset();
  ImageInputs& images = inputs_as<ImageInputs>(data.inputs);
  images.channels = 3;
  images.height = 6;
  images.width = 7;
  images.pixels = at::frac(at::arange(12 * 126, at::kFloat) * 0.377).view({12, 126}).contiguous();
  return data;
}

RunConfig stepper_config(const char* augmentation) {
  RunConfig config;
  config.model = toy::mlp_config("embedding").model;
  config.train.augmentation = augmentation;
  config.optimizer = {.kind = "sgd", .learning_rate = 0.5, .weight_decay = 0.0, .warmup_steps = 0};
  config.seed = 9;
  return config;
}

std::unique_ptr<Stepper> stepper_of(const RunConfig& config, const Dataset& data,
                                    const StepperOptions& options) {
  const auto model = toy::model_of(config, data);
  auto stepper = make_stepper(config, model, std::make_shared<const Dataset>(data),
                              model->initial_parameters(2), options);
  if (!stepper) throw std::runtime_error(stepper.error().message);
  return std::move(*stepper);
}

TEST(Augmentation, AStepLearnsFromTheChangedPicturesAndNothingElseSeesThem) {
  const std::vector<std::int64_t> batch = {5, 0, 3, 7, 1};
  const Dataset data = pictures();
  const RunConfig config = stepper_config("crop_flip");
  for (const int threads : {1, 2, 3}) {
    auto stepper = stepper_of(config, data, {.cuda = false, .threads = threads});
    EXPECT_EQ(stepper->engine(), "autograd");
    for (const std::int64_t step : {0, 1, 2}) {  // the same batch again: nothing is kept of the step before
      Dataset seen = data;
      const auto draws = augmentation_of("crop_flip", 9).draws(step, batch);
      ImageInputs& all = inputs_as<ImageInputs>(seen.inputs);
      ImageInputs some = all;
      const at::Tensor index = at::tensor(batch);
      some.pixels = all.pixels.index_select(0, index);
      all.pixels = all.pixels.index_copy(0, index, Augmentation::changed(some, draws).pixels);
      auto plain = stepper_of(stepper_config("none"), seen, {.cuda = false, .threads = 1});
      plain->flat().copy_(stepper->flat());
      const at::Tensor before = stepper->flat().clone();
      const at::Tensor gradient = plain->gradient(batch, nullptr);
      stepper->step(step, batch);
      const at::Tensor expected = before - 0.5 * gradient;
      EXPECT_LT((stepper->flat() - expected).abs().max().item<double>(), 1e-6) << threads;
      EXPECT_GT((before - expected).abs().max().item<double>(), 1e-3);
    }
    auto plain = stepper_of(stepper_config("none"), data, {.cuda = false, .threads = threads});
    plain->flat().copy_(stepper->flat());
    EXPECT_LT(toy::relative_difference(stepper->gradient(batch, nullptr), plain->gradient(batch, nullptr)),
              1e-6);
    const Split split(8, 4, 1, 5);
    EXPECT_NEAR(stepper->evaluate(split, nullptr).train_loss, plain->evaluate(split, nullptr).train_loss,
                1e-6);
  }
}

TEST(Augmentation, TheWayOfADeviceGivesTheSameNumbers) {
  const Dataset data = pictures();
  auto host = stepper_of(stepper_config("crop_flip"), data, {.cuda = false, .threads = 1});
  auto device =
      stepper_of(stepper_config("crop_flip"), data, {.cuda = false, .threads = 1, .as_on_device = true});
  RandomStream random(4, "batches");
  for (std::int64_t step = 0; step < 8; ++step) {
    std::vector<std::int64_t> batch = random.permutation(8);
    batch.resize(step < 4 ? 8 : 5);
    host->step(step, batch);
    device->step(step, batch);
    double host_loss = 0.0, device_loss = 0.0;
    EXPECT_TRUE(at::equal(host->gradient(batch, &host_loss), device->gradient(batch, &device_loss)));
    EXPECT_EQ(host_loss, device_loss);
  }
  EXPECT_TRUE(at::equal(host->flat(), device->flat()));
}

/// A folder of 40 + 20 pictures of 5 x 5 pixels in four classes.
void write_pictures(const ScratchFolder& folder) {
  for (const auto& [stem, count] : {std::pair<std::string, std::uint32_t>{"train", 40}, {"t10k", 20}}) {
    RandomStream random(count, "pictures");
    std::string pixels, labels;
    for (std::uint32_t i = 0; i < count; ++i) labels += static_cast<char>(i % 4);
    for (std::uint32_t i = 0; i < 25 * count; ++i) pixels += static_cast<char>(random.below(256));
    folder.write(stem + "-images-idx3-ubyte", idx_file({count, 5, 5}, pixels));
    folder.write(stem + "-labels-idx1-ubyte", idx_file({count}, labels));
  }
}

TEST(Augmentation, RunsRepeatAndGoOnFromACheckpoint) {
  const ScratchFolder folder;
  write_pictures(folder);
  RunConfig config = small_config(40);
  config.task = {.kind = "images", .path = folder.path(), .train_size = 40};
  config.model.kind = "mlp";
  config.train.augmentation = "crop_flip";
  config.train.batch_size = 16;
  config.train.checkpoint_every = 20;
  TrainerOptions options = without_probes();
  options.threads = 2;
  const RecordedRun run = train_here(config, options);
  ASSERT_NE(run.at(40), nullptr);
  expect_same_numbers(run.evaluations, train_here(config, options).evaluations);
  RunConfig plain = config;
  plain.train.augmentation = "none";
  plain.train.engine = "autograd";
  EXPECT_EQ(train_here(plain, options).at(0)->train_loss, run.at(0)->train_loss);
  EXPECT_NE(train_here(plain, options).at(40)->train_loss, run.at(40)->train_loss);

  ASSERT_EQ(run.checkpoints.size(), 2u);
  const at::NoGradGuard no_gradients;
  auto training = prepare_training(config, options);
  ASSERT_TRUE(training);
  ASSERT_TRUE(restore_checkpoint(*training, run.checkpoints[0].second));
  for (; training->step < 40; ++training->step)
    training->stepper->step(training->step, training->batches.next(training->split, config.train.batch_size));
  EXPECT_EQ(training->stepper->evaluate(training->split, nullptr).test_loss, run.at(40)->test_loss);
}

}  // namespace
}  // namespace grokscope
