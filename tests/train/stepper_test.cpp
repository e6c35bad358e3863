// The autograd stepper: shards change nothing but rounding, repeats are bit-identical, evaluation scores what
// it says.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "failing_threads.h"
#include "model/toy.h"
#include "small_run.h"
#include "train/kernels/team.h"
#include "train/step/device.h"
#include "train/step/stepper.h"
#include "train/torch_side/loss.h"

namespace grokscope {
namespace {

struct StepperSetup {
  RunConfig config;
  std::shared_ptr<Dataset> data;
  std::shared_ptr<const Model> model;
};

StepperSetup setup_of(RunConfig config, Dataset data) {
  config.train.engine = "autograd";
  StepperSetup setup{config, std::make_shared<Dataset>(std::move(data)), nullptr};
  setup.model = toy::model_of(config, *setup.data);
  return setup;
}

std::unique_ptr<Stepper> stepper_of(const StepperSetup& setup, int threads) {
  StepperOptions options;
  options.threads = threads;
  auto stepper =
      make_stepper(setup.config, setup.model, setup.data, setup.model->initial_parameters(7), options);
  if (!stepper) throw std::runtime_error(stepper.error().message);
  return std::move(*stepper);
}

std::vector<std::int64_t> first_examples(std::int64_t count) {
  std::vector<std::int64_t> examples(static_cast<std::size_t>(count));
  std::iota(examples.begin(), examples.end(), 0);
  return examples;
}

StepperSetup power_setup() {
  RunConfig config = toy::transformer_config();
  config.model.sequence = "power";
  config.model.depth = 2;
  config.model.normalisation = "post";
  return setup_of(config, toy::pairs_dataset(7, 7));
}

TEST(AutogradStepper, ShardsGiveTheSameGradientAsOne) {
  for (const StepperSetup& setup :
       {setup_of(toy::transformer_config(), toy::pairs_dataset(7, 7)), power_setup(),
        setup_of(toy::mlp_config("one_hot"), toy::pairs_dataset(7, 7))}) {
    const std::vector<std::int64_t> batch{3, 40, 8, 9, 10, 22, 1, 0, 48, 30, 31};
    double one_loss = 0.0, loss = 0.0;
    const at::Tensor one = stepper_of(setup, 1)->gradient(batch, &one_loss);
    for (const int threads : {2, 3, 16}) {  // 16: more shards than examples
      const at::Tensor many = stepper_of(setup, threads)->gradient(batch, &loss);
      EXPECT_LT(toy::relative_difference(many, one), 1e-6);
      EXPECT_NEAR(loss, one_loss, 1e-7 * one_loss);
    }
  }
}

TEST(AutogradStepper, GradientIsThatOfTheMeanLossWithTrainTargets) {
  StepperSetup setup = power_setup();
  setup.data->train_targets = at::remainder(setup.data->targets + 1, 7);  // all labels wrong
  auto stepper = stepper_of(setup, 2);
  const std::vector<std::int64_t> batch = first_examples(20);
  double loss = 0.0;
  const at::Tensor found = stepper->gradient(batch, &loss);

  const at::Tensor flat = stepper->flat().to(at::kDouble);
  at::Tensor expected = at::zeros_like(flat), logits_gradient;
  const at::Tensor answers = setup.data->train_targets.narrow(0, 0, 20);
  Batch inputs;
  inputs_as<PairInputs>(inputs.inputs).pairs =
      inputs_as<PairInputs>(setup.data->inputs).pairs.narrow(0, 0, 20);
  inputs.answers = answers;
  const at::Tensor logits =
      setup.model->forward_sequence(leaves_of(setup.model->layout(), flat, expected), inputs);
  const at::Tensor targets = at::cat({answers, at::full({20}, 7, at::kLong)}, 0);
  const at::Tensor losses = loss_rows(LossKind::cross_entropy, logits, targets, 1.0 / 40.0, &logits_gradient);
  logits.backward(logits_gradient);
  EXPECT_NEAR(loss, losses.mean().item<double>(), 1e-6);
  EXPECT_LT(toy::relative_difference(found, expected), 1e-5);
}

TEST(AutogradStepper, RepeatsAreBitIdentical) {
  const StepperSetup setup = setup_of(toy::transformer_config(), toy::pairs_dataset(11, 11));
  for (const int threads : {1, 2, 3}) {
    auto first = stepper_of(setup, threads), second = stepper_of(setup, threads);
    const std::vector<std::int64_t> batch = first_examples(60);
    for (std::int64_t step = 0; step < 30; ++step) {
      ASSERT_EQ(first->step(step, batch), second->step(step, batch)) << "step " << step;
    }
    EXPECT_TRUE(at::equal(first->flat(), second->flat()));
    EXPECT_FALSE(at::equal(first->flat(), setup.model->initial_parameters(7)));
  }
}

TEST(AutogradStepper, LearnsTheTrainingSet) {
  StepperSetup setup = setup_of(toy::transformer_config(), toy::pairs_dataset(7, 7));
  setup.config.optimizer.learning_rate = 1e-2;
  setup.config.optimizer.weight_decay = 0.0;
  auto stepper = stepper_of(setup, 2);
  Split split(49, 0, 1, 25);
  for (std::int64_t step = 0; step < 150; ++step) stepper->step(step, split.train());
  const ClassScores scores = stepper->evaluate(split, nullptr);
  EXPECT_EQ(scores.train_accuracy, 1.0);
  EXPECT_LT(scores.train_loss, 0.1);
  EXPECT_GT(scores.test_loss, scores.train_loss);
  EXPECT_TRUE(std::isnan(scores.formerly_trained_loss));
}

TEST(AutogradStepper, BatchesMayChangeBetweenSteps) {
  const StepperSetup setup = setup_of(toy::mlp_config("embedding"), toy::pairs_dataset(7, 7));
  auto mixed = stepper_of(setup, 2), fresh = stepper_of(setup, 2);
  std::vector<std::int64_t> batch{1, 2, 3, 4};
  mixed->gradient(batch, nullptr);
  batch[2] = 40;  // same buffer, other examples
  EXPECT_TRUE(at::equal(mixed->gradient(batch, nullptr), fresh->gradient(batch, nullptr)));
}

TEST(AutogradStepper, EvaluationScoresEachClassAgainstItsTargets) {
  StepperSetup setup = setup_of(toy::mlp_config("one_hot"), toy::pairs_dataset(7, 7));
  setup.data->train_targets = at::remainder(setup.data->targets + 1, 7);
  auto stepper = stepper_of(setup, 3);
  Split split(49, 0, 5, 30);
  split.set_train_count(20);  // ten are formerly trained now
  at::Tensor logits;
  const ClassScores scores = stepper->evaluate(split, &logits);
  ASSERT_EQ(logits.sizes(), (at::IntArrayRef{49, 7}));
  const auto mean_of = [&](std::span<const std::int64_t> examples, const at::Tensor& targets) {
    double loss = 0.0, right = 0.0;
    for (const std::int64_t i : examples) {
      const auto target = targets[i].item<std::int64_t>();
      loss -= at::log_softmax(logits[i], 0, at::kDouble)[target].item<double>();
      right += logits[i].argmax().item<std::int64_t>() == target ? 1.0 : 0.0;
    }
    const auto count = static_cast<double>(examples.size());
    return std::pair(loss / count, right / count);
  };
  const auto train = mean_of(split.train(), setup.data->train_targets);
  const auto test = mean_of(split.test(), setup.data->targets);
  const auto formerly = mean_of(split.formerly_trained(), setup.data->targets);
  EXPECT_NEAR(scores.train_loss, train.first, 1e-12);
  EXPECT_EQ(scores.train_accuracy, train.second);
  EXPECT_NEAR(scores.test_loss, test.first, 1e-12);
  EXPECT_EQ(scores.test_accuracy, test.second);
  EXPECT_NEAR(scores.formerly_trained_loss, formerly.first, 1e-12);
  EXPECT_EQ(scores.formerly_trained_accuracy, formerly.second);
}

TEST(Stepper, PairsWithoutATrainedMirrorAreScoredApart) {
  auto mirrors = std::make_shared<Mirrors>();
  for (std::int64_t i = 0; i < 49; ++i) mirrors->push_back(i % 7 * 7 + i / 7);
  const Split split(49, 0, 5, 20, mirrors);
  for (const char* engine : {"autograd", "fused"}) {
    RunConfig config = toy::mlp_config("embedding");
    config.train.engine = engine;
    const auto data = std::make_shared<const Dataset>(toy::pairs_dataset(7, 7));
    const auto model = toy::model_of(config, *data);
    auto stepper = make_stepper(config, model, data, model->initial_parameters(1), {.threads = 2});
    ASSERT_TRUE(stepper) << stepper.error().message;
    at::Tensor logits;
    const ClassScores scores = (*stepper)->evaluate(split, &logits);
    const auto unmirrored = split.unmirrored_test();
    double right = 0.0, count = 0.0;
    for (std::int64_t i = 0; i < 49; ++i) {
      if (unmirrored[static_cast<std::size_t>(i)] == 0) continue;
      right += logits[i].argmax().item<std::int64_t>() == data->targets[i].item<std::int64_t>() ? 1.0 : 0.0;
      count += 1.0;
    }
    EXPECT_GT(count, 5.0);
    EXPECT_EQ(scores.unmirrored_test_accuracy, right / count) << engine;
    EXPECT_TRUE(std::isnan((*stepper)->evaluate(Split(49, 0, 5, 20), nullptr).unmirrored_test_accuracy));
  }
}

TEST(AutogradStepper, UnusedImagesAreNotScored) {
  const StepperSetup setup = setup_of(toy::mlp_config("embedding"), toy::images_dataset());
  auto stepper = stepper_of(setup, 2);
  const Split split(8, 4, 5, 3);
  at::Tensor logits;
  stepper->evaluate(split, &logits);
  const std::vector<Membership> membership = split.membership();
  for (std::size_t i = 0; i < membership.size(); ++i) {
    EXPECT_EQ(logits[static_cast<std::int64_t>(i)].isnan().any().item<bool>(),
              membership[i] == Membership::unused);
  }
}

TEST(MakeStepper, EnginesAndLossesAreChecked) {
  StepperSetup setup = power_setup();
  const auto error_of = [&] {
    auto stepper =
        make_stepper(setup.config, setup.model, setup.data, setup.model->initial_parameters(0), {});
    return stepper ? Error{"no error"} : stepper.error();
  };
  setup.config.train.engine = "fused";
  EXPECT_EQ(error_of().exit_code(), 2);
  EXPECT_NE(error_of().message.find("train.engine=auto"), std::string::npos);
  setup.config.train.engine = "autograd";
  setup.config.loss.kind = "hinge";
  EXPECT_EQ(error_of().exit_code(), 2);
}

TEST(Team, EndsThoseThatHaveBegunWhenOneCannotStart) {
  for (int allowed = 0; allowed < 3; ++allowed) {
    const FewThreads few(allowed);
    EXPECT_THROW(Team(4, limit_library_threads), std::runtime_error) << allowed;
  }
  Team team(4, limit_library_threads);
  EXPECT_EQ(team.size(), 4);
}

TEST(Team, ATrainingWithoutThreadsIsOneSentence) {
  TrainerOptions options;
  options.threads = 3;
  for (int allowed = 0; allowed < 3; ++allowed) {  // two shards and the probes
    const FewThreads few(allowed);
    const RecordedRun run = train_here(small_config(20), options);
    ASSERT_FALSE(run.outcome) << allowed;
    EXPECT_NE(run.outcome.error().message.find("ulimit -u"), std::string::npos)
        << run.outcome.error().message;
  }
}

TEST(Team, RunsEveryWorkerEachRoundAndPassesErrorsOn) {
  Team team(4, limit_library_threads);
  std::vector<int> counts(4, 0);
  for (int round = 0; round < 1000; ++round)
    team.run([&](int worker) { ++counts[static_cast<std::size_t>(worker)]; });
  EXPECT_EQ(counts, (std::vector<int>{1000, 1000, 1000, 1000}));
  EXPECT_THROW(team.run([](int worker) {
    if (worker == 2) throw std::runtime_error("worker two");
  }),
               std::runtime_error);
  team.run([&](int worker) { ++counts[static_cast<std::size_t>(worker)]; });  // still usable
  EXPECT_EQ(counts[2], 1001);
}

TEST(Team, BarrierShowsWhatOthersWroteAndAFailureEndsTheWait) {
  Team team(3, limit_library_threads);
  std::vector<int> value(3, 0), seen(3, 0);
  for (int round = 1; round <= 500; ++round) {
    team.run([&](int worker) {
      value[static_cast<std::size_t>(worker)] = round * (worker + 1);
      team.barrier();
      for (const int each : value) seen[static_cast<std::size_t>(worker)] += each;
    });
  }
  EXPECT_EQ(seen, std::vector<int>(3, 6 * 500 * 501 / 2));
  // Two wait at a barrier that the third never reaches; the lowest worker's own error comes out.
  try {
    team.run([&](int worker) {
      if (worker == 1) throw std::runtime_error("worker one");
      team.barrier();
    });
    ADD_FAILURE() << "the error was lost";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "worker one");
  }
  team.run([&](int worker) {
    team.barrier();
    value[static_cast<std::size_t>(worker)] = -1;
  });
  EXPECT_EQ(value, std::vector<int>(3, -1));
}

}  // namespace
}  // namespace grokscope
