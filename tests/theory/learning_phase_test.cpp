// The four phases: every cell of the paper's table, the edges between them, and the young run.
#include "theory/learning_phase.h"

#include <gtest/gtest.h>

namespace grokscope::theory {
namespace {

LearningPhase phase(std::int64_t train, std::int64_t test, std::int64_t last, bool over = false) {
  return learning_phase({train, test, last, over});
}

TEST(LearningPhase, IsThatOfThePapersTable) {
  EXPECT_EQ(phase(500, 900, 100'000), LearningPhase::comprehension);
  EXPECT_EQ(phase(500, 9000, 100'000), LearningPhase::grokking);
  EXPECT_EQ(phase(500, -1, 100'000), LearningPhase::memorisation);
  EXPECT_EQ(phase(-1, -1, 100'000), LearningPhase::confusion);
}

TEST(LearningPhase, TheGapDecidesAndTheBudgetEndsIt) {
  EXPECT_EQ(phase(500, 1499, 2000), LearningPhase::comprehension);
  EXPECT_EQ(phase(500, 1500, 2000), LearningPhase::grokking);
  EXPECT_EQ(phase(700, 600, 2000), LearningPhase::comprehension);  // the test can be first
  EXPECT_EQ(phase(500, 100'001, 200'000), LearningPhase::memorisation);
  EXPECT_EQ(phase(500, 100'000, 200'000), LearningPhase::grokking);
  EXPECT_EQ(learning_phase({500, 900, 1000, false}, {0.9, 800, 1000}), LearningPhase::memorisation);
  EXPECT_EQ(learning_phase({500, 900, 1000, false}, {0.9, 1000, 400}), LearningPhase::grokking);
}

TEST(LearningPhase, IsUndecidedWhileTheRunIsYoungAndJudgedAtItsEnd) {
  EXPECT_EQ(phase(500, -1, 5000), LearningPhase::undecided);
  EXPECT_EQ(phase(-1, -1, 5000), LearningPhase::undecided);
  EXPECT_EQ(phase(500, -1, 5000, true), LearningPhase::memorisation);
  EXPECT_EQ(phase(-1, -1, 5000, true), LearningPhase::confusion);
}

TEST(LearningPhase, EveryOneHasANameAndAMeaning) {
  for (const LearningPhase one :
       {LearningPhase::undecided, LearningPhase::comprehension, LearningPhase::grokking,
        LearningPhase::memorisation, LearningPhase::confusion}) {
    EXPECT_FALSE(name_of(one).empty());
    EXPECT_NE(meaning_of(one).find("Liu et al. 2022"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace grokscope::theory
