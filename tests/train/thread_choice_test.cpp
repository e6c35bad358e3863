// How many workers: the faster count, remembered, and no cache file can do harm.
#include "train/kernels/thread_choice.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace grokscope {
namespace {

class ThreadChoice : public ::testing::Test {
 protected:
  ~ThreadChoice() override { std::filesystem::remove_all(folder_); }

  int choose(const std::string& workload, double one, double two) {
    return choose_workers(workload, 2, path(), [&](int workers) {
      ++timed_;
      return workers == 1 ? one : two;
    });
  }
  std::string path() const { return folder_ / "deep" / "threads.json"; }
  void damage(const std::string& text) { std::ofstream(path()) << text; }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("grokscope-threads-" + std::to_string(getpid()));
  int timed_ = 0;
};

TEST_F(ThreadChoice, TakesMoreOnlyWhenClearlyFasterAndRemembersIt) {
  EXPECT_EQ(choose("long step", 1.0, 0.55), 2);
  EXPECT_EQ(choose("short step", 1.0, 0.95), 1);
  EXPECT_EQ(timed_, 4);
  EXPECT_EQ(choose("long step", 1.0, 5.0), 2);  // from the file
  EXPECT_EQ(timed_, 4);
}

TEST_F(ThreadChoice, FewerThanAllIsTimedAgainTheNextTime) {
  EXPECT_EQ(choose("a", 1.0, 1.3), 1);   // another program has the second core
  EXPECT_EQ(choose("a", 1.0, 0.55), 2);  // not any more
  EXPECT_EQ(timed_, 4);
}

TEST_F(ThreadChoice, ADamagedFileIsIgnoredAndReplaced) {
  choose("a", 1.0, 0.5);
  for (const char* text : {"", "{", "[1, 2]", "null", "{\"a\": \"two\"}"}) {
    damage(text);
    timed_ = 0;
    EXPECT_EQ(choose("a", 1.0, 0.5), 2) << text;
    EXPECT_EQ(timed_, 2) << text;
    EXPECT_EQ(choose("a", 1.0, 0.5), 2);
    EXPECT_EQ(timed_, 2) << text;
  }
}

TEST_F(ThreadChoice, ANumberThatThisMachineCannotHaveIsTimedAgain) {
  choose("a", 1.0, 0.5);
  std::ifstream file(path());
  std::string text{std::istreambuf_iterator<char>(file), {}};
  text.replace(text.rfind('2'), 1, "64");
  damage(text);
  EXPECT_EQ(choose("a", 1.0, 0.95), 1);
  EXPECT_EQ(timed_, 4);
}

TEST_F(ThreadChoice, AnUnwritableFolderOnlyCostsTheTiming) {
  const auto seconds = [](int workers) { return 1.0 / workers; };
  EXPECT_EQ(choose_workers("a", 2, "/proc/no/threads.json", seconds), 2);
  EXPECT_EQ(choose_workers("a", 1, path(), seconds), 1);
}

}  // namespace
}  // namespace grokscope
