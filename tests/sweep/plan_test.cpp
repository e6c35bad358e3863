// A plan: its text, every way in which it can be wrong, its runs in order. Trains nothing.
#include "sweep/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sweep/plan_json.h"

namespace grokscope {
namespace {

constexpr const char* kPlan = R"({"base":"quickstart", "set":{"train.steps":300},
  "axes":[{"field":"optimizer.weight_decay","values":[1,0.1,3]},
          {"field":"task.train_fraction","from":0.3,"to":0.7,"count":5,"scale":"linear"}],
  "seeds":[1,0], "until":"test_accuracy >= 0.990", "record":["test_accuracy"]})";

SweepPlan plan_of(const std::string& text) {
  auto plan = plan_from_text(text, "plan.json");
  EXPECT_TRUE(plan) << plan.error().message;
  return plan ? *plan : SweepPlan();
}

TEST(SweepPlan, ReadsAxesSeedsAndWhatIsSet) {
  const SweepPlan plan = plan_of(kPlan);
  EXPECT_EQ(plan.base.train.steps, 300);
  EXPECT_EQ(plan.base.task.modulus, 67);
  ASSERT_EQ(plan.axes.size(), 2u);
  EXPECT_EQ(plan.axes[0].values, (std::vector<FieldValue>{0.1, 1.0, 3.0}));
  ASSERT_EQ(plan.axes[1].values.size(), 5u);
  EXPECT_EQ(plan.axes[1].values.front(), FieldValue(0.3));
  EXPECT_EQ(plan.axes[1].values.back(), FieldValue(0.7));
  EXPECT_EQ(plan.seeds, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(plan.until, "test_accuracy>=0.99");
  EXPECT_EQ(plan.runs(), 30u);
}

TEST(SweepPlan, RunsAreInTheOrderOfTheAxesThenTheSeeds) {
  const SweepPlan plan = plan_of(kPlan);
  EXPECT_EQ(config_of(plan, 0).optimizer.weight_decay, 0.1);
  EXPECT_EQ(config_of(plan, 1).seed, 1);
  EXPECT_EQ(config_of(plan, 2).task.train_fraction, std::get<double>(plan.axes[1].values[1]));
  EXPECT_EQ(config_of(plan, 29).optimizer.weight_decay, 3.0);
  EXPECT_EQ(config_of(plan, 29).task.train_fraction, 0.7);
  EXPECT_EQ(cell_in_words(plan, 10), "optimizer.weight_decay = 1, task.train_fraction = 0.3");
}

TEST(SweepPlan, LogRangesAndSeedRanges) {
  const SweepPlan plan = plan_of(
      R"({"base":{"parent":"quickstart","train":{"steps":50}},
          "axes":[{"field":"model.width","from":16,"to":256,"count":5,"scale":"log"}],"seeds":{"from":3,"count":4}})");
  EXPECT_EQ(plan.axes[0].values,
            (std::vector<FieldValue>{std::int64_t{16}, std::int64_t{32}, std::int64_t{64}, std::int64_t{128},
                                     std::int64_t{256}}));
  EXPECT_EQ(plan.seeds, (std::vector<std::int64_t>{3, 4, 5, 6}));
  EXPECT_EQ(plan.base.train.steps, 50);
}

TEST(SweepPlan, WrittenAndReadAgainItIsTheSame) {
  const SweepPlan plan = plan_of(kPlan);
  const std::string text = text_from_json(json_from_plan(plan));
  const SweepPlan again = plan_of(text);
  EXPECT_EQ(text_from_json(json_from_plan(again)), text);
  EXPECT_EQ(again.axes[1].values, plan.axes[1].values);
}

TEST(SweepPlan, CoarseToFineHasEveryRunOnceAndTheCoarseMapFirst) {
  const SweepPlan plan = plan_of(kPlan);
  const std::vector<std::size_t> order = coarse_to_fine(plan);
  EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), plan.runs());
  ASSERT_EQ(order.size(), plan.runs());
  for (std::size_t i = 0; i < 6; ++i) {  // 2 of 3 × 3 of 5 cells
    const SweepPlace place = place_of(plan, order[i]);
    EXPECT_EQ(place.seed, 0u);
    EXPECT_EQ(place.along[0] % 2 + place.along[1] % 2, 0u);
  }
  EXPECT_EQ(place_of(plan, order[14]).seed, 0u);
  EXPECT_EQ(place_of(plan, order[15]).seed, 1u);
}

TEST(SweepPlan, PartsHaveEveryRunOnce) {
  const SweepPlan plan = plan_of(kPlan);
  std::multiset<std::size_t> seen;
  for (std::size_t part = 1; part <= 7; ++part) {
    for (const std::size_t run : runs_of_part(plan, part, 7)) seen.insert(run);
  }
  EXPECT_EQ(seen.size(), 30u);
  EXPECT_EQ(std::set<std::size_t>(seen.begin(), seen.end()).size(), 30u);
}

TEST(SweepPlan, WhatIsWrongIsOneSentence) {
  const char* axis = R"("axes":[{"field":"train.steps","values":[10]}])";
  const std::string base = R"("base":"quickstart",)";
  const std::vector<std::pair<std::string, std::vector<const char*>>> wrong = {
      {"[]", {"must be a JSON object"}},
      {"{\"base\":", {"plan.json"}},
      {std::string("{") + axis + "}", {"needs a base"}},
      {R"({"base":"quickstrat",)" + std::string(axis) + "}", {"did you mean 'quickstart'"}},
      {R"({"base":3,)" + std::string(axis) + "}", {"base must be"}},
      {"{" + base + R"("axis":[]})", {"'axis'", "did you mean 'axes'"}},
      {"{" + base + R"("schema":"grokscope.plan/2",)" + axis + "}", {"another version", "grokscope.plan/2"}},
      {"{" + base + R"("set":{"optimizer":{"weight_deca":1}},)" + axis + "}",
       {"did you mean 'optimizer.weight_decay'"}},
      {"{" + base + R"("set":{"train.steps":5},)" + axis + "}", {"train.steps is an axis and in \"set\""}},
      {"{" + base + R"("set":{"train":{"steps":5}},)" + axis + "}",
       {"train.steps is an axis and in \"set\""}},
      {"{" + base + R"("axes":[]})", {"one to three axes"}},
      {"{" + base + R"("axes":[1]})", {"an axis must be an object"}},
      {"{" + base + R"("axes":[{"values":[1]}]})", {"needs a field"}},
      {"{" + base + R"("axes":[{"field":"optimizer.weight_deca","values":[1]}]})",
       {"did you mean 'optimizer.weight_decay'"}},
      {"{" + base + R"("axes":[{"field":"train.steps","value":[1]}]})", {"did you mean 'values'"}},
      {"{" + base + R"("axes":[{"field":"train.steps","values":[]}]})", {"at least one value"}},
      {"{" + base + R"("axes":[{"field":"train.steps","values":[5,5.0]}]})", {"'5' twice"}},
      {"{" + base + R"("axes":[{"field":"train.steps","values":[-1]}]})", {"train.steps must be in"}},
      {"{" + base + R"("axes":[{"field":"train.steps","values":[1],"from":1}]})", {"leave one out"}},
      {"{" + base + R"("axes":[{"field":"train.steps","from":1,"to":9}]})", {"count of at least 2"}},
      {"{" + base + R"("axes":[{"field":"train.steps","from":1,"to":9,"count":1}]})",
       {"count of at least 2"}},
      {"{" + base + R"("axes":[{"field":"train.steps","to":9,"count":3}]})", {"from, to and count"}},
      {"{" + base + R"("axes":[{"field":"train.steps","from":9,"to":9,"count":3}]})", {"is empty"}},
      {"{" + base + R"("axes":[{"field":"train.steps","from":1,"to":4,"count":9}]})", {"twice"}},
      {"{" + base + R"("axes":[{"field":"train.steps","from":1,"to":9,"count":3,"scale":"lin"}]})",
       {"linear or log"}},
      {"{" + base + R"("axes":[{"field":"optimizer.weight_decay","from":0,"to":9,"count":3,"scale":"log"}]})",
       {"from must be above 0"}},
      {"{" + base + R"("axes":[{"field":"optimizer.kind","from":0,"to":9,"count":3}]})",
       {"not made of numbers"}},
      {"{" + base + R"("axes":[{"field":"seed","values":[1]}]})", {"write \"seeds\""}},
      {"{" + base + R"("axes":[{"field":"train.steps","values":[1]},{"field":"train.steps","values":[2]}]})",
       {"an axis twice"}},
      {"{" + base + axis + R"(,"seeds":[]})", {"seeds must be a list"}},
      {"{" + base + axis + R"(,"seeds":[1,1]})", {"seed 1 is there twice"}},
      {"{" + base + axis + R"(,"seeds":{"from":0,"count":0}})", {"a count from 1"}},
      {"{" + base + axis + R"(,"seeds":{"form":0,"count":2}})", {"did you mean 'from'"}},
      {"{" + base + axis + R"(,"until":"test_acuracy>=1"})", {"did you mean 'test_accuracy'"}},
      {"{" + base + axis + R"(,"record":["test_acuracy"]})", {"did you mean 'test_accuracy'"}},
      {"{" + base + R"("axes":[{"field":"train.steps","from":1,"to":1e6,"count":1000},
         {"field":"optimizer.weight_decay","from":0.1,"to":1,"count":1000}]})",
       {"1000000 runs is too large", "200000"}},
  };
  for (const auto& [text, says] : wrong) {
    const auto plan = plan_from_text(text, "plan.json");
    ASSERT_FALSE(plan) << text;
    EXPECT_EQ(plan.error().exit_code(), 2) << text;
    EXPECT_TRUE(plan.error().message.ends_with("plan.json") ||
                plan.error().message.find("plan.json") != std::string::npos)
        << plan.error().message;
    for (const char* word : says)
      EXPECT_NE(plan.error().message.find(word), std::string::npos) << plan.error().message;
  }
}

TEST(SweepPlan, EveryCellIsValidatedAndTheOneThatCannotBeIsNamed) {
  const SweepPlan plan = plan_of(
      R"({"base":"quickstart","axes":[{"field":"task.train_size","values":[10,100000]},
          {"field":"optimizer.weight_decay","values":[0.5]}]})");
  const Status valid = validate(plan);
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().exit_code(), 2);
  EXPECT_NE(valid.error().message.find("task.train_size = 100000, optimizer.weight_decay = 0.5"),
            std::string::npos)
      << valid.error().message;
  EXPECT_NE(valid.error().message.find("leaves nothing to test"), std::string::npos);
}

TEST(SweepPlan, SetChangesTheBaseOrTheOneValueOfAnAxis) {
  SweepPlan plan = plan_of(kPlan);
  EXPECT_TRUE(set_in_plan(plan, "train.eval_every=5"));
  EXPECT_EQ(plan.base.train.eval_every, 5);
  EXPECT_FALSE(set_in_plan(plan, "optimizer.weight_decay=1"));
  EXPECT_FALSE(set_in_plan(plan, "seed=1"));
  SweepPlan seeds = *load_plan("seeds-20");
  ASSERT_TRUE(set_in_plan(seeds, "optimizer.weight_decay=2"));
  EXPECT_EQ(config_of(seeds, 7).optimizer.weight_decay, 2.0);
}

TEST(SweepPlan, ThePlansOfTheProgramCanBeTrained) {
  const std::vector<std::string> names = plan_names();
  EXPECT_EQ(names,
            (std::vector<std::string>{"davies-modelwise", "double-descent-modelwise",
                                      "double-descent-samplewise", "effective-theory-map", "fraction-curve",
                                      "omnigrok-norm-size", "phase-diagram-wd-fraction", "seeds-20"}));
  for (const std::string& name : names) {
    const auto plan = load_plan(name);
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_TRUE(validate(*plan)) << validate(*plan).error().message;
  }
  EXPECT_EQ(load_plan("phase-diagram-wd-fraction")->runs(), 288u);
  const auto unknown = load_plan("seeds-2");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("did you mean 'seeds-20'"), std::string::npos);
}

TEST(SweepPlan, OneRunStandsForItInTheMiddleOfEveryAxis) {
  const auto plan = plan_from_text(
      R"({"base":"quickstart","axes":[{"field":"optimizer.weight_decay","values":[0.1,1,3]},
          {"field":"task.train_fraction","values":[0.3,0.5,0.7,0.8]}],"seeds":[4,5]})",
      "plan");
  ASSERT_TRUE(plan) << plan.error().message;
  const RunConfig middle = config_of(*plan, middle_run(*plan));
  EXPECT_EQ(middle.optimizer.weight_decay, 1.0);
  EXPECT_EQ(middle.task.train_fraction, 0.7);
  EXPECT_EQ(middle.seed, 4);
}

}  // namespace
}  // namespace grokscope
