// The search for effective model complexity, on planted training errors; and what it refuses.
#include "sweep/complexity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "config/presets.h"

namespace grokscope {
namespace {

ComplexityPlan plan_from(std::int64_t least, std::int64_t most) {
  ComplexityPlan plan;
  plan.base = find_preset("quickstart")->config;
  plan.least = least;
  plan.most = most;
  return plan;
}

/// Errors that grow with the number of examples and are ε at `complexity`.
ComplexitySearch searched(const ComplexityPlan& plan, double complexity, double standard_error = 0.0) {
  ComplexitySearch search(plan);
  int rounds = 0;
  while (const auto examples = search.next()) {
    search.see({*examples, plan.epsilon * static_cast<double>(*examples) / complexity, standard_error});
    if (++rounds > 40) ADD_FAILURE() << "it does not end";
    if (rounds > 40) break;
  }
  return search;
}

TEST(Complexity, IsFoundToTheWantedPrecision) {
  for (const double truth : {101.0, 777.0, 1234.5, 3900.0}) {
    const ComplexitySearch search = searched(plan_from(100, 4000), truth);
    ASSERT_TRUE(search.complexity() && search.too_many()) << truth;
    EXPECT_LE(static_cast<double>(*search.complexity()), truth);
    EXPECT_GT(static_cast<double>(*search.too_many()), truth);
    EXPECT_LE(static_cast<double>(*search.too_many()),
              1.051 * static_cast<double>(*search.complexity()) + 1.0);
    EXPECT_LE(search.probes().size(), 10u);
  }
}

TEST(Complexity, BeyondTheEndsItSaysSo) {
  const ComplexityPlan plan = plan_from(100, 4000);
  const ComplexitySearch all = searched(plan, 1e6), none = searched(plan, 10.0);
  EXPECT_EQ(all.probes().size(), 1u) << "the most are fitted: nothing else has to be trained";
  EXPECT_EQ(complexity_sentence(all, plan),
            "effective model complexity of 4 000 or more: all of them are fitted to a mean training error of "
            "10 % over 3 "
            "seeds");
  EXPECT_FALSE(none.complexity());
  EXPECT_EQ(complexity_sentence(none, plan),
            "effective model complexity below 100: not even so few examples are fitted to a mean training "
            "error of 10 % "
            "over 3 seeds");
}

TEST(Complexity, TheSeedsSayHowSureItIs) {
  const ComplexityPlan plan = plan_from(100, 4000);
  const ComplexitySearch search = searched(plan, 1000.0, 0.01);  // two standard errors are a fifth of ε
  ASSERT_TRUE(search.surely_fitted() && search.surely_not());
  EXPECT_LE(*search.surely_fitted(), 800);
  EXPECT_GE(*search.surely_not(), 1200);
}

TEST(Complexity, RefusesWhatCannotBeSearched) {
  EXPECT_EQ(validate(plan_from(0, 10)).error().message,
            "there is no number of examples from 0 to 10: say where to look, from 1 up");
  EXPECT_FALSE(validate(plan_from(20, 10)));
  ComplexityPlan plan = plan_from(100, 400);
  plan.epsilon = 1.5;
  EXPECT_EQ(validate(plan).error().message, "epsilon is a share of wrong answers between 0 and 1, not 1.5");
  plan = plan_from(100, 400);
  plan.seeds = 0;
  EXPECT_EQ(validate(plan).error().message, "at least one seed is needed");
}

}  // namespace
}  // namespace grokscope
