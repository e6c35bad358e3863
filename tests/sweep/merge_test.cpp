// Results of a plan from shards: order, numbers, memory. Trains nothing.
#include "sweep/merge.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/process.h"
#include "sweep/local_executor.h"
#include "sweep/plan_json.h"
#include "sweep/sweep.h"
#include "sweep/text_map.h"
#include "sweep/train_runs.h"

namespace grokscope {
namespace {

class SweepMerge : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "grokscope-merge-XXXXXX").string();
    folder_.path = ::mkdtemp(name.data());
    folder_.with_cache = false;
    std::filesystem::create_directories(folder_.shards());
  }
  void TearDown() override { std::filesystem::remove_all(folder_.path); }

  static SweepPlan plan_of(const std::string& axes, const std::string& seeds) {
    auto plan =
        plan_from_text(R"({"base":"quickstart","axes":)" + axes + R"(,"seeds":)" + seeds + "}", "plan");
    EXPECT_TRUE(plan) << plan.error().message;
    return *plan;
  }
  static std::vector<std::string> keys_of(const SweepPlan& plan) {
    std::vector<std::string> keys;
    for (std::size_t run = 0; run < plan.runs(); ++run) keys.push_back(run_plan(plan, run, "").request.key);
    return keys;
  }
  static Outcome outcome_of_run(const SweepPlan& plan, std::size_t run) {
    const RunPlan made = run_plan(plan, run, "");
    Outcome outcome = failed_outcome(made.request, made.run.config, failure(""));
    outcome.stopped = "steps";
    outcome.last.step = static_cast<std::int64_t>(run);
    outcome.last.test_accuracy = 0.5;
    return outcome;
  }
  std::string text_of_file(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  Result<MergedResults> merge(const SweepPlan& plan) {
    OutcomeStore store(folder_.shards(), "", plan.record);
    const std::vector<std::string> keys = keys_of(plan);
    for (const std::string& key : keys) store.want(key);
    if (Status read = store.refresh(); !read) return read.error();
    return merge_results(plan, keys, store, folder_);
  }
  SweepFolder folder_;
};

TEST_F(SweepMerge, RowsStandByTheAxesThenTheSeedWhateverTheShards) {
  const SweepPlan plan = plan_of(R"([{"field":"optimizer.weight_decay","values":[10,2]}])", "[1,0]");
  for (const std::size_t run : {3, 0, 2}) {
    std::ofstream(folder_.shards() + "/" + (run == 0 ? "b" : "a") + ".jsonl", std::ios::app)
        << line_from_outcome(outcome_of_run(plan, run)) << "\n";
  }
  const auto merged = merge(plan);
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(merged->rows, 3u);
  const auto keys = keys_of(plan);
  EXPECT_EQ(
      text_of_file(folder_.results("csv")),
      "optimizer.weight_decay,seed,train_99,test_50,test_90,test_95,test_99,train_accuracy,"
      "test_accuracy,best_test_accuracy,train_loss,test_loss,weight_norm,steps,seconds,phase,stopped,key\n"
      "2,0,,,,,,nan,0.5,nan,nan,nan,nan,0,0.000,,steps," +
          keys[0] + "\n10,0,,,,,,nan,0.5,nan,nan,nan,nan,2,0.000,,steps," + keys[2] +
          "\n10,1,,,,,,nan,0.5,nan,nan,nan,nan,3,0.000,,steps," + keys[3] + "\n");
}

TEST_F(SweepMerge, TheDatabaseHasTheSameRows) {
  const SweepPlan plan = plan_of(R"([{"field":"optimizer.weight_decay","values":[10,2]}])", "[0]");
  Outcome outcome = outcome_of_run(plan, 1);
  outcome.series = {{"test_accuracy", {0, 10, 20}, {0.1, 0.2, 0.3}},
                    {"test_loss", {0, 10}, {std::nan(""), INFINITY}}};
  std::ofstream(folder_.shards() + "/a.jsonl") << line_from_outcome(outcome) << "\n";
  ASSERT_TRUE(merge(plan));
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open_v2(folder_.results("sqlite").c_str(), &database, SQLITE_OPEN_READONLY, nullptr),
            SQLITE_OK);
  std::string rows;
  const auto note = [](void* text, int count, char** values, char**) {
    for (int i = 0; i < count; ++i)
      *static_cast<std::string*>(text) += std::string(values[i] == nullptr ? "NULL" : values[i]) + ";";
    return 0;
  };
  ASSERT_EQ(sqlite3_exec(
                database,
                "SELECT \"optimizer.weight_decay\", steps, test_99, typeof(test_accuracy), s.step, s.value "
                "FROM runs JOIN series s USING (key) WHERE s.step > 5",
                note, &rows, nullptr),
            SQLITE_OK);
  std::string indices;
  ASSERT_EQ(sqlite3_exec(database, "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name", note,
                         &indices, nullptr),
            SQLITE_OK);
  EXPECT_EQ(indices, "curve_of_run;run_of_key;") << "a question about one of 100 000 runs waits without them";
  sqlite3_close(database);
  EXPECT_EQ(rows, "10;1;NULL;real;10;0.2;10;1;NULL;real;20;0.3;10;1;NULL;real;10;Inf;");
}

TEST_F(SweepMerge, WhatIsMadeOfTheSameIsNotMadeAgain) {
  const SweepPlan plan = plan_of(R"([{"field":"optimizer.weight_decay","values":[10,2]}])", "[0]");
  const auto add = [&](std::size_t run) {
    std::ofstream(folder_.shards() + "/a.jsonl", std::ios::app)
        << line_from_outcome(outcome_of_run(plan, run)) << "\n";
  };
  add(0);
  EXPECT_FALSE(merge(plan)->as_before);
  EXPECT_TRUE(merge(plan)->as_before);
  EXPECT_EQ(merge(plan)->rows, 1u);
  add(1);
  EXPECT_FALSE(merge(plan)->as_before);
  std::filesystem::remove(folder_.results("sqlite"));
  EXPECT_FALSE(merge(plan)->as_before);
  SweepPlan other = plan;
  other.axes[0].values.pop_back();
  EXPECT_FALSE(merge(other)->as_before);
  EXPECT_EQ(merge(other)->rows, 1u);
}

TEST_F(SweepMerge, WhatAKilledMergeLeftGoes) {
  const SweepPlan plan = plan_of(R"([{"field":"optimizer.weight_decay","values":[10,2]}])", "[0]");
  std::ofstream(folder_.path + "/.results.csv.77.1.tmp") << "half";
  std::ofstream(folder_.path + "/.results.sqlite.77.3.tmp-journal") << "half";
  ASSERT_TRUE(merge(plan));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path))
    EXPECT_EQ(entry.path().filename().string().find(".tmp"), std::string::npos) << entry.path();
}

TEST_F(SweepMerge, ResultsOfAnotherVersionStay) {
  std::ofstream(folder_.results("jsonl")) << "{\"schema\":\"grokscope.outcome/7\"}\n";
  const Status checked = check_results(folder_);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("grokscope.outcome/7"), std::string::npos);
  EXPECT_TRUE(checked.error().message.ends_with("results.jsonl"));
}

TEST_F(SweepMerge, AHundredThousandOutcomesTakeLittleMemory) {
  const SweepPlan plan = plan_of(R"([{"field":"optimizer.weight_decay","from":0.001,"to":100,"count":1000}])",
                                 R"({"from":0,"count":100})");
  {
    std::ofstream shards[4];
    for (int i = 0; i < 4; ++i) shards[i].open(folder_.shards() + "/s" + std::to_string(i) + ".jsonl");
    for (std::size_t run = 0; run < plan.runs(); ++run)
      shards[run % 4] << line_from_outcome(outcome_of_run(plan, run)) << "\n";
  }
  const std::int64_t before = resident_bytes();
  const auto merged = merge(plan);
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(merged->rows, 100'000u);
  // The lines alone are ninety million bytes; what is held is keys and places.
  EXPECT_LT(resident_bytes() - before, std::int64_t{60} << 20);
  std::ifstream table(folder_.results("csv"));
  std::string line;
  std::size_t lines = 0;
  const std::vector<std::string> keys = keys_of(plan);
  for (; std::getline(table, line); ++lines) {
    if (lines > 0) {
      ASSERT_TRUE(line.ends_with("," + keys.at(lines - 1))) << "row " << lines << ": " << line;
    }
  }
  EXPECT_EQ(lines, 100'001u);
}

TEST_F(SweepMerge, TheMapHasTheFirstAxisUpwardsAndTheLastToTheRight) {
  SweepPlan plan = plan_of(
      R"([{"field":"optimizer.weight_decay","values":[1,2]},{"field":"train.batch_size","values":[0,8]},
          {"field":"task.train_fraction","values":[0.3,0.4,0.5]}])",
      "[0,1]");
  const auto add = [&](std::size_t run, const std::string& phase, const std::string& stopped) {
    Outcome outcome = outcome_of_run(plan, run);
    outcome.phase = phase;
    outcome.stopped = stopped;
    std::ofstream(folder_.shards() + "/a.jsonl", std::ios::app) << line_from_outcome(outcome) << "\n";
  };
  add(0, "grokking", "until");        // 1, 0, 0.3
  add(5, "memorisation", "steps");    // 1, 0, 0.5, the second seed
  add(6, "", "diverged");             // 1, 8, 0.3
  add(22, "comprehension", "until");  // 2, 8, 0.5
  auto sweep = Sweep::look_at(plan, folder_);
  ASSERT_TRUE(sweep) << sweep.error().message;
  TextMap map(*sweep);
  map.update();
  EXPECT_EQ(map.text(80, 10), "... ..c\nG.m !..\n");
  EXPECT_EQ(map.text(4, 10), "... \nG.m \n");
  EXPECT_EQ(map.text(80, 2), "... ..c\n");
}

TEST_F(SweepMerge, AListHasItsNumbersInsteadOfAxes) {
  const auto plan =
      plan_from_text(R"({"base":"quickstart","runs":[{},{"set":{"seed":7,"train.steps":10}}]})", "plan");
  ASSERT_TRUE(plan) << plan.error().message;
  Outcome outcome = outcome_of_run(*plan, 1);
  outcome.phase = "grokking";
  std::ofstream(folder_.shards() + "/a.jsonl") << line_from_outcome(outcome) << "\n";
  ASSERT_TRUE(merge(*plan));
  std::stringstream table(text_of_file(folder_.results("csv")));
  std::string line;
  std::getline(table, line);
  EXPECT_TRUE(line.starts_with("run,seed,train_99")) << line;
  std::getline(table, line);
  EXPECT_TRUE(line.starts_with("2,7,")) << line;
  EXPECT_FALSE(std::getline(table, line));
  const auto sweep = Sweep::look_at(*plan, folder_);
  ASSERT_TRUE(sweep);
  TextMap map(*sweep);
  map.update();
  EXPECT_EQ(map.text(80, 10), ".G\n");
  EXPECT_EQ(map.text(1, 10), ".\nG\n");
  EXPECT_EQ(map.text(1, 2), ".\n");
  EXPECT_EQ(map.text(0, 0), "");
}

TEST(ChunkSize, GrowsWithTheRateAndShrinksToTheEnd) {
  EXPECT_EQ(chunk_size(100, 4, 0.0), 1u);  // nothing is known yet
  EXPECT_EQ(chunk_size(100'000, 4, 0.01), 500u);
  EXPECT_EQ(chunk_size(100'000, 4, 60.0), 1u);
  EXPECT_EQ(chunk_size(64, 4, 0.01), 2u);
  EXPECT_EQ(chunk_size(3, 4, 0.01), 1u);
}

}  // namespace
}  // namespace grokscope
