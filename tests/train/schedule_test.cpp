// When to look, and in which order batches come.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "train/looking/probe_rounds.h"
#include "train/step/batch_order.h"

namespace grokscope {
namespace {

std::vector<std::int64_t> evaluated_steps(std::int64_t eval_every, std::int64_t last) {
  std::vector<std::int64_t> steps;
  for (std::int64_t step = 0; step <= last; ++step) {
    if (is_evaluation_due(step, eval_every)) steps.push_back(step);
  }
  return steps;
}

TEST(Schedule, EarlyEvaluationsAreLogSpaced) {
  EXPECT_EQ(evaluated_steps(100, 300), (std::vector<std::int64_t>{0, 1, 2, 5, 10, 20, 50, 100, 200, 300}));
  EXPECT_EQ(evaluated_steps(3, 12), (std::vector<std::int64_t>{0, 1, 2, 3, 6, 9, 12}));
  EXPECT_EQ(evaluated_steps(1, 4), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
}

TEST(Schedule, ProbesComeAboutSixteenTimesADecade) {
  ProbeSchedule schedule;
  int early = 0, decade = 0, next_decade = 0;
  for (const std::int64_t step : evaluated_steps(10, 99'999)) {
    const bool due = schedule.due(step, 0);
    if (step == 0) {
      EXPECT_TRUE(due);
    }
    early += due && step < 10 ? 1 : 0;
    decade += due && step >= 1000 && step < 10'000 ? 1 : 0;
    next_decade += due && step >= 10'000 ? 1 : 0;
  }
  EXPECT_EQ(early, 4);  // 0, 1, 2, 5
  EXPECT_EQ(decade, 16);
  EXPECT_EQ(next_decade, 16);
}

TEST(Schedule, AFixedIntervalMeansTheFirstEvaluationInIt) {
  ProbeSchedule schedule;
  std::vector<std::int64_t> due;
  for (const std::int64_t step : evaluated_steps(10, 100)) {
    if (schedule.due(step, 25)) due.push_back(step);
  }
  EXPECT_EQ(due, (std::vector<std::int64_t>{0, 30, 50, 80, 100}));
}

constexpr ProbeName kOne[] = {{"lu", 0.0}};
constexpr ProbeName kTwo[] = {{"cheap", 0.006}, {"dear", 0.0}};

/// Evaluates every 10 steps of 1 ms; `cost_s` is what each probe takes.
std::vector<std::int64_t> looks_of(ProbeRounds& rounds, const TrainConfig& config, std::vector<double> cost_s,
                                   double waiting_per_step_s = 0.0, std::int64_t last = 100'000) {
  std::vector<std::int64_t> looks(cost_s.size(), 0);
  for (const std::int64_t step : evaluated_steps(10, last)) {
    const auto x = static_cast<double>(step);
    for (const std::size_t probe :
         rounds.due(step, config, {1e-3 * x, waiting_per_step_s * x}, JobsState::idle)) {
      looks[probe] += 1;
      rounds.charge(probe, cost_s[probe]);
    }
  }
  return looks;
}

TEST(ProbeRounds, KeepToTheirShareOfTrainingTime) {
  ProbeRounds rounds(kTwo);
  TrainConfig config;
  const std::vector<std::int64_t> looks = looks_of(rounds, config, {1e-3, 0.3});
  const double spent_s = 1e-3 * static_cast<double>(looks[0]) + 0.3 * static_cast<double>(looks[1]);
  EXPECT_LE(1.25 * spent_s, 0.05 * 100.0) << "the first round too, and what training loses besides";
  EXPECT_GE(spent_s, 0.02 * 100.0) << "and what there is, is used";
  EXPECT_GE(looks[0], 50) << "cheap probes are not held up by dear ones";
  EXPECT_NE(rounds.skipped().find("dear " + std::to_string(looks[1]) + " of "), std::string::npos)
      << rounds.skipped();
}

constexpr ProbeName kThree[] = {
    {"usual", 0.002}, {"costly", 0.2, ProbeKind::dear}, {"costlier", 0.2, ProbeKind::dear}};

TEST(ProbeRounds, DearProbesSaveUpForTheirFirstLookAndHoldUpNobody) {
  ProbeRounds rounds(kThree);
  std::vector<std::int64_t> first_looks(3, -1);
  for (const std::int64_t step : evaluated_steps(10, 20'000)) {
    const double training_s = 1e-3 * static_cast<double>(step);
    for (const std::size_t probe : rounds.due(step, TrainConfig{}, {training_s, 0.0}, JobsState::idle)) {
      if (first_looks[probe] < 0) first_looks[probe] = step;
      rounds.charge(probe, probe == 0 ? 1e-3 : 0.4);
    }
  }
  EXPECT_EQ(first_looks[0], 0);
  EXPECT_GE(first_looks[1], 5000) << "0.27 s, not lent";
  EXPECT_NE(rounds.skipped().find("usual 50 of 50"), std::string::npos) << rounds.skipped();
}

TEST(ProbeRounds, ASteadyProbeMissesNothingWhileItIsCheap) {
  constexpr ProbeName kSteady[] = {{"usual", 0.0}, {"steady", 0.002, ProbeKind::steady}};
  ProbeRounds cheap(kSteady), costly(kSteady);
  const std::vector<std::int64_t> looks = looks_of(cheap, TrainConfig{}, {0.3, 0.003}, 0.0, 3000);
  EXPECT_EQ(looks[1], 37) << "although the first look of the other one is still to be paid back";
  EXPECT_LE(looks_of(costly, TrainConfig{}, {0.3, 0.1}, 0.0, 3000)[1], 2);
}

TEST(ProbeRounds, ASteadyProbeIsNotedDownWhileOthersLook) {
  constexpr ProbeName kSteady[] = {{"usual", 0.001}, {"steady", 0.002, ProbeKind::steady}};
  ProbeRounds rounds(kSteady);
  rounds.due(0, TrainConfig{}, {}, JobsState::idle);
  const std::vector<std::size_t> steady = {1};
  EXPECT_EQ(rounds.due(10, TrainConfig{}, {100.0, 0.0}, JobsState::busy), steady);
  EXPECT_TRUE(rounds.due(20, TrainConfig{}, {100.0, 0.0}, JobsState::full).empty());
  EXPECT_EQ(rounds.due(21, TrainConfig{}, {100.0, 0.0}, JobsState::busy), steady)
      << "as soon as there is room";
}

TEST(ProbeRounds, WhatTheUsualOnesDoNotNeedGoesToTheDearOnes) {
  ProbeRounds rounds(kThree);
  const std::vector<std::int64_t> looks = looks_of(rounds, TrainConfig{}, {1e-5, 0.1, 0.1});
  EXPECT_GE(0.135 * static_cast<double>(looks[1] + looks[2]), 0.03 * 100.0) << "of 5 % of 100 s";
  EXPECT_LE(0.135 * static_cast<double>(looks[1] + looks[2]), 0.05 * 100.0);
}

TEST(ProbeRounds, WhatIsLentAtTheStartIsPaidBackInSeconds) {
  ProbeRounds rounds(kTwo);
  double lost_s = 0.0, lost_in_a_second_s = 0.0;
  for (const std::int64_t step : evaluated_steps(10, 20'000)) {
    const double training_s = 1e-3 * static_cast<double>(step);
    for (const std::size_t probe : rounds.due(step, TrainConfig{}, {training_s, 0.0}, JobsState::idle)) {
      const double cpu_s = probe == 0 ? 0.004 : 0.03;
      rounds.charge(probe, cpu_s);
      lost_s += 1.25 * cpu_s;
    }
    if (training_s <= 1.0) lost_in_a_second_s = lost_s;
    if (training_s >= 5.0) {
      ASSERT_LE(lost_s, 0.05 * training_s) << training_s << " s";
    }
  }
  EXPECT_GE(lost_in_a_second_s, 0.07) << "more than was earned: grokking may be over in seconds";
}

TEST(ProbeRounds, LittleLooksWaitForEachOther) {
  ProbeRounds rounds(kTwo);
  std::vector<std::size_t> sizes;
  for (const std::int64_t step : evaluated_steps(10, 100'000)) {
    const double training_s = 1e-3 * static_cast<double>(step);
    const auto due = rounds.due(step, TrainConfig{.probe_budget = 1e-4}, {training_s, 0.0}, JobsState::idle);
    for (const std::size_t probe : due) rounds.charge(probe, 0.001);
    if (!due.empty()) sizes.push_back(due.size());
  }
  ASSERT_GT(sizes.size(), 8u);
  EXPECT_EQ(std::count(sizes.begin(), sizes.end(), 2u), static_cast<std::ptrdiff_t>(sizes.size()))
      << "one stop of the training, not two";
}

TEST(ProbeRounds, CheapProbesMissNothing) {
  ProbeRounds rounds(kOne);
  looks_of(rounds, TrainConfig{}, {1e-5});
  EXPECT_EQ(rounds.skipped(), "");
}

TEST(ProbeRounds, WaitingIsFree) {
  ProbeRounds busy(kOne), paced(kOne);
  EXPECT_GT(looks_of(paced, TrainConfig{}, {0.1}, 1e-2, 5000)[0],
            2 * looks_of(busy, TrainConfig{}, {0.1}, 0.0, 5000)[0]);
}

TEST(ProbeRounds, NoBudgetMeansTheFirstRoundOnly) {
  ProbeRounds rounds(kOne);
  TrainConfig config;
  config.probe_budget = 0.0;
  EXPECT_EQ(looks_of(rounds, config, {0.1}, 1e-2), std::vector<std::int64_t>{1});
}

TEST(ProbeRounds, AFixedIntervalIsKeptWhateverItCosts) {
  ProbeRounds rounds(kOne);
  TrainConfig config;
  config.probe_every = 100;
  EXPECT_EQ(looks_of(rounds, config, {10.0}, 0.0, 1000), std::vector<std::int64_t>{11});
  EXPECT_EQ(rounds.skipped(), "");
}

TEST(ProbeRounds, WhileTheyAreLoadedCheapProbesAreNotedDownAndPaidLater) {
  ProbeRounds rounds(kTwo);
  const std::vector<std::size_t> cheap = {0};
  EXPECT_EQ(rounds.due(0, TrainConfig{}, {}, JobsState::loading), cheap);
  int noted = 0;
  for (const std::int64_t step : evaluated_steps(10, 100'000)) {
    if (step > 0) noted += rounds.due(step, TrainConfig{}, {}, JobsState::loading) == cheap ? 1 : 0;
  }
  EXPECT_GE(noted, 8);
  EXPECT_LE(noted, 25) << "not more than the advance pays for";
  rounds.charge(0, 1.0);  // the first round
  for (int look = 0; look < noted; ++look) rounds.charge(0, 0.1);
  const std::vector<std::size_t> dear = {1};
  EXPECT_EQ(rounds.due(900'000, TrainConfig{}, {1.0, 0.0}, JobsState::idle), dear) << "its first look, lent";
  rounds.charge(1, 0.1);
  EXPECT_TRUE(rounds.due(1'000'000, TrainConfig{}, {1.0, 0.0}, JobsState::idle).empty()) << "in debt";
  EXPECT_FALSE(rounds.due(2'000'000, TrainConfig{}, {100.0, 0.0}, JobsState::idle).empty());
}

TEST(ProbeRounds, ADearProbeLooksFirstWhenLoadingIsOverEvenWithoutABudget) {
  ProbeRounds rounds(kTwo);
  TrainConfig config;
  config.probe_budget = 0.0;
  const std::vector<std::size_t> cheap = {0}, dear = {1};
  EXPECT_EQ(rounds.due(0, config, {}, JobsState::loading), cheap);
  EXPECT_TRUE(rounds.due(1, config, {}, JobsState::loading).empty());
  EXPECT_EQ(rounds.due(2, config, {1.0, 0.0}, JobsState::idle), dear) << "at what is there then";
  EXPECT_TRUE(rounds.due(1000, config, {2.0, 0.0}, JobsState::idle).empty());
}

TEST(ProbeRounds, NothingLooksWhileAnotherLookRuns) {
  ProbeRounds rounds(kOne);
  EXPECT_EQ(rounds.due(0, TrainConfig{}, {}, JobsState::busy).size(), 1u);
  EXPECT_TRUE(rounds.due(10, TrainConfig{}, {100.0, 0.0}, JobsState::busy).empty());
  EXPECT_EQ(rounds.due(20, TrainConfig{}, {100.0, 0.0}, JobsState::idle).size(), 1u);
}

constexpr ProbeName kInParts[] = {
    {"usual", 0.001}, {"layers", 0.05, ProbeKind::dear}, {"costly", 0.2, ProbeKind::dear}};

struct PartsSeen {
  std::vector<double> at_s;
  double lost_s = 0.0;  // of all probes
};

/// A minute and more of steps of 10 ms; evaluations every 500 steps. A part costs `part_s`, `parts` are a
/// whole.
PartsSeen watch_parts(ProbeRounds& rounds, const TrainConfig& config, double part_s, std::int64_t parts,
                      double until_s) {
  PartsSeen seen;
  const auto look = [&](std::size_t probe, double now_s) {
    if (probe == 1) seen.at_s.push_back(now_s);
    const double cpu_s = probe == 1 ? part_s : probe == 0 ? 0.001 : 0.3;
    rounds.charge(probe, cpu_s, probe == 1 ? parts : 1);
    seen.lost_s += 1.35 * cpu_s;
  };
  for (std::int64_t step = 0; 0.01 * static_cast<double>(step) < until_s; ++step) {
    const TimeSpent time{0.01 * static_cast<double>(step), 0.0};
    if (is_evaluation_due(step, 500)) {
      for (const std::size_t probe : rounds.due(step, config, time, JobsState::idle))
        look(probe, time.training_s);
    }
    if (!rounds.is_time_for_a_part(config, time)) continue;
    for (const std::size_t probe : rounds.due_in_parts(config, time)) look(probe, time.training_s);
  }
  return seen;
}

TEST(ProbeRounds, PartsComeEveryOtherSecondInTheFirstMinuteWhereverTheEvaluationsAre) {
  ProbeRounds rounds(kInParts);
  const PartsSeen seen = watch_parts(rounds, TrainConfig{}, 0.05, 11, 60.0);
  ASSERT_FALSE(seen.at_s.empty());
  double before_s = 0.0;
  for (const double at_s : seen.at_s) {
    EXPECT_LE(at_s - before_s, 2.0) << "at " << at_s << " s";
    before_s = at_s;
  }
  EXPECT_GE(before_s, 58.0);
  EXPECT_LE(seen.at_s.size(), 45u) << "not at every step";
  EXPECT_LE(seen.lost_s, 0.1 * 60.0);
}

TEST(ProbeRounds, WhatWasLentToPartsIsPaidBack) {
  ProbeRounds rounds(kInParts);
  const PartsSeen seen = watch_parts(rounds, TrainConfig{}, 0.05, 11, 1200.0);
  EXPECT_LE(seen.lost_s, 0.05 * 1200.0) << "the budget, from the start on";
  EXPECT_GE(seen.at_s.size(), 100u) << "and parts go on after the first minute";
}

TEST(ProbeRounds, PartsThatCostTooMuchAreNotLentWithoutEnd) {
  ProbeRounds rounds(kInParts);
  EXPECT_LE(watch_parts(rounds, TrainConfig{}, 2.0, 11, 60.0).at_s.size(), 4u);
}

TEST(ProbeRounds, WhatIsSeenAtOnceKeepsToTheRounds) {
  ProbeRounds rounds(kInParts);
  EXPECT_LE(watch_parts(rounds, TrainConfig{}, 0.001, 1, 60.0).at_s.size(), 20u);
}

TEST(ProbeRounds, NoPartsWhereEveryLookIsToBeWhole) {
  ProbeRounds every(kInParts), never(kInParts);
  EXPECT_FALSE(every.is_time_for_a_part(TrainConfig{.probe_every = 100}, {50.0, 0.0}));
  EXPECT_FALSE(never.is_time_for_a_part(TrainConfig{.probe_budget = 0.0}, {50.0, 0.0}));
  EXPECT_TRUE(ProbeRounds(kInParts).is_time_for_a_part(TrainConfig{}, {50.0, 0.0}));
}

TEST(ProbeRounds, PartsCountAsThePartOfARoundThatTheyAre) {
  ProbeRounds rounds(kInParts);
  watch_parts(rounds, TrainConfig{}, 0.05, 11, 60.0);
  EXPECT_NE(rounds.skipped().find("layers 3 of "), std::string::npos) << rounds.skipped();
}

TEST(BatchOrder, FullBatchIsTheTrainingSetItself) {
  const Split split(100, 0, 1, 40);
  BatchOrder order(1);
  for (const std::int64_t size : {0, 40, 1000}) {
    const auto batch = order.next(split, size);
    EXPECT_EQ(batch.data(), split.train().data());
    EXPECT_EQ(batch.size(), 40u);
  }
}

TEST(BatchOrder, AnEpochHoldsEveryExampleOnceAndItsLastBatchIsSmaller) {
  const Split split(100, 0, 1, 40);
  BatchOrder order(1);
  std::vector<std::int64_t> first, second;
  for (std::vector<std::int64_t>* epoch : {&first, &second}) {
    for (const std::size_t size : {15u, 15u, 10u}) {
      const auto batch = order.next(split, 15);
      EXPECT_EQ(batch.size(), size);
      epoch->insert(epoch->end(), batch.begin(), batch.end());
    }
    const std::set<std::int64_t> seen(epoch->begin(), epoch->end());
    EXPECT_EQ(seen, std::set<std::int64_t>(split.train().begin(), split.train().end()));
  }
  EXPECT_NE(first, second);
}

TEST(BatchOrder, StartsAnewWhenTheSplitChanges) {
  Split split(100, 0, 1, 40);
  BatchOrder order(1);
  order.next(split, 15);
  split.set_train_count(60);
  std::set<std::int64_t> seen;
  for (int batch = 0; batch < 4; ++batch) {
    const auto indices = order.next(split, 15);
    seen.insert(indices.begin(), indices.end());
  }
  EXPECT_EQ(seen, std::set<std::int64_t>(split.train().begin(), split.train().end()));
}

TEST(BatchOrder, AStateBringsBackTheSameBatches) {
  Split split(100, 0, 1, 40);
  BatchOrder order(1), copy(99);
  order.next(split, 15);
  copy.restore(order.state(split), split);
  for (int batch = 0; batch < 7; ++batch) {
    const auto expected = order.next(split, 15), actual = copy.next(split, 15);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), actual.begin(), actual.end()));
  }
  split.set_train_count(50);  // changed after the last batch: both begin a new epoch
  copy.restore(order.state(split), split);
  const auto expected = order.next(split, 15), actual = copy.next(split, 15);
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), actual.begin(), actual.end()));
}

}  // namespace
}  // namespace grokscope
