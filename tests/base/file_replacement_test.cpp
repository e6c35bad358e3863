// A file written piece by piece is the old or the whole new one.
#include "base/file_replacement.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/files.h"

namespace grokscope {
namespace {

class FileReplacementTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "grokscope-replace-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    target_ = folder_ + "/table.csv";
    ASSERT_TRUE(write_file_atomic(target_, "old"));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()));
  }
  std::string folder_, target_;
};

TEST_F(FileReplacementTest, IsTheOldFileUntilItIsCommitted) {
  {
    auto file = FileReplacement::beside(target_);
    ASSERT_TRUE(file);
    const std::string piece(700'000, 'x');
    file->write(piece);
    file->write(piece);
    EXPECT_EQ(*read_file(target_, 1 << 22), "old");
    ASSERT_TRUE(file->commit());
    EXPECT_EQ(read_file(target_, 1 << 22)->size(), 1'400'000u);
  }
  EXPECT_EQ(files(), 1u);
}

TEST_F(FileReplacementTest, WithoutCommitNothingIsLeft) {
  {
    auto file = FileReplacement::beside(target_);
    ASSERT_TRUE(file);
    file->write("new");
    EXPECT_EQ(files(), 2u);
  }
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(*read_file(target_, 1 << 22), "old");
}

TEST_F(FileReplacementTest, AFolderThatIsNotThereIsAnError) {
  const auto file = FileReplacement::beside(folder_ + "/none/table.csv");
  ASSERT_FALSE(file);
  EXPECT_TRUE(file.error().message.ends_with("/none/table.csv"));
}

}  // namespace
}  // namespace grokscope
