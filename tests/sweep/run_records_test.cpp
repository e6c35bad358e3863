// Run folders of a sweep: none is found before it is whole, the cache has its own copy. Trains nothing.
#include "sweep/run_records.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace grokscope {
namespace {

namespace fs = std::filesystem;

class Records : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "grokscope-records-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  static void fill(const std::string& folder, const std::string& text = "{}") {
    fs::create_directories(folder + "/frames");
    std::ofstream(folder + "/config.json") << text;
    std::ofstream(folder + "/frames/one") << "1";
  }
  static std::string text_of(const std::string& path) {
    std::string text;
    std::getline(std::ifstream(path), text);
    return text;
  }

  std::string root_;
  const std::string own_ = "/own", shared_ = "/shared";
  RunRecords records() const { return {root_ + own_, root_ + shared_}; }
};

TEST_F(Records, ADraftIsNotFoundBeforeItIsKeptAndThenTwice) {
  const RunRecords records = this->records();
  const std::string draft = records.draft("key", "host-1");
  fill(draft);
  EXPECT_EQ(records.find("key"), "");
  ASSERT_TRUE(records.keep("key", "host-1", "host-3"));
  EXPECT_EQ(records.find("key"), root_ + "/own/key");
  EXPECT_FALSE(fs::exists(draft));
  EXPECT_EQ(text_of(root_ + "/shared/key/frames/one"), "1");
  fs::remove_all(root_ + "/own/key");
  EXPECT_EQ(records.find("key"), root_ + "/shared/key");
}

TEST_F(Records, WhatTheCacheHasIsBroughtAndDoesNotShareItsFiles) {
  const RunRecords records = this->records();
  fill(root_ + "/shared/key", "old");
  ASSERT_TRUE(records.bring("key", "host-1"));
  EXPECT_EQ(records.find("key"), root_ + "/own/key");
  std::ofstream(root_ + "/own/key/config.json") << "changed by somebody";
  EXPECT_EQ(text_of(root_ + "/shared/key/config.json"), "old");
  ASSERT_TRUE(records.bring("key", "host-1"));  // what is there stays
  EXPECT_EQ(text_of(root_ + "/own/key/config.json"), "changed by somebody");
  EXPECT_TRUE(records.bring("other", "host-1"));
  EXPECT_EQ(records.find("other"), "");
}

TEST_F(Records, OneThatSomebodyElseMadeMeanwhileIsAsGood) {
  const RunRecords records = this->records();
  fill(root_ + "/own/key", "first");
  fill(records.draft("key", "host-1"), "second");
  ASSERT_TRUE(records.keep("key", "host-1", "host-1"));
  EXPECT_EQ(text_of(root_ + "/own/key/config.json"), "first");
  EXPECT_FALSE(fs::exists(records.draft("key", "host-1")));
}

TEST_F(Records, WithoutACacheThereIsOne) {
  const RunRecords alone(root_ + own_, "");
  fill(alone.draft("key", "host-1"));
  ASSERT_TRUE(alone.keep("key", "host-1", ""));
  EXPECT_EQ(alone.find("key"), root_ + "/own/key");
  EXPECT_FALSE(fs::exists(root_ + "/shared"));
}

TEST_F(Records, WhatAKilledProcessLeftGoesAndNothingElse) {
  const RunRecords records = this->records();
  fill(records.draft("a", "host-1"));
  fill(records.draft("a", "host-11"));
  fill(root_ + "/shared/.a.host-2");
  fill(root_ + "/own/whole");
  records.discard_all("host-1", "host-2");
  EXPECT_FALSE(fs::exists(records.draft("a", "host-1")));
  EXPECT_TRUE(fs::exists(records.draft("a", "host-11")));
  EXPECT_FALSE(fs::exists(root_ + "/shared/.a.host-2"));
  EXPECT_EQ(records.find("whole"), root_ + "/own/whole");
}

TEST_F(Records, NumbersAloneLeaveFramesAndCheckpointsOutAndAWholeFolderHasThemToo) {
  const RunRecords whole = records(), numbers(root_ + own_, root_ + shared_, true);
  fill(numbers.draft("key", "host-1"));
  ASSERT_TRUE(numbers.keep("key", "host-1", "host-1"));
  EXPECT_EQ(numbers.find("key"), root_ + "/own/key.numbers");
  EXPECT_FALSE(fs::exists(root_ + "/own/key.numbers/frames"));
  EXPECT_FALSE(fs::exists(root_ + "/shared/key.numbers/frames"));
  EXPECT_EQ(whole.find("key"), "") << "something is missing from it";
  fill(root_ + "/shared/other");
  EXPECT_EQ(numbers.find("other"), root_ + "/shared/other");
  ASSERT_TRUE(numbers.bring("other", "host-1"));
  EXPECT_EQ(numbers.find("other"), root_ + "/own/other");
}

TEST_F(Records, ARecordThatCannotBeMadeIsAnError) {
  const RunRecords records = this->records();
  const Status kept = records.keep("key", "host-1", "host-1");  // there is no draft
  ASSERT_FALSE(kept);
  EXPECT_TRUE(kept.error().message.ends_with(root_ + "/own/key")) << kept.error().message;
}

}  // namespace
}  // namespace grokscope
