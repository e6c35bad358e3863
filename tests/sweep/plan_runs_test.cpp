// A plan that lists its runs: its text, every way in which it can be wrong, its runs. Trains nothing.
#include <gtest/gtest.h>

#include "config/presets.h"
#include "sweep/outcome_key.h"
#include "sweep/plan.h"
#include "sweep/plan_json.h"

namespace grokscope {
namespace {

constexpr const char* kPlan =
    R"({"base":"quickstart", "set":{"train.steps":300}, "until":"test_accuracy >= 0.90",
  "runs":[{},
          {"set":{"seed":3,"optimizer":{"weight_decay":1}}, "until":"train_loss<0.1", "probes":true},
          {"set":{"optimizer.weight_decay":2}, "until":"", "probes":["ranks","layers","ranks"],
           "events":[{"step":50,"kind":"set","field":"optimizer.weight_decay","value":0},
                     {"step":7,"kind":"rescale_norm","value":20}]}],
  "keep":"runs"})";

SweepPlan plan_of(const std::string& text) {
  auto plan = plan_from_text(text, "plan.json");
  EXPECT_TRUE(plan) << plan.error().message;
  return plan ? *plan : SweepPlan();
}

TEST(PlanOfRuns, EachRunIsTheBaseAndWhatItSays) {
  const SweepPlan plan = plan_of(kPlan);
  ASSERT_EQ(plan.runs(), 3u);
  EXPECT_EQ(plan.cells(), 3u);
  EXPECT_TRUE(plan.keep_runs);
  EXPECT_TRUE(validate(plan)) << validate(plan).error().message;
  const PlannedRun first = planned_run(plan, 0), second = planned_run(plan, 1), third = planned_run(plan, 2);
  EXPECT_EQ(first.config.task.modulus, 67);
  EXPECT_EQ(first.config.train.steps, 300);
  EXPECT_EQ(first.until, "test_accuracy>=0.9");
  EXPECT_FALSE(first.probes);
  EXPECT_EQ(second.config.seed, 3);
  EXPECT_EQ(second.config.optimizer.weight_decay, 1.0);
  EXPECT_EQ(second.until, "train_loss<0.1");
  EXPECT_TRUE(second.probes && second.looks_with.empty());
  EXPECT_EQ(third.until, "");
  EXPECT_EQ(third.looks_with, (std::vector<std::string>{"layers", "ranks"}));
  ASSERT_EQ(third.events.size(), 2u);
  EXPECT_EQ(third.events[0].kind, "rescale_norm");
  EXPECT_EQ(third.events[1].step, 50);
  EXPECT_EQ(coarse_to_fine(plan), (std::vector<std::size_t>{0, 1, 2}));
}

TEST(PlanOfRuns, WrittenAndReadAgainItIsTheSame) {
  const std::string text = text_from_json(json_from_plan(plan_of(kPlan)));
  EXPECT_EQ(text_from_json(json_from_plan(plan_of(text))), text);
}

TEST(PlanOfRuns, WhatIsKeptComesBack) {
  for (const char* keep : {"outcomes", "numbers", "runs"}) {
    const SweepPlan plan =
        plan_of(R"({"base":"quickstart","runs":[{}],"keep":")" + std::string(keep) + R"("})");
    EXPECT_EQ(plan.keep_runs, keep != std::string("outcomes"));
    EXPECT_EQ(plan.numbers_alone, keep == std::string("numbers"));
    const Json json = json_from_plan(plan);
    EXPECT_EQ(json.value("keep", Json("outcomes")), keep);
  }
}

TEST(PlanOfRuns, IsMadeOfRunsAsWellAndGivesThemBack) {
  std::vector<PlannedRun> runs(2);
  runs[0].config = *load_config("quickstart");
  runs[1].config = *load_config("omnigrok-teacher-student");
  runs[1].config.seed = 4;
  runs[1].probes = true;
  runs[1].until = text_of(*parse_until("test_accuracy>=0.95"));
  const SweepPlan plan = plan_of(text_from_json(json_from_plan(plan_of_runs(runs))));
  ASSERT_EQ(plan.runs(), 2u);
  for (std::size_t run = 0; run < 2; ++run) {
    const PlannedRun again = planned_run(plan, run);
    EXPECT_EQ(outcome_key(again, ""), outcome_key(runs[run], ""));
    for (const Field& field : fields())
      EXPECT_EQ(field.get(again.config), field.get(runs[run].config)) << field.name;
  }
  EXPECT_EQ(plan.base.preset, "quickstart");
}

TEST(PlanOfRuns, ARunHasTheKeyOfTheSameCellOfAGrid) {
  const SweepPlan grid = plan_of(
      R"({"base":"quickstart","axes":[{"field":"optimizer.weight_decay","values":[1]}],"seeds":[2],"until":"test_accuracy>=0.9"})");
  const SweepPlan list = plan_of(
      R"({"base":"quickstart","runs":[{"set":{"optimizer.weight_decay":1,"seed":2},"until":"test_accuracy>=0.90"}]})");
  EXPECT_EQ(outcome_key(planned_run(list, 0), ""), outcome_key(planned_run(grid, 0), ""));
}

TEST(PlanOfRuns, SetChangesTheBaseButNotWhatARunSets) {
  SweepPlan plan = plan_of(kPlan);
  ASSERT_TRUE(set_in_plan(plan, "train.eval_every=5"));
  EXPECT_EQ(planned_run(plan, 2).config.train.eval_every, 5);
  const Status refused = set_in_plan(plan, "optimizer.weight_decay=9");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("run 2 of the list sets it"), std::string::npos)
      << refused.error().message;
}

TEST(PlanOfRuns, WhatIsWrongIsOneSentence) {
  const std::vector<std::pair<std::string, std::vector<const char*>>> wrong = {
      {R"("runs":[])", {"at least one run"}},
      {R"("runs":{})", {"at least one run"}},
      {R"("runs":[1])", {"run 1: it must be an object"}},
      {R"("runs":[{}],"axes":[{"field":"train.steps","values":[1]}])", {"axes and runs: leave one out"}},
      {R"("runs":[{}],"seeds":[1])", {"seeds and runs: leave one out"}},
      {R"("runs":[{},{"sett":{}}])", {"run 2: a run has no 'sett': did you mean 'set'"}},
      {R"("runs":[{"set":{"train.stepz":1}}])", {"run 1", "did you mean 'train.steps'"}},
      {R"("runs":[{"set":{"preset":"x"}}])", {"run 1", "preset"}},
      {R"("runs":[{"set":3}])", {"run 1"}},
      {R"("runs":[{"until":"test_acuracy>=1"}])", {"did you mean 'test_accuracy'"}},
      {R"("runs":[{"until":1}])", {"until must be a text"}},
      {R"("runs":[{"probes":"layers"}])", {"true, false, or a list"}},
      {R"("runs":[{"probes":[]}])", {"true, false, or a list"}},
      {R"("runs":[{"probes":["layer"]}])", {"did you mean 'layers'"}},
      {R"("runs":[{"events":{}}])", {"a list of interventions"}},
      {R"("runs":[{"events":[{"kind":"set"}]}])", {"event 1", "\"step\""}},
      {R"("runs":[{"events":[{"step":1,"kind":"pause"}]}])", {"no intervention of the kind 'pause'"}},
      {R"("runs":[{"events":[{"step":1,"kind":"rescale_nrm"}]}])", {"did you mean 'rescale_norm'"}},
      {R"("runs":[{}],"keep":"run")", {"keep is \"outcomes\", \"runs\""}},
  };
  for (const auto& [rest, says] : wrong) {
    const auto plan = plan_from_text("{\"base\":\"quickstart\"," + rest + "}", "plan.json");
    ASSERT_FALSE(plan) << rest;
    EXPECT_EQ(plan.error().exit_code(), 2) << rest;
    EXPECT_TRUE(plan.error().message.ends_with("(in the plan): plan.json")) << plan.error().message;
    for (const char* word : says)
      EXPECT_NE(plan.error().message.find(word), std::string::npos) << plan.error().message;
  }
}

TEST(PlanOfRuns, TheRunThatCannotBeTrainedIsNamed) {
  for (const char* second :
       {R"({"set":{"task.train_size":100000}})",
        R"({"events":[{"step":1,"kind":"set","field":"task.modulus","value":7}]})",
        R"({"events":[{"step":1,"kind":"set","field":"optimizer.weight_decay","value":-1}]})"}) {
    const SweepPlan plan = plan_of(std::string(R"({"base":"quickstart","runs":[{},)") + second + "]}");
    const Status valid = validate(plan);
    ASSERT_FALSE(valid) << second;
    EXPECT_TRUE(valid.error().message.starts_with("run 2 of the list cannot be trained: "))
        << valid.error().message;
  }
}

}  // namespace
}  // namespace grokscope
