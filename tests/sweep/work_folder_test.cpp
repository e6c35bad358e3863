// Folders for one call: gone with it, and with the next one if it was killed; never while somebody works
// there.
#include "sweep/work_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace grokscope {
namespace {

namespace fs = std::filesystem;

class WorkFolders : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "grokscope-work-XXXXXX").string();
    cache_ = ::mkdtemp(name.data());
    ::setenv("XDG_CACHE_HOME", cache_.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("XDG_CACHE_HOME");
    fs::remove_all(cache_);
  }
  std::string cache_;
};

TEST_F(WorkFolders, EachIsItsOwnAndGoneAfterwards) {
  std::string path;
  {
    const auto first = WorkFolder::make(), second = WorkFolder::make();
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->path(), second->path());
    EXPECT_TRUE(fs::is_directory(first->path())) << "it is in use: the second must not take it away";
    std::ofstream(first->path() + "/file") << "text";
    path = first->path();
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(WorkFolders, WhatAKilledProcessLeftGoesWithTheNext) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto made = WorkFolder::make();
    ::_exit(made ? 0 : 1);  // no destructor runs
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  const auto folders = [&] {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(cache_ + "/grokscope/work"))
      count += entry.is_directory();
    return count;
  };
  ASSERT_EQ(folders(), 1);
  const auto next = WorkFolder::make();
  ASSERT_TRUE(next);
  EXPECT_EQ(folders(), 1);
  EXPECT_TRUE(fs::is_directory(next->path()));
}

TEST_F(WorkFolders, WhereNoneCanBeMadeIsASentence) {
  std::ofstream(cache_ + "/grokscope") << "in the way";
  const auto made = WorkFolder::make();
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find(cache_), std::string::npos) << made.error().message;
}

}  // namespace
}  // namespace grokscope
