// The jobs thread: what it makes itself, when it begins, how it ends.
#include "train/looking/job_lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "base/tally.h"
#include "model/toy.h"

namespace grokscope {
namespace {

ProbeRound round_of_answers() {
  ProbeInput input;
  input.config = toy::transformer_config();
  input.data = std::make_shared<const Dataset>(toy::pairs_dataset(5, 5));
  input.split = std::make_shared<const Split>(25, 0, 0, 10);
  const auto model = toy::model_of(input.config, *input.data);
  input.flat = model->initial_parameters(1);
  input.logits = at::zeros({25, 5});
  input.step = 40;
  std::vector<std::size_t> all;  // the model is left out: the torch side makes it
  for (std::size_t i = 0; i < probes().size(); ++i) all.push_back(i);
  return {std::move(input), std::move(all)};
}

struct FrameList {
  std::mutex mutex;
  std::vector<Frame> frames;
  Tally tally;

  std::size_t count() {
    std::lock_guard lock(mutex);
    return frames.size();
  }
  JobThread::Sink sink() {
    return [this](Frame frame) {
      {
        std::lock_guard lock(mutex);
        frames.push_back(std::move(frame));
      }
      tally.add();
    };
  }
};

TEST(JobThread, MakesTheModelThatTheTrainerDoesNotHave) {
  FrameList seen;
  JobThread jobs(seen.sink());
  jobs.submit(round_of_answers(), {});
  jobs.wait_idle({});
  ASSERT_EQ(seen.frames.size(), probes().size());
  for (std::size_t i = 0; i < seen.frames.size(); ++i) {
    EXPECT_EQ(seen.frames[i].probe, probes()[i].name);
    EXPECT_EQ(seen.frames[i].step, 40);
    EXPECT_EQ(seen.frames[i].not_applicable.find("could not be computed"), std::string::npos)
        << seen.frames[i].not_applicable;
  }
}

TEST(JobThread, HandsAProbeTheStartOfTheRunAndItsPreviousLook) {
  // A run that goes on from a checkpoint: its first look is at other weights than its start.
  std::size_t similarity = 0;
  while (kProbeNames[similarity].name != "similarity") ++similarity;
  FrameList seen;
  JobThread jobs(seen.sink());
  ProbeRound first = round_of_answers();
  const auto model = toy::model_of(first.input.config, *first.input.data);
  first.probes = {0, similarity};
  jobs.submit(first, {});
  ProbeRound another = first;  // of a probe that does not compare: it is no look of similarity's
  another.input.step = 50;
  another.input.flat = model->initial_parameters(2);
  another.probes = {0};
  jobs.submit(std::move(another), {});
  ProbeRound second = first;
  second.input.step = 60;
  second.input.flat = model->initial_parameters(static_cast<std::uint64_t>(first.input.config.seed));
  second.probes = {similarity};
  jobs.submit(std::move(second), {});
  jobs.wait_idle({});
  ASSERT_EQ(seen.frames.size(), 4u);
  const Frame &before = seen.frames[1], &after = seen.frames[3];
  EXPECT_EQ(before.scalars.count("before_step"), 0u);
  EXPECT_LT(before.scalars.at("output.from_start"), 0.99);
  EXPECT_EQ(after.scalars.at("before_step"), 40.0);
  EXPECT_NEAR(after.scalars.at("output.from_start"), 1.0, 1e-9);
  EXPECT_EQ(after.scalars.at("output.from_before"), before.scalars.at("output.from_start"));
}

TEST(JobThread, LooksWhenItsTimeHasComeAndNotBefore) {
  FrameList seen;
  std::promise<void> time;
  JobThread jobs(seen.sink(), time.get_future().share());
  jobs.submit(round_of_answers(), {});
  FrameList of_another;  // one that may look at once, and so says how long a look takes
  JobThread another(of_another.sink());
  another.submit(round_of_answers(), {});
  of_another.tally.wait_for(static_cast<std::int64_t>(probes().size()));
  EXPECT_FALSE(jobs.idle());
  EXPECT_EQ(seen.count(), 0u);
  time.set_value();
  seen.tally.wait_for(static_cast<std::int64_t>(probes().size()));
  jobs.wait_idle({});
  EXPECT_EQ(seen.count(), probes().size());
}

TEST(JobThread, TakesAFewRoundsWhileItWaitsForItsTime) {
  FrameList seen;
  std::promise<void> never;
  JobThread jobs(seen.sink(), never.get_future().share());
  int rounds = 0;
  for (; jobs.loading() && rounds < 100; ++rounds) jobs.submit(round_of_answers(), {});
  EXPECT_GE(rounds, 8);
  EXPECT_LT(rounds, 40);
  jobs.wait_idle({});
  EXPECT_FALSE(jobs.loading());
  EXPECT_EQ(seen.count(), static_cast<std::size_t>(rounds) * probes().size());
}

TEST(JobThread, HandsWhatItCannotGoOnForToWhoeverWaitsInsteadOfEndingTheProgram) {
  JobThread jobs([](const Frame&) { throw std::bad_alloc(); });
  jobs.submit(round_of_answers(), {});
  EXPECT_THROW(jobs.wait_idle({}), std::bad_alloc);
  EXPECT_THROW(jobs.submit(round_of_answers(), {}), std::bad_alloc);
}

TEST(JobThread, DoesNotLetAnybodyWaitForItsTime) {
  FrameList seen;
  std::promise<void> never;
  const std::shared_future<void> time = never.get_future().share();
  JobThread jobs(seen.sink(), time);
  jobs.submit(round_of_answers(), {});
  jobs.wait_idle({});
  EXPECT_EQ(seen.frames.size(), probes().size());
  JobThread full(seen.sink(), time);
  for (int i = 0; i < 20; ++i) full.submit(round_of_answers(), {});  // more than there is room for
  JobThread unused(seen.sink(), time);                               // ends before it began
}

std::size_t index_of(std::string_view name) {
  std::size_t index = 0;
  while (kProbeNames[index].name != name) ++index;
  return index;
}

/// A network that is wide enough for its layers to take turns.
ProbeRound round_of_wide_layers(std::int64_t step) {
  ProbeRound round = round_of_answers();
  round.input.config.model.kind = "mlp";
  round.input.config.model.width = 700;
  round.input.config.model.depth = 2;
  round.input.flat = toy::model_of(round.input.config, *round.input.data)->initial_parameters(1);
  round.input.step = step;
  round.probes = {index_of("layers")};
  round.whole = false;
  return round;
}

TEST(JobThread, PartsTakeTurnsAndASecondLookAtOneStepIsWhole) {
  FrameList seen;
  JobThread jobs(seen.sink());
  for (const std::int64_t step : {10, 20, 20}) jobs.submit(round_of_wide_layers(step), {});
  ProbeRound whole = round_of_wide_layers(30);
  whole.whole = true;
  jobs.submit(std::move(whole), {});
  jobs.submit(round_of_wide_layers(40), {});
  jobs.wait_idle({});
  ASSERT_EQ(seen.frames.size(), 5u);
  const auto steps = [&](std::size_t look) { return seen.frames[look].texts.at("steps"); };
  EXPECT_EQ(steps(0), "10,10,10,10") << "the first is at all";
  EXPECT_NE(steps(1).find("10"), std::string::npos);
  EXPECT_NE(steps(1).find("20"), std::string::npos);
  EXPECT_EQ(steps(2), "20,20,20,20") << "all of them anew, or History would drop what it knew";
  EXPECT_EQ(steps(3), "30,30,30,30");
  EXPECT_NE(steps(4).find("30"), std::string::npos) << "the rest as the whole look saw it";
  EXPECT_NE(steps(4).find("40"), std::string::npos);
  std::int64_t parts = 0;
  for (const LookCost& cost : jobs.take_costs()) parts = std::max(parts, cost.parts);
  EXPECT_GE(parts, 2);
}

TEST(JobLanes, WhatLooksInPartsDoesNotWaitForTheOthers) {
  // The first lane waits for its time for ever: only what somebody waits for comes from it.
  FrameList seen;
  std::promise<void> now;
  now.set_value();
  JobLanes lanes(seen.sink(), now.get_future().share());
  ProbeRound round = round_of_wide_layers(10);
  round.probes = {0, index_of("layers")};
  EXPECT_TRUE(lanes.parts_idle());
  lanes.submit(std::move(round), {});
  lanes.wait_idle({});
  EXPECT_TRUE(lanes.parts_idle());
  ASSERT_EQ(seen.frames.size(), 2u);
  EXPECT_NE(seen.frames[0].probe, seen.frames[1].probe);
  EXPECT_EQ(lanes.take_costs().size(), 2u) << "of both";
  EXPECT_TRUE(lanes.take_costs().empty());
}

}  // namespace
}  // namespace grokscope
