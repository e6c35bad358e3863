// The framework: claims are trained by worker processes of the program and judged, errors make them fail,
// what was trained before is not trained again.
#include "claims/check.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/tally.h"
#include "claims/claim_checks.h"
#include "claims/claim_configs.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

PlannedRun tiny_run(std::int64_t seed, std::int64_t steps) {
  RunConfig config = preset_config("quickstart");
  config.task.modulus = 11;
  config.model.width = 16;
  config.model.mlp_width = 32;
  config.train.steps = steps;
  config.seed = seed;
  return whole_run(config);
}

std::vector<PlannedRun> two_runs(ClaimSize size) {
  const std::int64_t steps = size == ClaimSize::quick ? 20 : 40;
  return {tiny_run(5, steps), tiny_run(6, steps)};
}

Judgement judge_two(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  for (const TrainedRun& one : trained)
    judgement.measured +=
        std::to_string(one.run.config.seed) + "@" + std::to_string(one.history.last()->step) + " ";
  judgement.holds = trained.size() == 2 && trained.front().stopped == "steps";
  return judgement;
}

std::vector<PlannedRun> broken_runs(ClaimSize) {
  PlannedRun run = tiny_run(0, 20);
  run.config.task.kind = "table";
  run.config.task.path = "/nowhere/at/all.csv";
  return {run, tiny_run(1, 1'000'000'000)};  // the second must not be waited for
}

std::vector<PlannedRun> endless_runs(ClaimSize) {
  return {tiny_run(0, 1'000'000'000)};
}

std::vector<PlannedRun> short_and_endless_runs(ClaimSize) {
  return {tiny_run(0, 20), tiny_run(1, 1'000'000'000)};
}

Judgement never_judged(std::span<const TrainedRun>, ClaimSize) {
  ADD_FAILURE() << "a claim that could not be trained was judged";
  return {};
}

Claim fake(std::string_view name, std::vector<PlannedRun> (*runs)(ClaimSize),
           Judgement (*judge)(std::span<const TrainedRun>, ClaimSize)) {
  Claim claim{};
  claim.name = name;
  claim.runs = runs;
  claim.judge = judge;
  return claim;
}

/// A world of its own for what claims keep.
class ClaimChecksTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "grokscope-claims-XXXXXX").string();
    cache_ = ::mkdtemp(name.data());
    ::setenv("XDG_CACHE_HOME", cache_.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("XDG_CACHE_HOME");
    std::filesystem::remove_all(cache_);
  }

  ClaimChecksOptions options() {
    ClaimChecksOptions options;
    options.program = GROKSCOPE_PROGRAM;
    options.jobs = 2;
    options.progress = [this](const std::string& line) { ++lines_[line]; };
    return options;
  }
  /// By their places; fewer if some never end.
  std::map<std::size_t, Result<CheckedClaim>> check(std::vector<const Claim*> claims,
                                                    ClaimChecksOptions how) {
    const std::size_t all = claims.size();
    std::map<std::size_t, Result<CheckedClaim>> finished;
    ClaimChecks checks(std::move(claims), std::move(how));
    for (int waits = 0; finished.size() < all && waits < 3000; ++waits) {
      auto one = checks.wait(std::chrono::milliseconds(20));
      if (!one) continue;
      EXPECT_TRUE(finished.emplace(one->place, std::move(one->checked)).second);
    }
    EXPECT_EQ(finished.size(), all);
    return finished;
  }
  Result<CheckedClaim> check_one(const Claim& claim, ClaimChecksOptions how) {
    return check({&claim}, std::move(how)).at(0);
  }
  std::string records() const { return cache_ + "/grokscope/outcomes/records"; }

  std::string cache_;
  std::map<std::string, int> lines_;  // of the thread that checks, until it has ended
};

TEST_F(ClaimChecksTest, TrainsAndJudgesInTheClaimsOrderAtTheChosenSize) {
  const Claim claim = fake("two", two_runs, judge_two);
  const auto checked = check_one(claim, options());
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked->judgement.holds);
  EXPECT_EQ(checked->judgement.measured, "5@20 6@20 ");
  EXPECT_EQ(checked->runs, 2u);
  EXPECT_EQ(checked->known, 0u);
  EXPECT_GT(checked->training_seconds, 0.0);
  EXPECT_EQ(lines_, (std::map<std::string, int>{
                        {"two: begins", 1}, {"two: 1 of 2 runs", 1}, {"two: 2 of 2 runs", 1}}));
  ClaimChecksOptions full = options();
  full.size = ClaimSize::full;
  EXPECT_EQ(check_one(claim, full)->judgement.measured, "5@40 6@40 ");
}

TEST_F(ClaimChecksTest, WhatWasTrainedIsNotTrainedAgainAndGivesTheSameNumbers) {
  const Claim claim = fake("two", two_runs, judge_two);
  const auto first = check_one(claim, options());
  ClaimChecksOptions without_program = options();
  without_program.program = "/nowhere/at/all";  // nothing is to be trained
  const auto again = check_one(claim, without_program);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(again->known, 2u);
  EXPECT_EQ(again->judgement.measured, first->judgement.measured);
  EXPECT_EQ(again->training_seconds, first->training_seconds);
  EXPECT_EQ(lines_["two: 2 of 2 runs from the cache"], 1);
  ClaimChecksOptions alone = options();
  alone.with_cache = false;
  EXPECT_EQ(check_one(claim, alone)->known, 0u);
  EXPECT_TRUE(std::filesystem::is_empty(cache_ + "/grokscope/work") ||
              std::distance(std::filesystem::directory_iterator(cache_ + "/grokscope/work"), {}) == 1)
      << "what a call needs is gone when it ends, but for the lock";
}

TEST_F(ClaimChecksTest, ARunThatTwoClaimsNeedIsTrainedOnce) {
  const Claim first = fake("first", two_runs, judge_two), second = fake("second", two_runs, judge_two);
  const auto finished = check({&first, &second}, options());
  EXPECT_EQ(finished.at(0)->judgement.measured, finished.at(1)->judgement.measured);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(records()), {}), 2);
}

TEST_F(ClaimChecksTest, ADamagedRunFolderIsNotJudged) {
  const Claim claim = fake("two", two_runs, judge_two), never = fake("two", two_runs, never_judged);
  ASSERT_TRUE(check_one(claim, options()));
  const std::string record = std::filesystem::directory_iterator(records())->path().string();
  std::ofstream(record + "/metrics.jsonl", std::ios::app) << "{\"step\":";
  const auto checked = check_one(never, options());
  ASSERT_TRUE(checked);
  EXPECT_FALSE(checked->judgement.holds);
  EXPECT_NE(checked->judgement.explanation.find(record), std::string::npos) << checked->judgement.explanation;
  std::filesystem::remove_all(record);
  const auto again = check_one(claim, options());
  EXPECT_EQ(again->known, 1u);
  EXPECT_TRUE(again->judgement.holds);
}

TEST_F(ClaimChecksTest, ARunThatCannotBeTrainedFailsItsClaimWithItsReasonAndNobodyWaitsForTheRest) {
  const Claim broken = fake("broken", broken_runs, never_judged), two = fake("two", two_runs, judge_two);
  ClaimChecksOptions one_after_the_other = options();
  one_after_the_other.jobs = 1;
  const auto finished = check({&broken, &two}, one_after_the_other);
  ASSERT_TRUE(finished.at(0) && finished.at(1));
  EXPECT_FALSE(finished.at(0)->judgement.holds);
  EXPECT_NE(finished.at(0)->judgement.explanation.find("/nowhere/at/all.csv"), std::string::npos);
  EXPECT_TRUE(finished.at(1)->judgement.holds);
}

TEST_F(ClaimChecksTest, BeingInterruptedIsAnErrorAndNoVerdict) {
  const Claim claim = fake("endless", short_and_endless_runs, never_judged);
  std::atomic<bool> interrupted{false};
  ClaimChecksOptions how = options();
  how.interrupted = [&] { return interrupted.load(); };
  how.progress = [&](const std::string& line) {
    interrupted = interrupted || line == "endless: 1 of 2 runs";
  };
  const auto checked = check_one(claim, how);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("endless"), std::string::npos);
}

TEST_F(ClaimChecksTest, WhatKeepsEveryRunFromTrainingIsAnErrorOfAll) {
  const Claim claim = fake("two", two_runs, judge_two);
  ClaimChecksOptions how = options();
  how.program = "/nowhere/at/all";
  const auto checked = check_one(claim, how);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("/nowhere/at/all"), std::string::npos) << checked.error().message;
}

TEST_F(ClaimChecksTest, LeavingEndsWhatIsStillTraining) {
  const Claim claim = fake("endless", endless_runs, never_judged);
  Tally begun;
  ClaimChecksOptions how = options();
  how.progress = [&](const std::string& line) {
    if (line == "endless: begins") begun.add();
  };
  {
    ClaimChecks checks({&claim}, how);
    begun.wait_for(1);
    EXPECT_FALSE(checks.wait(std::chrono::milliseconds(0)));
  }  // waits for a billion steps otherwise
  EXPECT_EQ(begun.count(), 1);
}

TEST(ClaimRuns, HaveEachDifferentRunOnceAndTellWhichIsWhose) {
  const Claim two = fake("two", two_runs, judge_two), broken = fake("broken", broken_runs, never_judged);
  const std::vector<const Claim*> claims = {&two, &broken, &two};
  const ClaimRuns runs = claim_runs(claims, ClaimSize::quick);
  EXPECT_EQ(runs.plan.runs(), 4u);
  EXPECT_TRUE(runs.plan.keep_runs && runs.plan.numbers_alone);
  EXPECT_EQ(runs.of[0], (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(runs.of[1], (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(runs.of[2], runs.of[0]);
  EXPECT_EQ(config_of(runs.plan, 1).seed, 6);
}

}  // namespace
}  // namespace grokscope
