// Knobs in whole runs: both engines agree, runs repeat bit for bit, checkpoints hold what filters remember,
// live changes act from their step on, and weights are rescaled when asked.
#include <cmath>

#include "history/interventions.h"
#include "model/toy.h"
#include "small_run.h"
#include "train/loop/checkpoint.h"
#include "train/loop/training.h"
#include "train/step/device.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

struct KnobCase {
  const char* name;
  std::vector<const char*> settings;
};

const std::vector<KnobCase>& optimizer_knobs() {
  static const std::vector<KnobCase> kCases = {
      {"muon", {"optimizer.kind=muon"}},
      {"orthogonal gradient", {"optimizer.orthogonal_gradient=true"}},
      {"grokfast ema", {"optimizer.gradient_filter=grokfast_ema", "optimizer.filter_strength=3"}},
      {"grokfast ma", {"optimizer.gradient_filter=grokfast_ma", "optimizer.filter_window=4"}},
      {"clip", {"optimizer.gradient_clip=0.01"}},
      {"l1", {"optimizer.l1=0.01"}},
      {"to initialisation", {"optimizer.decay_towards=initialisation", "optimizer.weight_decay=3"}},
      {"to initialisation, coupled",
       {"optimizer.kind=adam", "optimizer.decay_towards=initialisation", "optimizer.weight_decay=3"}},
      {"embeddings", {"optimizer.embedding_learning_rate=0.0003", "optimizer.embedding_weight_decay=0"}},
      {"weight noise", {"optimizer.weight_noise=0.05"}},
      {"gradient noise", {"optimizer.gradient_noise=0.01"}},
      {"clamp", {"optimizer.clamp_norm=0.8"}},
      {"schedule", {"optimizer.schedule=inverse_sqrt", "optimizer.schedule_steps=3"}},
      {"schedule of muon",
       {"optimizer.kind=muon", "optimizer.schedule=inverse_sqrt", "optimizer.schedule_steps=3"}},
      {"schedule of embeddings",
       {"optimizer.embedding_learning_rate=0.0003", "optimizer.schedule=inverse_sqrt",
        "optimizer.schedule_steps=3", "optimizer.warmup_steps=4"}},
  };
  return kCases;
}

RunConfig with_settings(RunConfig config, const std::vector<const char*>& settings) {
  for (const char* setting : settings) {
    const Status set = set_field_from_text(config, setting);
    EXPECT_TRUE(set) << setting;
  }
  return config;
}

/// Gradients far from 0 and a large ε, so that Adam does not blow rounding up.
RunConfig knob_config(std::int64_t steps = 60) {
  RunConfig config = small_config(steps);
  config.optimizer.epsilon = 1e-3;
  config.optimizer.warmup_steps = 0;
  return config;
}

at::Tensor weights_after_steps(const RunConfig& config, int threads, std::int64_t steps) {
  TrainerOptions options = without_probes();
  options.threads = threads;
  auto training = prepare_training(config, options);
  EXPECT_TRUE(training);
  for (; training->step < steps; ++training->step) {
    training->stepper->step(training->step, training->batches.next(training->split, config.train.batch_size));
  }
  return training->stepper->flat().clone();
}

TEST(Knobs, BothEnginesAgreeOnEveryOptimizerSetting) {
  limit_library_threads();
  const at::NoGradGuard no_gradients;
  const at::Tensor plain = weights_after_steps(knob_config(), 1, 12);
  for (const KnobCase& knob : optimizer_knobs()) {
    RunConfig config = with_settings(knob_config(), knob.settings);
    config.train.engine = "autograd";
    const at::Tensor reference = weights_after_steps(config, 1, 12);
    config.train.engine = "fused";
    EXPECT_LT(toy::relative_difference(weights_after_steps(config, 1, 12), reference), 1e-4) << knob.name;
    EXPECT_LT(toy::relative_difference(weights_after_steps(config, 3, 12), reference), 1e-4) << knob.name;
    EXPECT_GT(toy::relative_difference(reference, plain), 1e-3) << knob.name << " does nothing";
  }
}

TEST(Knobs, RunsRepeatBitForBitWithAnyOfThem) {
  std::vector<KnobCase> cases = optimizer_knobs();
  cases.push_back({"dropout", {"model.dropout=0.2"}});
  cases.push_back({"stablemax", {"loss.kind=stablemax"}});
  cases.push_back({"float64", {"train.precision=float64"}});
  for (const KnobCase& knob : cases) {
    RunConfig config = with_settings(knob_config(30), knob.settings);
    config.train.batch_size = 17;
    TrainerOptions options = without_probes();
    options.threads = 2;
    const RecordedRun first = train_here(config, options);
    ASSERT_FALSE(first.evaluations.empty()) << knob.name;
    expect_same_numbers(first.evaluations, train_here(config, options).evaluations);
    config.seed += 1;
    EXPECT_NE(train_here(config, options).evaluations.back().train_loss, first.evaluations.back().train_loss);
  }
}

/// A checkpoint at 20 of a run with a change at 10 goes on as the run did.
void expect_that_it_resumes(const RunConfig& config, std::vector<Event> scripted, const std::string& name) {
  TrainerOptions options = without_probes();
  options.scripted = std::move(scripted);
  const RecordedRun run = train_here(config, options);
  ASSERT_EQ(run.checkpoints.size(), 2u) << name;
  const auto read = tensor_file_from_bytes(bytes_from_tensor_file(run.checkpoints[0].second), "memory");
  ASSERT_TRUE(read) << name;
  const at::NoGradGuard no_gradients;
  auto training = prepare_training(config, options);
  ASSERT_TRUE(training) << name;
  const Status restored = restore_checkpoint(*training, *read);
  ASSERT_TRUE(restored) << name << ": " << restored.error().message;
  for (; training->step < 40; ++training->step) {
    training->stepper->step(training->step, training->batches.next(training->split, config.train.batch_size));
  }
  const ClassScores scores = training->stepper->evaluate(training->split, nullptr);
  EXPECT_EQ(scores.train_loss, run.at(40)->train_loss) << name;
  EXPECT_EQ(scores.test_loss, run.at(40)->test_loss) << name;
}

TEST(Knobs, CheckpointsHoldWhatEveryKnobRemembers) {
  std::vector<KnobCase> cases = optimizer_knobs();
  cases.push_back({"dropout", {"model.dropout=0.2"}});
  for (std::size_t plain = cases.size(), at = 0; at < plain; ++at) {
    cases.push_back(cases[at]);
    cases.back().settings.push_back("train.precision=float64");
  }
  cases.push_back(
      {"a window that is not full", {"optimizer.gradient_filter=grokfast_ma", "optimizer.filter_window=30"}});
  for (const KnobCase& knob : cases) {
    RunConfig config = with_settings(knob_config(40), knob.settings);
    config.train.batch_size = 17;
    config.train.checkpoint_every = 20;
    expect_that_it_resumes(config, {}, knob.name);
  }
  RunConfig config = knob_config(40);
  config.train.checkpoint_every = 20;
  expect_that_it_resumes(config, {set_event(10, "model.dropout", 0.3)}, "dropout set at 10");
  expect_that_it_resumes(config, {{10, "rescale_norm", {{"value", 5.0}}}}, "rescaled at 10");
  expect_that_it_resumes(config, {set_event(10, "optimizer.clamp_norm", 0.7)}, "clamped at 10");
  expect_that_it_resumes(config, {set_event(10, "task.label_noise", 0.3)}, "labels made wrong at 10");
  config.task.label_noise = 0.3;
  expect_that_it_resumes(config, {set_event(10, "task.label_noise", 0.1)}, "labels put right at 10");
}

TEST(Knobs, NoisyLabelsInMidRunAreThoseOfARunThatBeganWithThem) {
  for (const char* engine : {"fused", "autograd"}) {
    RunConfig noisy = knob_config(30), plain = noisy;
    plain.train.engine = noisy.train.engine = engine;
    noisy.task.label_noise = 0.3;
    TrainerOptions options = without_probes();
    options.scripted = {set_event(0, "task.label_noise", 0.3)};
    expect_same_numbers(train_here(noisy).evaluations, train_here(plain, options).evaluations);
    options.scripted = {set_event(0, "task.label_noise", 0.0)};
    expect_same_numbers(train_here(plain).evaluations, train_here(noisy, options).evaluations);
  }
}

TEST(Knobs, ProbesKeepTheLabelsThatTheyWereGiven) {
  auto training = prepare_training(knob_config(), without_probes());
  ASSERT_TRUE(training);
  const std::shared_ptr<const Dataset> given = training->data;
  const at::Tensor labels = given->train_targets.clone();
  training->config.task.label_noise = 0.5;
  ASSERT_TRUE(renew_labels(*training));
  EXPECT_TRUE(at::equal(given->train_targets, labels));
  EXPECT_EQ(training->data->train_targets.ne(labels).sum().item<std::int64_t>(), 61) << "half of 121";
  EXPECT_TRUE(at::equal(training->data->targets, given->targets));
}

TEST(Knobs, ACheckpointWithoutTheFiltersMemoryIsRefused) {
  RunConfig config = with_settings(knob_config(20), {"optimizer.gradient_filter=grokfast_ema"});
  const RecordedRun run = train_here(config);
  ASSERT_EQ(run.checkpoints.size(), 1u);
  TensorFile broken = run.checkpoints[0].second;
  ASSERT_EQ(broken.tensors.erase("optimizer.filter.average"), 1u);
  auto training = prepare_training(config, without_probes());
  EXPECT_FALSE(restore_checkpoint(*training, broken));
  EXPECT_TRUE(restore_checkpoint(*training, run.checkpoints[0].second));
}

TEST(Knobs, LiveSettingsActFromTheirStepOn) {
  const RecordedRun plain = train_here(knob_config(40));
  for (const auto& [field, value] :
       std::vector<std::pair<std::string, Json>>{{"optimizer.l1", 0.05},
                                                 {"optimizer.embedding_learning_rate", 0.05},
                                                 {"optimizer.embedding_weight_decay", 0.0},
                                                 {"optimizer.weight_noise", 0.5},
                                                 {"optimizer.gradient_noise", 0.5},
                                                 {"optimizer.clamp_norm", 0.7},
                                                 {"model.dropout", 0.3},
                                                 {"task.label_noise", 0.4}}) {
    TrainerOptions options = without_probes();
    options.scripted = {set_event(20, field, value)};
    const RecordedRun changed = train_here(knob_config(40), options);
    ASSERT_EQ(changed.events_of("set").size(), 1u) << field;
    EXPECT_EQ(changed.at(20)->weight_norm, plain.at(20)->weight_norm) << field;
    if (field == "task.label_noise") {
      EXPECT_GT(std::abs(changed.at(20)->train_loss - plain.at(20)->train_loss), 1e-2) << "the new labels";
      EXPECT_EQ(changed.at(20)->test_loss, plain.at(20)->test_loss);
    } else {
      EXPECT_NEAR(changed.at(20)->train_loss, plain.at(20)->train_loss, 1e-5)
          << field;  // another engine's rounding
    }
    EXPECT_NE(changed.at(30)->weight_norm, plain.at(30)->weight_norm) << field;
    TrainerOptions replay = without_probes();
    replay.scripted = changed.events;
    expect_same_numbers(changed.evaluations, train_here(knob_config(40), replay).evaluations);
  }
  RunConfig filtered = with_settings(knob_config(40), {"optimizer.gradient_filter=grokfast_ema"});
  TrainerOptions options = without_probes();
  options.scripted = {set_event(20, "optimizer.filter_strength", 0.0)};
  EXPECT_NE(train_here(filtered, options).at(30)->weight_norm, train_here(filtered).at(30)->weight_norm);
}

TEST(Knobs, TheClampIsAMultipleOfTheInitialNormWheneverItIsSet) {
  TrainerOptions options = without_probes();
  options.scripted = {set_event(20, "optimizer.clamp_norm", 0.9), set_event(40, "optimizer.clamp_norm", 0.0)};
  const RecordedRun run = train_here(knob_config(60), options);
  const double initial = run.at(0)->weight_norm;
  EXPECT_GT(std::abs(run.at(20)->weight_norm / initial - 0.9), 1e-3);
  EXPECT_NEAR(run.at(30)->weight_norm / initial, 0.9, 1e-6);
  EXPECT_NEAR(run.at(40)->weight_norm / initial, 0.9, 1e-6);
  EXPECT_GT(std::abs(run.at(50)->weight_norm / initial - 0.9), 1e-4);
}

TEST(Knobs, DropoutTurnsTheFastPathOffAndOnAgain) {
  TrainerOptions options = without_probes();
  options.scripted = {set_event(10, "model.dropout", 0.2), set_event(20, "model.dropout", 0.1),
                      set_event(30, "model.dropout", 0.0)};
  const RecordedRun run = train_here(knob_config(40), options);
  const auto sets = run.events_of("set");
  ASSERT_EQ(sets.size(), 3u);
  EXPECT_EQ(sets[0].detail["engine"], "autograd");
  EXPECT_FALSE(sets[1].detail.contains("engine"));
  EXPECT_EQ(sets[2].detail["engine"], "fused");
  RunConfig fused = knob_config(40);
  fused.train.engine = "fused";
  const RecordedRun refused = train_here(fused, options);
  EXPECT_EQ(refused.events_of("set").size(), 1u);  // back to 0 is no change
  ASSERT_EQ(refused.events_of("note").size(), 2u);
  EXPECT_NE(refused.events_of("note")[0].detail["text"].get<std::string>().find("train.engine"),
            std::string::npos);
}

TEST(Knobs, AReplayFollowsTheRecordedChangesOfEngine) {
  TrainerOptions options = without_probes();
  options.scripted = {set_event(10, "model.dropout", 0.2), set_event(30, "model.dropout", 0.0)};
  const RecordedRun run = train_here(knob_config(40), options);
  TrainerOptions replay = without_probes();
  replay.scripted = run.events;
  for (const char* began_with : {"fused", ""}) {
    replay.preferred_engine = began_with;
    const RecordedRun again = train_here(knob_config(40), replay);
    expect_same_numbers(run.evaluations, again.evaluations);
    EXPECT_EQ(again.events_of("set")[1].detail["engine"], "fused");
  }
  // A run that autograd computed although a fused core could have: the recorded engine is asked for again.
  TrainerOptions slow = without_probes();
  slow.preferred_engine = "autograd";
  const RecordedRun autograd = train_here(knob_config(20), slow);
  RunConfig forced = knob_config(20);
  forced.train.engine = "autograd";
  expect_same_numbers(train_here(forced).evaluations, autograd.evaluations);
}

TEST(Knobs, ACheckpointOfARescaledStepHasTheRescaledWeights) {
  RunConfig config = knob_config(40);
  config.train.checkpoint_every = 20;
  TrainerOptions options = without_probes();
  options.scripted = {{20, "rescale_norm", {{"value", 7.25}}}, {40, "rescale_norm", {{"value", 3.5}}}};
  const RecordedRun run = train_here(config, options);
  ASSERT_EQ(run.checkpoints.size(), 2u);
  for (const auto& [step, file] : run.checkpoints) {
    auto training = prepare_training(config, without_probes());
    ASSERT_TRUE(training);
    ASSERT_TRUE(restore_checkpoint(*training, file));
    EXPECT_NEAR(norm_of(training->stepper->flat()), run.at(step)->weight_norm, 1e-9) << step;
    EXPECT_NEAR(norm_of(training->stepper->flat()), step == 20 ? 7.25 : 3.5, 1e-5) << step;
  }
}

TEST(Knobs, WeightsAreRescaledToANormAndTheRunReplays) {
  TrainerOptions options = without_probes();
  options.scripted = {{20, "rescale_norm", {{"value", 7.25}}}};
  const RecordedRun plain = train_here(knob_config(40)), run = train_here(knob_config(40), options);
  EXPECT_EQ(run.at(10)->weight_norm, plain.at(10)->weight_norm);
  EXPECT_NEAR(run.at(20)->weight_norm, 7.25, 1e-5);
  EXPECT_NE(run.at(20)->test_loss, plain.at(20)->test_loss);
  const auto events = run.events_of("rescale_norm");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].step, 20);
  EXPECT_EQ(events[0].detail["value"], 7.25);
  EXPECT_NEAR(events[0].detail["from"].get<double>(), plain.at(20)->weight_norm, 1e-6);
  TrainerOptions replay = without_probes();
  replay.scripted = run.events;
  expect_same_numbers(run.evaluations, train_here(knob_config(40), replay).evaluations);
}

TEST(Knobs, ABadNormChangesNothingAndSaysSo) {
  const RecordedRun plain = train_here(knob_config(20));
  const RecordedRun refused = train_here(
      knob_config(20), without_probes(),
      {norm_rescaling(0.0), norm_rescaling(-3.0), norm_rescaling(std::nan("")), norm_rescaling(1e300)});
  expect_same_numbers(plain.evaluations, refused.evaluations);
  EXPECT_TRUE(refused.events_of("rescale_norm").empty());
  ASSERT_EQ(refused.events_of("note").size(), 4u);
  EXPECT_NE(refused.events_of("note")[1].detail["text"].get<std::string>().find("-3"), std::string::npos);
}

TEST(Knobs, SettingsWithoutAFastPathAreNeverIgnored) {
  for (const char* setting : {"model.dropout=0.1", "loss.kind=stablemax"}) {
    RunConfig config = with_settings(knob_config(), {setting});
    auto training = prepare_training(config, without_probes());
    ASSERT_TRUE(training);
    EXPECT_EQ(training->stepper->engine(), "autograd") << setting;
    config.train.engine = "fused";
    EXPECT_FALSE(prepare_training(config, without_probes())) << setting;
    EXPECT_FALSE(validate(config)) << setting;
  }
  RunConfig config = with_settings(knob_config(), {"model.dropout=0.1"});
  config.model.kind = "adder";
  EXPECT_FALSE(validate(config));
}

}  // namespace
}  // namespace grokscope
