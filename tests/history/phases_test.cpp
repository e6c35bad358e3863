// Phases on drawn curves, and the promise that what was shown once is not taken back.
#include "history/phases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "curves.h"
#include "history/interventions.h"

namespace grokscope {
namespace {

std::string names(const std::vector<PhaseSpan>& spans) {
  std::string text;
  for (const PhaseSpan& span : spans) text += (text.empty() ? "" : " ") + std::string(name_of(span.phase));
  return text;
}

std::string names(const History& history, std::int64_t step = INT64_MAX) {
  return names(phases_at(history, step));
}

void expect_no_gaps(const std::vector<PhaseSpan>& spans) {
  ASSERT_FALSE(spans.empty());
  EXPECT_EQ(spans.front().begin_step, 0);
  for (std::size_t i = 1; i < spans.size(); ++i) {
    EXPECT_EQ(spans[i].begin_step, spans[i - 1].end_step);
    EXPECT_LT(spans[i - 1].begin_step, spans[i - 1].end_step);
    EXPECT_NE(spans[i].phase, spans[i - 1].phase);
  }
  EXPECT_LE(spans.back().begin_step, spans.back().end_step);
}

TEST(Phases, EmptyRunIsStarting) {
  const History history{RunConfig{}};
  EXPECT_EQ(names(history, 0), "starting");
  EXPECT_EQ(verdict_at(history, 0).fact, "Starting.");
}

TEST(Phases, GrokkingHasFourPhases) {
  const History history = grokking_run();
  const auto spans = phases_at(history, 2000);
  expect_no_gaps(spans);
  EXPECT_EQ(names(spans), "memorising plateau generalising done");
  EXPECT_EQ(spans[1].begin_step, 90);
  EXPECT_NEAR(static_cast<double>(spans[2].begin_step), 600, 60) << "back-dated to where the rise began";
  EXPECT_EQ(spans[3].begin_step, history.first_steps().test_99);
  EXPECT_EQ(spans.back().end_step, 2000);
}

TEST(Phases, ASlowCreepIsStillPlateau) {
  const auto spans = phases_at(creeping_run(), 5000);
  EXPECT_EQ(names(spans), "memorising plateau generalising done");
  EXPECT_EQ(spans[1].begin_step, 90) << "the first point kept at which it had memorised";
  EXPECT_GT(spans[2].begin_step, 1300) << "test accuracy was 44 % then, after 1300 steps of creeping";
  EXPECT_LT(spans[2].begin_step, 1900);
}

TEST(Phases, ARiseWithoutAKneeHasNoPlateau) {
  History history{RunConfig{}};
  for (int i = 0; i <= 200; ++i) {
    const double x = i * 10;
    add(history, i * 10, ramp(x, 0, 90), x < 90 ? 0.05 : std::min(1.0, 0.05 + 0.35 * std::log(x / 90)));
  }
  EXPECT_EQ(names(history), "memorising generalising done");
}

TEST(Phases, ScrubbingBackSeesOnlyThePast) {
  const History history = grokking_run();
  EXPECT_EQ(names(history, 50), "memorising");
  EXPECT_EQ(names(history, 400), "memorising plateau");
  const auto spans = phases_at(history, 405);
  EXPECT_EQ(spans.back().end_step, 400);
}

TEST(Phases, NothingShownIsTakenBackExceptTheEndOfThePlateau) {
  const std::vector<History> runs = {grokking_run(), noisy_grokking_run(3), noisy_grokking_run(11),
                                     slingshot_run(), ungrok_run()};
  for (const History& full : runs) {
    std::vector<PhaseSpan> before;
    History growing{full.config()};
    for (const Event& event : full.events()) growing.append(event);
    for (const Evaluation& e : full.evaluations()) {
      growing.append(e);
      const auto now = phases_at(growing, e.step);
      expect_no_gaps(now);
      for (std::size_t i = 0; i < before.size(); ++i) {
        const bool vanished = i >= now.size() || now[i].phase != before[i].phase;
        const bool plateau_that_was_none =
            vanished && before[i].phase == Phase::plateau && i + 1 == before.size();
        ASSERT_TRUE(!vanished || plateau_that_was_none) << names(before) << " became " << names(now);
        if (vanished) continue;
        EXPECT_EQ(now[i].begin_step, before[i].begin_step);
        if (i + 1 < before.size()) {
          EXPECT_EQ(now[i].end_step, before[i].end_step);
        }
      }
      EXPECT_EQ(names(phases_at(full, e.step)), names(now))
          << "a recorded run shows what the live run showed";
      before = now;
    }
  }
}

TEST(Phases, NoiseDoesNotMakePhases) {
  for (int seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(names(noisy_grokking_run(seed)), "memorising plateau generalising done") << "seed " << seed;
  }
}

TEST(Phases, SpikesOfASlingshotDoNotMakePhases) {
  EXPECT_EQ(names(slingshot_run()), "memorising plateau generalising done");
}

TEST(Phases, OneHighEvaluationIsNotARise) {
  History history{RunConfig{}};
  for (int i = 0; i <= 100; ++i) add(history, i * 10, i < 10 ? 0.5 : 1.0, i == 50 ? 0.8 : 0.03);
  EXPECT_EQ(names(history), "memorising plateau");
}

TEST(Phases, MoreDataHasNoPlateau) {
  History history{RunConfig{}};
  for (int i = 0; i <= 100; ++i) add(history, i * 10, ramp(i * 10, 0, 300), ramp(i * 10, 20, 340));
  EXPECT_EQ(names(history), "memorising generalising done");
  EXPECT_NE(verdict_at(history, 1000).sentence.find("without memorising first"), std::string::npos);
}

TEST(Phases, RunThatNeverMemorisesStaysMemorising) {
  History history{RunConfig{}};
  for (int i = 0; i <= 100; ++i) add(history, i * 10, std::min(0.6, i * 0.01), 0.02);
  EXPECT_EQ(names(history), "memorising");
  EXPECT_EQ(verdict_at(history, 1000).fact, "Memorising: 60 % of the training pairs are right.");
}

TEST(Phases, LosingTheRestAfterAnInterventionOpensANewPlateau) {
  const History history = ungrok_run();
  EXPECT_EQ(names(history), "memorising plateau generalising done plateau");
  const Verdict verdict = verdict_at(history, 4000);
  EXPECT_NE(verdict.fact.find("It has lost what it had understood"), std::string::npos) << verdict.fact;
  EXPECT_NE(verdict.sentence.find("was changed to 30 % at step 2\u2009000."), std::string::npos)
      << verdict.sentence;
}

TEST(Phases, MoreTrainingPairsAreMemorisedAnew) {
  History history{RunConfig{}};
  Event event{1000, "set", Json::object()};
  event.detail["field"] = "task.train_fraction";
  event.detail["value"] = 0.5;
  for (int i = 0; i <= 200; ++i) {
    if (i == 100) history.append(event);
    const bool learning_anew = i > 100 && i < 110;
    add(history, i * 10, i < 10 ? 0.3 : learning_anew ? 0.85 : 1.0, 0.03);
  }
  EXPECT_EQ(names(history), "memorising plateau memorising plateau");
}

TEST(Phases, DivergenceIsSeenInTheNumbersAndInTheEvent) {
  History numbers = grokking_run(300);
  Evaluation broken;
  broken.step = 310;
  broken.train_count = 100;
  numbers.append(broken);
  EXPECT_EQ(names(numbers), "memorising plateau diverged");
  EXPECT_EQ(verdict_at(numbers, 310).fact, "Training broke down at step 310.");

  History event = grokking_run(300);
  Event stopped{305, "stopped", Json::object()};
  stopped.detail["reason"] = "diverged";
  event.append(stopped);
  EXPECT_EQ(names(event), "memorising plateau diverged");
  EXPECT_EQ(names(event, 300), "memorising plateau") << "before the event nobody knew";
}

/// Ten thousand evaluations that memorise, grok and collapse again and again.
Evaluation restless(std::int64_t i) {
  Evaluation e;
  const double x = static_cast<double>(i % 2900);
  e.step = i * 10;
  e.train_accuracy = ramp(x, 0, 300);
  e.test_accuracy = 0.02 + 0.98 * (ramp(x, 900, 1300) - ramp(x, 2500, 2700));
  e.train_loss = e.test_loss = 1.0;
  e.train_count = e.test_count = 100;
  return e;
}

TEST(Phases, LongRunsAnswerFromWhatWasKeptAsIfTheyHadSeenOnlyThat) {
  constexpr std::int64_t kEvaluations = 10'000;
  History whole{RunConfig{}};
  for (std::int64_t i = 0; i < kEvaluations; ++i) whole.append(restless(i));
  for (const std::int64_t seen : {1, 2, 1023, 1024, 1025, 2048, 4567, 9000, 10'000}) {
    History part{RunConfig{}};
    for (std::int64_t i = 0; i < seen; ++i) part.append(restless(i));
    const std::int64_t step = (seen - 1) * 10;
    const auto expected = part.phases_at(step), found = whole.phases_at(step + 3);
    ASSERT_EQ(found.size(), expected.size()) << seen;
    for (std::size_t k = 0; k < found.size(); ++k) {
      EXPECT_EQ(found[k].phase, expected[k].phase) << seen;
      EXPECT_EQ(found[k].begin_step, expected[k].begin_step) << seen;
      EXPECT_EQ(found[k].end_step, expected[k].end_step) << seen;
    }
  }
}

TEST(Phases, AnInterventionThatArrivesLateCountsAsIfItHadBeenInTime) {
  Event event{50'000, "set", Json::object()};
  event.detail["field"] = "task.train_fraction";
  event.detail["value"] = 0.3;
  const auto forgets =
      [](std::int64_t i) {  // one evaluation below: only after a change of the task a new phase
        Evaluation e = restless(i % 2000);
        e.step = i * 10;
        if (i >= 1300) e.train_accuracy = 1.0;
        if (i >= 1300) e.test_accuracy = i < 5001 ? 1.0 : 0.5;
        if (i == 5001) e.train_accuracy = 0.7;
        return e;
      };
  History in_time{RunConfig{}}, late{RunConfig{}};
  in_time.append(event);
  for (std::int64_t i = 0; i < 7000; ++i) in_time.append(forgets(i));
  for (std::int64_t i = 0; i < 7000; ++i) late.append(forgets(i));
  EXPECT_NE(names(late), names(in_time)) << "the event must matter for this test to mean anything";
  late.append(event);
  EXPECT_EQ(names(late), names(in_time));
  EXPECT_EQ(names(late, 40'000), names(in_time, 40'000));
}

TEST(LearningPhaseOfARun, IsUndecidedUntilItCanBeTold) {
  const History run = grokking_run();  // train 90 % at 90, test 90 % at 960: less than 1000 apart
  EXPECT_EQ(learning_phase_at(run, 50), theory::LearningPhase::undecided);
  EXPECT_EQ(learning_phase_at(run, 500), theory::LearningPhase::undecided);
  EXPECT_EQ(learning_phase_at(run, 2000), theory::LearningPhase::comprehension);
}

TEST(LearningPhaseOfARun, AShortRunIsJudgedAtItsEnd) {
  RunConfig config;
  config.train.steps = 500;
  History memorising{config}, lost{config}, late{RunConfig{}};
  for (std::int64_t step = 0; step <= 500; step += 10) {
    add(memorising, step, ramp(static_cast<double>(step), 0, 90), 0.1);
    add(lost, step, 0.2, 0.1);
  }
  EXPECT_EQ(learning_phase_at(memorising, 490), theory::LearningPhase::undecided);
  EXPECT_EQ(learning_phase_at(memorising, 500), theory::LearningPhase::memorisation);
  EXPECT_EQ(learning_phase_at(lost, 500), theory::LearningPhase::confusion);
  for (std::int64_t step = 0; step <= 3000; step += 100)
    add(late, step, step >= 100 ? 1.0 : 0.0, step >= 1100 ? 1.0 : 0.0);
  EXPECT_EQ(learning_phase_at(late, 1000), theory::LearningPhase::undecided);
  EXPECT_EQ(learning_phase_at(late, 3000), theory::LearningPhase::grokking);
}

}  // namespace
}  // namespace grokscope
