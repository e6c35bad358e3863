// A sweep beside everything else: it fills its table, stops and goes on, reads the curves of a cell.
#include "sweep/sweep_job.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "sweep/plan_json.h"

namespace grokscope {
namespace {

constexpr const char* kSmall =
    R"("base":"quickstart","set":{"task.modulus":11,"model.width":16,"model.mlp_width":32,"train.steps":40})";

class Job : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "grokscope-job-XXXXXX").string();
    folder_ = {::mkdtemp(name.data()), false};
  }
  void TearDown() override { std::filesystem::remove_all(folder_.path); }

  static SweepPlan plan(const std::string& rest) {
    return read_plan(std::string("{") + kSmall + "," + rest + "}");
  }
  static SweepPlan read_plan(const std::string& text) {
    auto read = plan_from_text(text, "plan");
    EXPECT_TRUE(read) << read.error().message;
    return *read;
  }
  SweepJobOptions options(bool train) {
    SweepJobOptions options;
    options.program = GROKSCOPE_PROGRAM;
    options.train = train;
    options.wake = [this] {
      const std::lock_guard lock(mutex_);
      news_.notify_all();
    };
    return options;
  }
  /// Waits for news for which it holds.
  SweepJobNews until(const SweepJob& job, const std::function<bool(const SweepJobNews&)>& holds) {
    std::unique_lock lock(mutex_);
    while (!holds(job.news())) news_.wait_for(lock, std::chrono::milliseconds(100));
    return job.news();
  }
  static bool rests(const SweepJobNews& news) { return news.state == SweepState::resting; }

  SweepFolder folder_;
  std::mutex mutex_;
  std::condition_variable news_;
};

constexpr const char* kFour =
    R"("axes":[{"field":"optimizer.weight_decay","values":[0.1,1]}],"seeds":[0,1],"record":["test_accuracy"])";

TEST_F(Job, FillsItsTableAndLeavesTheResults) {
  SweepJob job(plan(kFour), folder_, options(true));
  const SweepJobNews news = until(job, [](const SweepJobNews& now) { return rests(now) && now.known == 4; });
  EXPECT_EQ(news.error, "");
  EXPECT_EQ(news.all, 4u);
  ASSERT_NE(news.table, nullptr);
  for (const SweepRow& row : news.table->rows) EXPECT_EQ(row.steps, 40);
  EXPECT_TRUE(std::filesystem::exists(folder_.results("csv")));
}

TEST_F(Job, OnlyLooksUntilItIsToldToGoOn) {
  SweepJob job(plan(kFour), folder_, options(false));
  EXPECT_EQ(until(job, rests).known, 0u);
  EXPECT_FALSE(std::filesystem::exists(folder_.shards()));
  job.go_on();
  EXPECT_EQ(until(job, [](const SweepJobNews& now) { return rests(now) && now.known > 0; }).known, 4u);
}

TEST_F(Job, ReadsTheCurvesOfTheCellThatWasAskedFor) {
  SweepJob job(plan(kFour), folder_, options(true));
  until(job, [](const SweepJobNews& now) { return rests(now) && now.known == 4; });
  job.want_curves_of(1);
  const SweepJobNews news =
      until(job, [](const SweepJobNews& now) { return now.curves != nullptr && now.curves->cell == 1; });
  EXPECT_EQ(news.curves->series, "test_accuracy");
  ASSERT_EQ(news.curves->curves.size(), 2u);
  EXPECT_EQ(news.curves->curves[1].seed, 1);
  EXPECT_EQ(news.curves->curves[1].steps.back(), 40);
}

TEST_F(Job, StopsAtOnceKeepsWhatIsFinishedAndGoesOn) {
  const SweepPlan two = read_plan(
      R"({"base":"quickstart","set":{"task.modulus":11,"model.width":16,"model.mlp_width":32},
          "axes":[{"field":"train.steps","values":[40,1000000000]}],"record":["test_accuracy"]})");
  SweepJob job(two, folder_, options(true));
  until(job, [](const SweepJobNews& now) { return now.known == 1; });
  job.stop();
  EXPECT_EQ(until(job, rests).known, 1u);
  EXPECT_TRUE(std::filesystem::exists(folder_.results("csv")));
  job.close();
  while (!job.closed()) ::usleep(1000);
}

TEST_F(Job, ARunThatFailsIsARowAndASweepThatCannotBeReadSaysWhy) {
  SweepJob job(read_plan(R"({"base":"quickstart","set":{"task.kind":"table","task.path":"/nowhere.csv"},
                             "axes":[{"field":"train.steps","values":[40]}]})"),
               folder_, options(true));
  const SweepJobNews news = until(job, [](const SweepJobNews& now) { return rests(now) && now.known == 1; });
  EXPECT_EQ(news.table->rows[0].state, RowState::failed);
  const SweepFolder damaged{folder_.path + "/damaged", false};
  std::filesystem::create_directories(damaged.path);
  {
    std::FILE* file = std::fopen(damaged.results("jsonl").c_str(), "w");
    std::fputs("{\"schema\":\"grokscope.outcome/0\"}\n", file);
    std::fclose(file);
  }
  SweepJob other(plan(kFour), damaged, options(true));
  const SweepJobNews failed =
      until(other, [](const SweepJobNews& now) { return now.state == SweepState::failed; });
  EXPECT_NE(failed.error.find("another version"), std::string::npos) << failed.error;
}

}  // namespace
}  // namespace grokscope
