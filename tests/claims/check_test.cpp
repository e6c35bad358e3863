// The framework: a claim is trained and judged, errors make it fail, many are checked beside each other.
#include "claims/check.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "base/tally.h"
#include "claims/claim_checks.h"
#include "claims/claim_configs.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

PoolRun tiny_run(std::int64_t seed, std::int64_t steps) {
  RunConfig config = preset_config("quickstart");
  config.task.modulus = 11;
  config.model.width = 16;
  config.model.mlp_width = 32;
  config.train.steps = steps;
  config.seed = seed;
  return pool_run(config);
}

std::vector<PoolRun> two_runs(ClaimSize size) {
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

std::vector<PoolRun> broken_runs(ClaimSize) {
  PoolRun run = tiny_run(0, 20);
  run.config.task.kind = "table";
  run.config.task.path = "/nowhere/at/all.csv";
  return {run, tiny_run(1, 1'000'000'000)};  // the second must not be waited for
}

std::vector<PoolRun> endless_runs(ClaimSize) {
  return {tiny_run(0, 1'000'000'000)};
}

std::vector<PoolRun> short_and_endless_runs(ClaimSize) {
  return {tiny_run(0, 20), tiny_run(1, 1'000'000'000)};
}

Judgement never_judged(std::span<const TrainedRun>, ClaimSize) {
  ADD_FAILURE() << "a claim that could not be trained was judged";
  return {};
}

Claim fake(std::string_view name, std::vector<PoolRun> (*runs)(ClaimSize),
           Judgement (*judge)(std::span<const TrainedRun>, ClaimSize)) {
  Claim claim{};
  claim.name = name;
  claim.runs = runs;
  claim.judge = judge;
  return claim;
}

TEST(CheckClaim, TrainsInOrderAndJudgesAtTheChosenSize) {
  const Claim claim = fake("two", two_runs, judge_two);
  std::vector<std::size_t> told;
  CheckOptions options;
  options.workers = 2;
  options.progress = [&](std::size_t ended, std::size_t all) {
    EXPECT_EQ(all, 2u);
    told.push_back(ended);
  };
  auto checked = check_claim(claim, options);
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked->judgement.holds);
  EXPECT_EQ(checked->judgement.measured, "5@20 6@20 ");
  EXPECT_EQ(checked->runs, 2u);
  EXPECT_EQ(told, (std::vector<std::size_t>{1, 2}));
  options.size = ClaimSize::full;
  told.clear();
  EXPECT_EQ(check_claim(claim, options)->judgement.measured, "5@40 6@40 ");
}

TEST(CheckClaim, ARunThatCannotBeTrainedFailsTheClaimWithItsReason) {
  auto checked = check_claim(fake("broken", broken_runs, never_judged), {.workers = 2});
  ASSERT_TRUE(checked);
  EXPECT_FALSE(checked->judgement.holds);
  EXPECT_NE(checked->judgement.explanation.find("/nowhere/at/all.csv"), std::string::npos);
}

TEST(CheckClaim, StoppingIsAnErrorAndNotAVerdict) {
  std::stop_source stop;
  CheckOptions options;
  options.workers = 2;
  options.stop = stop.get_token();
  options.progress = [&](std::size_t, std::size_t) { stop.request_stop(); };  // when the short one has ended
  const auto checked = check_claim(fake("endless", short_and_endless_runs, never_judged), options);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("endless"), std::string::npos);
}

TEST(ClaimChecks, HandsOverEveryClaimOnce) {
  const Claim first = fake("first", two_runs, judge_two), second = fake("second", broken_runs, never_judged);
  std::map<std::string, int> lines;
  ClaimChecks checks({&first, &second, &first}, ClaimSize::quick, 2,
                     [&](const std::string& line) { ++lines[line]; });
  std::map<std::size_t, bool> held;
  for (int waits = 0; held.size() < 3 && waits < 1000; ++waits) {
    if (auto finished = checks.wait(std::chrono::milliseconds(20))) {
      ASSERT_TRUE(finished->checked);
      EXPECT_TRUE(held.emplace(finished->place, finished->checked->judgement.holds).second);
    }
  }
  EXPECT_EQ(held, (std::map<std::size_t, bool>{{0, true}, {1, false}, {2, true}}));
  EXPECT_EQ(lines["first: begins"], 2);
  EXPECT_EQ(lines["first: 2 of 2 runs"], 2);
}

TEST(ClaimChecks, LeavingEndsWhatIsStillTraining) {
  const Claim claim = fake("endless", endless_runs, never_judged);
  Tally begun;
  {
    ClaimChecks checks({&claim, &claim}, ClaimSize::quick, 2, [&](const std::string& line) {
      if (line == "endless: begins") begun.add();
    });
    begun.wait_for(2);
    EXPECT_FALSE(checks.wait(std::chrono::milliseconds(0)));
  }  // waits for a billion steps otherwise
  EXPECT_EQ(begun.count(), 2);
}

}  // namespace
}  // namespace grokscope
