// Landscapes: which runs they consist of, that training stays on the sphere, that they are kept and go on.
#include "sweep/landscape.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/tally.h"
#include "config/presets.h"
#include "sweep/landscape_job.h"

namespace grokscope {
namespace {

LandscapePlan small_plan(std::int64_t steps = 60) {
  RunConfig base = *load_config("quickstart");
  base.task.modulus = 11;
  base.model.width = 16;
  base.model.mlp_width = 32;
  base.optimizer.weight_decay = 1.0;
  return {base, log_spaced(0.5, 2.0, 3), {0}, steps};
}

Landscape measured(const LandscapePlan& plan) {
  Tally news;
  LandscapeJob job(Landscape(plan), {.workers = 2, .background = false, .wake = news.adder()});
  news.wait_until([&] { return job.ended(); });
  EXPECT_TRUE(job.status());
  return job.landscape();
}

TEST(Landscape, LogSpacedHasItsEndsAndEvenRatios) {
  const auto alphas = log_spaced(0.1, 10.0, 11);
  ASSERT_EQ(alphas.size(), 11u);
  EXPECT_DOUBLE_EQ(alphas.front(), 0.1);
  EXPECT_NEAR(alphas.back(), 10.0, 1e-12);
  EXPECT_NEAR(alphas[5], 1.0, 1e-12);
  EXPECT_NEAR(alphas[1] / alphas[0], std::pow(10.0, 0.2), 1e-12);
  EXPECT_EQ(log_spaced(0.5, 2.0, 1), std::vector<double>{0.5});
}

TEST(Landscape, ACellTrainsOnItsSphereWithoutWeightDecay) {
  LandscapePlan plan = small_plan();
  plan.train_sizes = {20, 40};
  const RunConfig cell = cell_config(plan, 4);  // second row, second column
  EXPECT_EQ(cell.task.train_size, 40);
  EXPECT_DOUBLE_EQ(cell.init.scale, 1.0);
  EXPECT_EQ(cell.optimizer.clamp_norm, 1.0);
  EXPECT_EQ(cell.optimizer.weight_decay, 0.0);
  EXPECT_EQ(cell.train.steps, 60);
}

TEST(Landscape, EveryStepStaysOnTheSphereToOnePartInAHundredThousand) {
  LandscapePlan plan = small_plan(50);  // 50 steps: every one is evaluated
  const Landscape landscape = measured(plan);
  ASSERT_EQ(landscape.done(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_LT(landscape.cells[i].off_sphere, 1e-5);
    EXPECT_NEAR(landscape.cells[i].norm / landscape.cells[1].norm, plan.alphas[i], 1e-5);
    EXPECT_TRUE(std::isfinite(landscape.cells[i].test_loss));
    EXPECT_LE(landscape.cells[i].least_test_loss, landscape.cells[i].test_loss);
  }
}

TEST(Landscape, AFrameBringsItBackForTheSamePlanOnly) {
  const LandscapePlan plan = small_plan();
  Landscape landscape(plan);
  landscape.cells[1].done = true;
  landscape.cells[1].norm = 30.0;
  landscape.cells[1].test_loss = 0.25;
  const Frame frame = frame_of(landscape);
  EXPECT_EQ(frame.scalars.at("done"), 1.0);
  EXPECT_FALSE(frame.scalars.contains("goldilocks_norm")) << "who is best is not known before all are";
  Landscape whole = landscape;
  for (const std::size_t i : {0u, 2u})
    whole.cells[i] = {.done = true, .norm = 20.0 + static_cast<double>(i), .test_loss = 0.5};
  EXPECT_EQ(frame_of(whole).scalars.at("goldilocks_norm"), 30.0);
  const auto again = landscape_from(frame, plan);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->done(), 1u);
  EXPECT_EQ(again->cells[1].test_loss, 0.25);
  LandscapePlan decayed = plan, other = plan;
  decayed.base.optimizer.weight_decay = 0.1;  // no part of a landscape
  other.base.optimizer.learning_rate *= 2.0;
  EXPECT_TRUE(landscape_from(frame, decayed));
  EXPECT_FALSE(landscape_from(frame, other));
}

TEST(Landscape, WhatIsKnownIsNotTrainedAgain) {
  const LandscapePlan plan = small_plan();
  Landscape begun(plan);
  for (LandscapeCell& cell : begun.cells) {
    cell.done = true;
    cell.norm = 1.0;
    cell.test_loss = 42.0;
  }
  begun.cells[2] = {};
  Tally news;
  LandscapeJob job(begun, {.workers = 1, .background = false, .wake = news.adder()});
  news.wait_until([&] { return job.ended(); });
  const Landscape landscape = job.landscape();
  EXPECT_EQ(landscape.cells[0].test_loss, 42.0);
  EXPECT_NE(landscape.cells[2].test_loss, 42.0);
  EXPECT_TRUE(landscape.cells[2].done);
}

TEST(Landscape, CancellingKeepsWhatIsKnownAndDoesNotWaitForTheRest) {
  Landscape begun(small_plan(1'000'000'000));
  begun.cells[0] = {.done = true, .norm = 30.0, .test_loss = 0.25};
  Tally news;
  LandscapeJob job(begun, {.workers = 1, .background = false, .wake = news.adder()});
  job.cancel();  // waiting for a billion steps would be seen
  news.wait_until([&] { return job.ended(); });
  EXPECT_EQ(job.done(), 1u);
  EXPECT_EQ(job.landscape().cells[0].test_loss, 0.25);
  EXPECT_TRUE(job.status());
}

TEST(Landscape, PlansThatMakeNoSenseAreRefused) {
  LandscapePlan plan = small_plan();
  plan.alphas.clear();
  EXPECT_FALSE(validate(plan));
  plan = small_plan();
  plan.alphas[0] = -1.0;
  EXPECT_FALSE(validate(plan));
  plan = small_plan();
  plan.train_sizes = {1000};  // of 121 pairs
  EXPECT_FALSE(validate(plan));
  EXPECT_TRUE(validate(small_plan()));
}

}  // namespace
}  // namespace grokscope
