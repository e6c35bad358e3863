// Worker processes of the program train a plan: what is told of each run, what nobody wants any more.
#include "sweep/local_executor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "sweep/plan_json.h"
#include "sweep/sweep.h"

namespace grokscope {
namespace {

class Executor : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "grokscope-executor-XXXXXX").string();
    folder_ = {::mkdtemp(name.data()), false};
  }
  void TearDown() override { std::filesystem::remove_all(folder_.path); }

  Sweep sweep_of(const std::string& runs) {
    auto plan = plan_from_text(
        R"({"base":"quickstart","set":{"task.modulus":11,"model.width":16,"model.mlp_width":32,"train.steps":20},"runs":)" +
            runs + "}",
        "plan");
    EXPECT_TRUE(plan) << plan.error().message;
    auto sweep = Sweep::open(*plan, folder_);
    EXPECT_TRUE(sweep) << sweep.error().message;
    return std::move(*sweep);
  }
  ExecutorOptions options() {
    ExecutorOptions options;
    options.program = GROKSCOPE_PROGRAM;
    options.folder = folder_;
    options.jobs = 2;
    options.interrupted = [] { return false; };
    options.heard = [this](std::size_t run, RunNews news) { heard_[run].push_back(news); };
    return options;
  }
  SweepFolder folder_;
  std::map<std::size_t, std::vector<RunNews>> heard_;
};

TEST_F(Executor, EveryRunIsTrainedOnceAndToldOf) {
  Sweep sweep =
      sweep_of(R"([{},{"set":{"seed":1}},{"set":{"task.kind":"table","task.path":"/nowhere.csv"}}])");
  const auto report = train_locally(sweep.plan(), sweep.missing(), options());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->trained, 2u);
  EXPECT_EQ(report->failed, 1u);
  EXPECT_FALSE(report->interrupted);
  EXPECT_EQ(heard_[0], (std::vector{RunNews::begun, RunNews::trained}));
  EXPECT_EQ(heard_[1], (std::vector{RunNews::begun, RunNews::trained}));
  EXPECT_EQ(heard_[2], (std::vector{RunNews::begun, RunNews::failed}));
  ASSERT_TRUE(sweep.refresh());
  EXPECT_EQ(sweep.missing(), std::vector<std::size_t>{2});
}

TEST_F(Executor, TheOutcomeOfARunCanBeReadWhenItIsToldOf) {
  Sweep sweep = sweep_of("[{}]");
  ExecutorOptions how = options();
  bool known = false;
  how.heard = [&](std::size_t run, RunNews news) {
    EXPECT_TRUE(sweep.refresh());
    if (news == RunNews::trained) known = sweep.knows(run);
  };
  ASSERT_TRUE(train_locally(sweep.plan(), sweep.missing(), how));
  EXPECT_TRUE(known);
}

TEST_F(Executor, WhatNobodyWantsAnyMoreIsGivenUp) {
  Sweep sweep = sweep_of(
      R"([{"set":{"train.steps":1000000000}},{"set":{"seed":1}},{"set":{"train.steps":1000000000,"seed":2}}])");
  ExecutorOptions how = options();
  how.wanted = [this](std::size_t run) {
    const bool begun = !heard_[0].empty() && heard_[1].size() == 2;
    return run == 1 || !begun;  // until the short one has ended: then one trains, and one may have begun
  };
  const auto report = train_locally(sweep.plan(), sweep.missing(), how);  // two billion steps otherwise
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->trained, 1u);
  EXPECT_EQ(report->dropped, 2u);
}

TEST_F(Executor, AnInterruptEndsWhatWouldTakeForEver) {
  Sweep sweep = sweep_of(R"([{"set":{"train.steps":1000000000}}])");
  ExecutorOptions how = options();
  how.interrupted = [this] { return !heard_[0].empty(); };
  const auto report = train_locally(sweep.plan(), sweep.missing(), how);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->interrupted);
  EXPECT_EQ(report->trained, 0u);
}

}  // namespace
}  // namespace grokscope
