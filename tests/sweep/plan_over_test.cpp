// Plans around a run: what is varied, over which values, what cannot be.
#include "sweep/plan_over.h"

#include <gtest/gtest.h>

#include "config/presets.h"
#include "sweep/plan_json.h"

namespace grokscope {
namespace {

RunConfig quickstart() {
  return find_preset("quickstart")->config;
}

TEST(PlanOver, OneSettingGoesOverItsSliderOnItsScale) {
  const RunConfig run = quickstart();
  const auto plan = plan_over(run, std::vector<std::string>{"optimizer.weight_decay"}, 2000);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->axes.size(), 1u);
  EXPECT_EQ(plan->axes[0].values.size(), 9u);
  EXPECT_EQ(plan->seeds.size(), 3u);
  EXPECT_EQ(plan->base.train.steps, 2000);
  double before = 0.0;
  for (const FieldValue& value : plan->axes[0].values) {
    const double now = std::get<double>(value);
    EXPECT_GT(now, before);
    EXPECT_LE(now, 100.0 * run.optimizer.weight_decay);
    before = now;
  }
  EXPECT_GT(before / std::get<double>(plan->axes[0].values[0]), 100.0) << "decades";
}

TEST(PlanOver, ALogScaleGoesAHundredTimesToEachSide) {
  RunConfig run = quickstart();
  run.optimizer.learning_rate = 1e-4;
  const auto plan = plan_over(run, std::vector<std::string>{"optimizer.learning_rate"}, 2000);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_LE(std::get<double>(plan->axes[0].values.back()), 1e-2);
  EXPECT_GE(std::get<double>(plan->axes[0].values.front()), 1e-6);
}

TEST(PlanOver, TwoSettingsAreAMapAndNoneAreSeeds) {
  const auto map = plan_over(quickstart(),
                             std::vector<std::string>{"optimizer.weight_decay", "task.train_fraction"}, 1000);
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_GE(map->cells(), 64u);
  EXPECT_EQ(map->seeds.size(), 2u);
  const auto seeds = plan_over(quickstart(), {}, 1000);
  ASSERT_TRUE(seeds) << seeds.error().message;
  EXPECT_EQ(seeds->cells(), 1u);
  EXPECT_EQ(seeds->seeds.size(), 20u);
  EXPECT_EQ(seeds->seeds.front(), quickstart().seed);
}

TEST(PlanOver, WhatItMakesIsAPlanThatCanBeReadAgain) {
  const auto plan = plan_over(quickstart(), std::vector<std::string>{"model.kind", "train.batch_size"}, 1000);
  if (!plan) return;  // a model that does not fit the task is a usage error
  EXPECT_TRUE(plan_from_text(text_from_json(json_from_plan(*plan)), "it"));
}

TEST(PlanOver, WhatCannotBeVariedIsOneSentence) {
  for (const char* name : {"seed", "task.path", "task.formula"}) {
    const auto plan = plan_over(quickstart(), std::vector<std::string>{name}, 1000);
    ASSERT_FALSE(plan) << name;
    EXPECT_NE(plan.error().message.find(name), std::string::npos) << plan.error().message;
  }
  const auto wrong = plan_over(quickstart(), std::vector<std::string>{"optimizer.weight_dcay"}, 1000);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("weight_decay"), std::string::npos);
}

}  // namespace
}  // namespace grokscope
