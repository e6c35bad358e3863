// The loop: what it publishes, when interventions act, how it stops.
#include "train/loop/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "contract/probe_names.h"
#include "small_run.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;

TEST(Trainer, EvaluatesOnScheduleAndStopsAtTheStepLimit) {
  const RecordedRun run = train_here(small_config(25));
  ASSERT_TRUE(run.outcome) << run.outcome.error().message;
  EXPECT_EQ(*run.outcome, StopReason::steps);
  std::vector<std::int64_t> steps;
  for (const Evaluation& evaluation : run.evaluations) steps.push_back(evaluation.step);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 1, 2, 5, 10, 20, 25}));
  ASSERT_FALSE(run.events.empty());
  EXPECT_EQ(run.events.back().kind, "stopped");
  EXPECT_EQ(run.events.back().step, 25);
  EXPECT_EQ(run.events.back().detail["reason"], "steps");
}

TEST(Trainer, SameConfigAndSeedGiveTheSameBits) {
  for (const std::int64_t batch_size : {0, 17}) {
    RunConfig config = small_config();
    config.train.batch_size = batch_size;
    const RecordedRun first = train_here(config), second = train_here(config);
    expect_same_numbers(first.evaluations, second.evaluations);
    config.seed += 1;
    const RecordedRun other = train_here(config);
    EXPECT_NE(first.evaluations.back().train_loss, other.evaluations.back().train_loss);
  }
}

TEST(Trainer, ProbesDoNotChangeTheNumbers) {
  TrainerOptions with_probes;
  with_probes.threads = 1;
  const RecordedRun plain = train_here(small_config()), probed = train_here(small_config(), with_probes);
  expect_same_numbers(plain.evaluations, probed.evaluations);
  EXPECT_TRUE(plain.frames.empty());
  EXPECT_FALSE(probed.frames.empty());
}

TEST(Trainer, TheLastStepIsProbedByEveryProbe) {
  TrainerOptions options;
  options.threads = 1;
  const RecordedRun run = train_here(small_config(), options);
  std::vector<std::string> last;
  for (const FramePtr& frame : run.frames) {
    if (frame->step == 60) last.push_back(frame->probe);
  }
  std::vector<std::string> all;
  for (const ProbeName& probe : kProbeNames) all.emplace_back(probe.name);
  std::sort(last.begin(), last.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(last, all);
}

TEST(Trainer, AnInterventionActsBeforeItsStep) {
  TrainerOptions options = without_probes();
  options.scripted = {set_event(20, "task.train_fraction", 0.75),
                      set_event(20, "optimizer.learning_rate", 1e-3)};
  const RecordedRun changed = train_here(small_config(), options), plain = train_here(small_config());
  ASSERT_NE(changed.at(20), nullptr);
  EXPECT_EQ(changed.at(10)->train_count, plain.at(10)->train_count);
  EXPECT_EQ(changed.at(10)->train_loss, plain.at(10)->train_loss);
  EXPECT_EQ(changed.at(20)->train_count, 90);  // 0.75 of 121, rounded down
  EXPECT_EQ(changed.at(20)->learning_rate, 1e-3);
  EXPECT_EQ(changed.at(20)->weight_norm, plain.at(20)->weight_norm);  // no update yet
  EXPECT_NE(changed.at(30)->weight_norm, plain.at(30)->weight_norm);
  const auto sets = changed.events_of("set");
  ASSERT_EQ(sets.size(), 2u);
  EXPECT_EQ(sets[1].step, 20);
  EXPECT_EQ(sets[1].detail["from"], 3e-3);
  EXPECT_EQ(sets[1].detail["value"], 1e-3);
}

TEST(Trainer, AnInterventionAtStepZeroEqualsAConfig) {
  TrainerOptions options = without_probes();
  options.scripted = {set_event(0, "optimizer.weight_decay", 0.25)};
  RunConfig config = small_config();
  const RecordedRun scripted = train_here(config, options);
  config.optimizer.weight_decay = 0.25;
  expect_same_numbers(scripted.evaluations, train_here(config).evaluations);
}

TEST(Trainer, CountsAlwaysAddUpAndFormerlyTrainedIsNeverTest) {
  TrainerOptions options = without_probes();
  options.scripted = {set_event(10, "task.train_fraction", 0.8), set_event(30, "task.train_fraction", 0.4),
                      set_event(50, "task.train_fraction", 0.6)};
  const RecordedRun run = train_here(small_config(), options);
  for (const Evaluation& evaluation : run.evaluations) {
    EXPECT_EQ(evaluation.train_count + evaluation.test_count + evaluation.formerly_trained_count, 121);
  }
  EXPECT_EQ(run.at(20)->formerly_trained_count, 0);
  EXPECT_TRUE(std::isnan(run.at(20)->formerly_trained_accuracy));
  EXPECT_EQ(run.at(30)->formerly_trained_count, run.at(20)->train_count - run.at(30)->train_count);
  EXPECT_EQ(run.at(30)->test_count, run.at(20)->test_count);
  EXPECT_TRUE(std::isfinite(run.at(30)->formerly_trained_accuracy));
  EXPECT_LT(run.at(50)->formerly_trained_count, run.at(30)->formerly_trained_count);
}

TEST(Trainer, TrainFractionOutranksAnExactTrainSize) {
  RunConfig config = small_config();
  config.task.train_size = 30;
  TrainerOptions options = without_probes();
  options.scripted = {set_event(20, "task.train_fraction", 0.5)};
  const RecordedRun run = train_here(config, options);
  EXPECT_EQ(run.at(10)->train_count, 30);
  EXPECT_NEAR(static_cast<double>(run.at(20)->train_count), 60.5, 0.6);
}

TEST(Trainer, PauseStepAndResumeLeaveTheNumbersAlone) {
  const RecordedRun plain = train_here(small_config());
  const RecordedRun paused = train_here(small_config(), without_probes(),
                                        {Pause{}, StepOnce{}, StepOnce{}, SetSpeed{5000.0}, Resume{}});
  expect_same_numbers(plain.evaluations, paused.evaluations);
  const auto single = paused.events_of("step_once");
  ASSERT_EQ(single.size(), 2u);
  EXPECT_EQ(single[0].step, 0);
  EXPECT_EQ(single[1].step, 1);
  ASSERT_EQ(paused.events_of("resume").size(), 1u);
  EXPECT_EQ(paused.events_of("resume")[0].step, 2);
  EXPECT_EQ(paused.events_of("pause").size(), 1u);
  EXPECT_EQ(paused.events_of("speed").size(), 1u);
  ASSERT_EQ(paused.checkpoints.size(), 1u);
}

TEST(Trainer, ASettingThatIsNotLiveChangesNothingAndSaysSo) {
  const RecordedRun plain = train_here(small_config());
  const RecordedRun refused =
      train_here(small_config(), without_probes(),
                 {setting_change("model.width", std::int64_t{32}), setting_change("no.such", 1.0),
                  setting_change("optimizer.learning_rate", std::string("fast")),
                  setting_change("optimizer.weight_decay", -1e30)});
  expect_same_numbers(plain.evaluations, refused.evaluations);
  ASSERT_EQ(refused.events_of("note").size(), 4u);
  EXPECT_NE(refused.events_of("note")[0].detail["text"].get<std::string>().find("model.width"),
            std::string::npos);
  EXPECT_TRUE(refused.events_of("set").empty());
}

TEST(Until, TestAccuracyDoesNotCountWhatMirrorsGiveAway) {
  const Until until = *parse_until("test_accuracy>=0.99");
  Evaluation e;
  e.test_accuracy = 0.995;
  EXPECT_TRUE(until.holds(e)) << "nothing is told apart";
  e.unmirrored_test_accuracy = 0.98;
  EXPECT_FALSE(until.holds(e));
  e.unmirrored_test_accuracy = 0.99;
  EXPECT_TRUE(until.holds(e));
}

TEST(Trainer, StopsWhenItsConditionHolds) {
  TrainerOptions options = without_probes();
  auto until = parse_until(" train_accuracy >= 0.5");
  ASSERT_TRUE(until);
  options.until = *until;
  const RecordedRun run = train_here(small_config(2000), options);
  ASSERT_TRUE(run.outcome);
  EXPECT_EQ(*run.outcome, StopReason::until);
  EXPECT_GE(run.evaluations.back().train_accuracy, 0.5);
  EXPECT_LT(run.evaluations[run.evaluations.size() - 2].train_accuracy, 0.5);
}

TEST(Trainer, MilestonesComeOnce) {
  RunConfig config = small_config(400);
  const RecordedRun run = train_here(config);
  int train_99 = 0;
  for (const Event& event : run.events_of("milestone"))
    train_99 += event.detail["name"] == "train_99" ? 1 : 0;
  EXPECT_EQ(train_99, 1);
}

TEST(Trainer, ALearningRateOfAMillionDiverges) {
  RunConfig config = small_config(500);
  config.optimizer.learning_rate = 1e6;
  for (const double weight_decay : {1.0, 0.0}) {
    config.optimizer.weight_decay = weight_decay;
    const RecordedRun run = train_here(config);
    ASSERT_TRUE(run.outcome);
    EXPECT_EQ(*run.outcome, StopReason::diverged);
    EXPECT_LT(run.evaluations.back().step, 500);
    EXPECT_EQ(run.events.back().detail["reason"], "diverged");
    EXPECT_TRUE(run.checkpoints.empty());
  }
}

TEST(Trainer, LastStepOutranksTheConfig) {
  TrainerOptions options = without_probes();
  options.last_step = 33;
  const RecordedRun run = train_here(small_config(20), options);
  EXPECT_EQ(run.evaluations.back().step, 33);
}

TEST(Trainer, ATaskThatCannotBeBuiltIsAnError) {
  RunConfig config = small_config();
  config.task.kind = "table";
  config.task.path = "/nonexistent/table.csv";
  const RecordedRun run = train_here(config);
  ASSERT_FALSE(run.outcome);
  EXPECT_NE(run.outcome.error().message.find("/nonexistent/table.csv"), std::string::npos);
  EXPECT_TRUE(run.events.empty());
}

/// A trainer on its own thread whose reader is this test.
struct Background {
  explicit Background(RunConfig config, TrainerOptions options, std::size_t published_limit = 100'000)
      : published(published_limit) {
    thread = std::jthread([this, config, options](std::stop_token stop) {
      TrainerPorts ports;
      ports.commands = &commands;
      ports.published = &published;
      ports.progress = &progress;
      outcome = run_training(config, options, ports, stop);
    });
  }
  BoundedQueue<Command> commands{64};
  BoundedQueue<Published> published;
  std::atomic<std::int64_t> progress{0};
  Result<StopReason> outcome = StopReason::steps;
  std::jthread thread;
};

/// Takes what is published until `wanted` holds for it.
template <typename Wanted>
void take_until(Background& run, Wanted wanted) {
  while (const auto item = run.published.pop()) {
    if (wanted(item->what)) return;
  }
}

/// Returns only if the trainer stops although it has years to wait, or to compute.
void expect_stop(Background& run) {
  run.thread.request_stop();
  run.thread.join();
  ASSERT_TRUE(run.outcome);
  EXPECT_EQ(*run.outcome, StopReason::interrupted);
}

TEST(Trainer, StopsAtOnceWhilePausedWhilePacedAndWhileRunning) {
  TrainerOptions options = without_probes();
  options.start_paused = true;
  Background paused(small_config(1'000'000'000), options);
  take_until(paused, [](const auto& what) {
    const auto* event = std::get_if<Event>(&what);
    return event != nullptr && event->kind == "pause";
  });
  expect_stop(paused);
  EXPECT_EQ(paused.progress, 0);

  options.start_paused = false;
  options.steps_per_second = 1e-8;  // one in three years
  Background paced(small_config(1'000'000'000), options);
  take_until(paced, [](const auto& what) { return std::holds_alternative<Evaluation>(what); });
  expect_stop(paced);
  EXPECT_LE(paced.progress, 1);

  options.steps_per_second = 0.0;
  Background running(small_config(1'000'000'000), options);
  take_until(running, [](const auto& what) {
    const auto* evaluation = std::get_if<Evaluation>(&what);
    return evaluation != nullptr && evaluation->step > 0;
  });
  expect_stop(running);
}

/// The next preview of that step.
Evaluation next_preview(Background& run, std::int64_t step) {
  Evaluation seen;
  take_until(run, [&](const auto& what) {
    const auto* preview = std::get_if<Preview>(&what);
    if (preview != nullptr) seen = preview->now;
    return preview != nullptr && seen.step == step;
  });
  return seen;
}

TEST(Trainer, WhatIsDoneWhilePausedShowsAtOnceAndIsRecordedOnlyWhenTheStepIsLeft) {
  TrainerOptions options = without_probes();
  options.start_paused = true;
  RunConfig config = small_config(20);
  config.train.eval_every = 10;
  Background run(config, options);
  next_preview(run, 0);
  for (const std::int64_t step : {1, 2, 3}) {
    run.commands.push(StepOnce{});
    next_preview(run, step);
  }
  run.commands.push(norm_rescaling(20.0));
  EXPECT_NEAR(next_preview(run, 3).weight_norm, 20.0, 1e-3);
  run.commands.push(setting_change("task.train_fraction", 0.25));
  EXPECT_GT(next_preview(run, 3).formerly_trained_count, 0);
  run.commands.push(Resume{});
  run.thread.join();
  std::vector<Evaluation> recorded;
  while (auto item = run.published.try_pop()) {
    if (const auto* evaluation = std::get_if<Evaluation>(&item->what)) recorded.push_back(*evaluation);
  }
  TrainerOptions scripted = without_probes();
  scripted.scripted = {{3, "rescale_norm", {{"value", 20.0}}}, set_event(3, "task.train_fraction", 0.25)};
  std::vector<Evaluation> again = train_here(config, scripted).evaluations;
  std::erase_if(again, [](const Evaluation& e) { return e.step < 3; });  // taken while it was looked at
  expect_same_numbers(recorded, again);
}

TEST(Trainer, ARunThatGoesOnFromItsCheckpointIsTheSameAsOneThatNeverStopped) {
  for (const std::int64_t batch_size : {0, 17}) {
    RunConfig config = small_config(60);
    config.train.batch_size = batch_size;
    const RecordedRun whole = train_here(config);
    RunConfig first = config;
    first.train.steps = 33;
    const RecordedRun half = train_here(first);
    ASSERT_EQ(half.checkpoints.size(), 1u);
    auto continuation = std::make_shared<Continuation>();
    continuation->checkpoint = half.checkpoints[0].second;
    continuation->first_loss = half.evaluations[0].train_loss;
    for (const Event& event : half.events_of("milestone"))
      continuation->milestones.push_back(event.detail["name"]);
    TrainerOptions options = without_probes();
    options.continues = continuation;
    const RecordedRun rest = train_here(config, options);
    ASSERT_TRUE(rest.outcome) << rest.outcome.error().message;
    std::vector<Evaluation> expected = whole.evaluations;
    std::erase_if(expected, [](const Evaluation& e) { return e.step < 33; });
    expect_same_numbers(rest.evaluations, expected);
    EXPECT_EQ(half.events_of("milestone").size() + rest.events_of("milestone").size(),
              whole.events_of("milestone").size());
    const auto &of_rest = rest.checkpoints.back().second.tensors,
               &of_whole = whole.checkpoints.back().second.tensors;
    ASSERT_EQ(of_rest.size(), of_whole.size());
    for (const auto& [name, tensor] : of_whole) EXPECT_EQ(of_rest.at(name).bytes, tensor.bytes) << name;
  }
}

TEST(Trainer, ANewSpeedEndsAWait) {
  TrainerOptions options = without_probes();
  options.steps_per_second = 1e-8;  // one in three years
  Background run(small_config(20), options);
  run.commands.push(SetSpeed{0.0});
  run.thread.join();
  EXPECT_EQ(run.progress, 20);
}

TEST(Trainer, WaitsForASlowReaderAndLosesNothing) {
  RunConfig config = small_config(40);
  config.train.eval_every = 1;
  Background run(config, without_probes(), 1);
  std::int64_t next_step = 0;
  while (auto item = run.published.pop_for(10s)) {
    if (const auto* evaluation = std::get_if<Evaluation>(&item->what)) {
      // One evaluation is in the queue, and one in the hand of the trainer that waits for room.
      EXPECT_LE(run.progress, evaluation->step + 3);
      EXPECT_EQ(evaluation->step, next_step++);
    }
    if (std::holds_alternative<Event>(item->what) && std::get<Event>(item->what).kind == "stopped") break;
  }
  EXPECT_EQ(next_step, 41);
}

TEST(Until, ReadsEveryRelationAndRefusesTheRest) {
  Evaluation evaluation;
  evaluation.test_accuracy = 0.5;
  EXPECT_TRUE(parse_until("test_accuracy>=0.5")->holds(evaluation));
  EXPECT_FALSE(parse_until("test_accuracy>0.5")->holds(evaluation));
  EXPECT_TRUE(parse_until("test_accuracy<=0.5")->holds(evaluation));
  EXPECT_FALSE(parse_until("test_accuracy<0.5")->holds(evaluation));
  EXPECT_FALSE(parse_until("train_accuracy<0.5")->holds(evaluation));  // NaN
  for (const char* wrong : {"", "test_accuracy", "test_accuracy=0.5", "test_accuracy>=", "test_accuracy>=x",
                            "test_accuracy>=1e999", ">=0.5", "test_acuracy>=0.5", "test_accuracy>=0.5 now"}) {
    const auto parsed = parse_until(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_EQ(parsed.error().exit_code(), 2);
  }
  EXPECT_NE(parse_until("test_acuracy>=0.5").error().message.find("'test_accuracy'"), std::string::npos);
}

}  // namespace
}  // namespace grokscope
