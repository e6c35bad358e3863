// First steps, ratios, slopes: what claims measure, on planted histories whose answers are known.
#include "claims/measure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "claims/claim_configs.h"
#include "planted.h"

namespace grokscope {
namespace {

TEST(ClaimMeasure, FirstStepsAndTheRatioOfAPlantedRun) {
  const History history = planted_history({}, 100, 2000);
  EXPECT_EQ(first_at_least(history, "train_accuracy", 0.99), 100);
  EXPECT_EQ(first_at_least(history, "test_accuracy", 0.95), 2000);
  EXPECT_EQ(first_at_least(history, "test_accuracy", 1.5), -1);
  EXPECT_EQ(first_at_least(history, "nothing", 0.5), -1);
  EXPECT_EQ(first_at_most(history, "train_loss", 0.2), 100);
  EXPECT_DOUBLE_EQ(delay_of(history), 20.0);
}

TEST(ClaimMeasure, RatiosOfWhatWasNeverReached) {
  EXPECT_TRUE(std::isinf(delay_of(planted_history({}, 100, -1))));
  EXPECT_TRUE(std::isnan(delay_of(planted_history({}, -1, 100))));
  EXPECT_DOUBLE_EQ(step_ratio(50, 0), 50.0);
  EXPECT_EQ(ratio_text(step_ratio(-1, 100)), "never");
  EXPECT_EQ(ratio_text(step_ratio(100, -1)), "undefined");
}

TEST(ClaimMeasure, ExtremesPassOverWhatIsNotANumber) {
  History history{RunConfig{}};
  for (const double loss : {3.0, std::nan(""), 7.0, 2.0}) {
    Evaluation e;
    e.step = static_cast<std::int64_t>(history.evaluations().size()) * 10;
    e.test_loss = loss;
    history.append(e);
  }
  EXPECT_EQ(largest_of(history, "test_loss"), 7.0);
  EXPECT_EQ(step_of_largest(history, "test_loss"), 20);
  EXPECT_EQ(smallest_of(history, "test_loss"), 2.0);
  EXPECT_EQ(last_of(history, "test_loss"), 2.0);
  EXPECT_EQ(value_at(history, "test_loss", 25), 7.0);
  EXPECT_TRUE(std::isnan(value_at(history, "nothing", 25)));
}

TEST(ClaimMeasure, RequireExplainsAndFails) {
  Judgement judgement;
  judgement.holds = true;
  require(judgement, true, "not said");
  EXPECT_TRUE(judgement.holds);
  EXPECT_TRUE(judgement.explanation.empty());
  require(judgement, false, "one");
  require(judgement, false, "two");
  EXPECT_FALSE(judgement.holds);
  EXPECT_EQ(judgement.explanation, "one; two");
}

TEST(ClaimMeasure, PowersOfTenHitItsEndsAndOne) {
  const std::vector<double> values = powers_of_ten(-1, 1, 11);
  ASSERT_EQ(values.size(), 11u);
  EXPECT_DOUBLE_EQ(values.front(), 0.1);
  EXPECT_DOUBLE_EQ(values[5], 1.0);
  EXPECT_DOUBLE_EQ(values.back(), 10.0);
}

}  // namespace
}  // namespace grokscope
