// Landscapes: which runs they consist of, that training stays on the sphere, that they are kept and go on.
#include "sweep/landscape.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/tally.h"
#include "config/presets.h"
#include "session/session.h"
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

Landscape measured(const LandscapePlan& plan, bool with_cache = true) {
  Tally news;
  LandscapeJob job(Landscape(plan), {.program = GROKSCOPE_PROGRAM,
                                     .workers = 2,
                                     .background = false,
                                     .with_cache = with_cache,
                                     .wake = news.adder()});
  news.wait_until([&] { return job.ended(); });
  EXPECT_TRUE(job.status());
  return job.landscape();
}

/// A world of its own for what is kept.
class TrainedLandscape : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "grokscope-landscape-XXXXXX").string();
    cache_ = ::mkdtemp(name.data());
    ::setenv("XDG_CACHE_HOME", cache_.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("XDG_CACHE_HOME");
    std::filesystem::remove_all(cache_);
  }
  std::string cache_;
};

/// The same run in this process, seen with all its evaluations.
LandscapeCell seen_here(const RunConfig& config) {
  SessionOptions options;
  options.trainer.threads = 1;
  options.trainer.probes = false;
  options.write_run_folder = false;
  auto session = Session::start(config, std::move(options));
  EXPECT_TRUE(session);
  while (!(*session)->wait(std::chrono::seconds(1))) {
  }
  LandscapeCell cell;
  const History& history = (*session)->history();
  cell.norm = history.evaluations().front().weight_norm;
  cell.off_sphere = 0.0;
  for (const Evaluation& e : history.evaluations()) {
    cell.off_sphere = std::max(cell.off_sphere, std::abs(e.weight_norm / cell.norm - 1.0));
    cell.least_train_loss = std::fmin(cell.least_train_loss, e.train_loss);
    cell.least_test_loss = std::fmin(cell.least_test_loss, e.test_loss);
  }
  cell.train_loss = history.last()->train_loss;
  cell.test_loss = history.last()->test_loss;
  cell.train_accuracy = history.last()->train_accuracy;
  cell.test_accuracy = history.last()->test_accuracy;
  return cell;
}

TEST_F(TrainedLandscape, ItsNumbersAreThoseOfItsRuns) {
  LandscapePlan plan = small_plan(99);  // as many evaluations as there can be: every step
  plan.train_sizes = {40, 60};
  plan.base.train.batch_size = 50;  // the smaller set takes full batches
  const Landscape landscape = measured(plan);
  ASSERT_EQ(landscape.done(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    const LandscapeCell &cell = landscape.cells[i], here = seen_here(cell_config(plan, i));
    EXPECT_EQ(cell.norm, here.norm);
    EXPECT_EQ(cell.off_sphere, here.off_sphere);
    EXPECT_EQ(cell.train_loss, here.train_loss);
    EXPECT_EQ(cell.test_loss, here.test_loss);
    EXPECT_EQ(cell.train_accuracy, here.train_accuracy);
    EXPECT_EQ(cell.test_accuracy, here.test_accuracy);
    EXPECT_EQ(cell.least_train_loss, here.least_train_loss);
    EXPECT_EQ(cell.least_test_loss, here.least_test_loss);
  }
}

TEST_F(TrainedLandscape, WhatAnotherLandscapeTrainedIsNotTrainedAgain) {
  LandscapePlan plan = small_plan();
  const Landscape first = measured(plan);
  Tally news;
  LandscapeJob again(Landscape(plan), {.program = "/nowhere/at/all", .wake = news.adder()});
  news.wait_until([&] { return again.ended(); });
  EXPECT_TRUE(again.status()) << again.status().error().message;
  EXPECT_EQ(again.done(), 3u);
  EXPECT_EQ(text_from_json(Json(frame_of(again.landscape()).arrays.at("test_loss").values)),
            text_from_json(Json(frame_of(first).arrays.at("test_loss").values)));
  LandscapeJob alone(Landscape(plan),
                     {.program = "/nowhere/at/all", .with_cache = false, .wake = news.adder()});
  news.wait_until([&] { return alone.ended(); });
  EXPECT_FALSE(alone.status());
  EXPECT_EQ(alone.done(), 0u);
}

TEST_F(TrainedLandscape, ARunThatCannotBeTrainedIsTheErrorOfTheJob) {
  LandscapePlan plan = small_plan();
  plan.base.task.kind = "table";
  plan.base.task.path = "/nowhere/at/all.csv";
  Tally news;
  LandscapeJob job(Landscape(plan), {.program = GROKSCOPE_PROGRAM, .wake = news.adder()});
  news.wait_until([&] { return job.ended(); });
  ASSERT_FALSE(job.status());
  EXPECT_NE(job.status().error().message.find("/nowhere/at/all.csv"), std::string::npos);
  EXPECT_EQ(job.done(), 0u);
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

TEST_F(TrainedLandscape, EveryStepStaysOnTheSphereToOnePartInAHundredThousand) {
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

TEST_F(TrainedLandscape, WhatIsKnownIsNotTrainedAgain) {
  const LandscapePlan plan = small_plan();
  Landscape begun(plan);
  for (LandscapeCell& cell : begun.cells) {
    cell.done = true;
    cell.norm = 1.0;
    cell.test_loss = 42.0;
  }
  begun.cells[2] = {};
  Tally news;
  LandscapeJob job(begun,
                   {.program = GROKSCOPE_PROGRAM, .workers = 1, .background = false, .wake = news.adder()});
  news.wait_until([&] { return job.ended(); });
  const Landscape landscape = job.landscape();
  EXPECT_EQ(landscape.cells[0].test_loss, 42.0);
  EXPECT_NE(landscape.cells[2].test_loss, 42.0);
  EXPECT_TRUE(landscape.cells[2].done);
}

TEST_F(TrainedLandscape, CancellingKeepsWhatIsKnownAndDoesNotWaitForTheRest) {
  Landscape begun(small_plan(1'000'000'000));
  begun.cells[0] = {.done = true, .norm = 30.0, .test_loss = 0.25};
  Tally news;
  LandscapeJob job(begun,
                   {.program = GROKSCOPE_PROGRAM, .workers = 1, .background = false, .wake = news.adder()});
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
