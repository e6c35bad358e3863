// Whole reads, atomic writes and whole lines, also when the world does not cooperate.
#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "base/temporary_folder.h"

namespace grokscope {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void spill(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::size_t count_files(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

/// A small limit on file size stands in for a full disk: write(2) comes back short, then fails.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST(WriteFileAtomic, WritesReplacesAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "x", "one"));
  ASSERT_TRUE(write_file_atomic(folder / "x", "two"));
  EXPECT_EQ(slurp(folder / "x"), "two");
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(WriteFileAtomic, KeepsTheOldContentWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "x", "old"));
  Status status;
  {
    const FileSizeLimit limit(1000);
    status = write_file_atomic(folder / "x", std::string(5000, 'n'));
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "cannot write the file: File too large: " + (folder / "x"));
  EXPECT_EQ(status.error().blame, Blame::failure);
  EXPECT_EQ(slurp(folder / "x"), "old");
  EXPECT_EQ(count_files(folder.path()), 1u) << "the temporary file must be gone";
}

TEST(WriteFileAtomic, RefusesAFolderAndAMissingFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(write_file_atomic(folder.path(), "x").error().message,
            "cannot write the file: it is a folder: " + folder.path());
  EXPECT_EQ(write_file_atomic(folder / "none/x", "x").error().message,
            "cannot write the file: No such file or directory: " + (folder / "none/x"));
}

TEST(WriteFileAtomic, WritesThroughALink) {
  const TemporaryFolder folder;
  spill(folder / "real", "old");
  std::filesystem::create_symlink("real", folder / "link");
  ASSERT_TRUE(write_file_atomic(folder / "link", "new"));
  EXPECT_EQ(slurp(folder / "real"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
}

TEST(WriteFileAtomic, ReadersNeverSeeHalfAFile) {
  const TemporaryFolder folder;
  const std::string first(50'000, 'a'), second(50'000, 'b');
  ASSERT_TRUE(write_file_atomic(folder / "x", first));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < 40; ++i) EXPECT_TRUE(write_file_atomic(folder / "x", i % 2 == 0 ? second : first));
    done = true;
  });
  while (!done) {
    const auto seen = read_file(folder / "x", 100'000);
    EXPECT_TRUE(seen && (*seen == first || *seen == second));
  }
  writer.join();
}

TEST(MakeFolders, MakesParentsAndAcceptsWhatIsThere) {
  const TemporaryFolder folder;
  EXPECT_TRUE(make_folders(folder / "a/b/c"));
  EXPECT_TRUE(make_folders(folder / "a/b/c"));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
  spill(folder / "file", "");
  const auto status = make_folders(folder / "file");
  ASSERT_FALSE(status);
  EXPECT_TRUE(status.error().message.starts_with("cannot make the folder: ")) << status.error().message;
  EXPECT_TRUE(status.error().message.ends_with(": " + (folder / "file"))) << status.error().message;
}

TEST(LineFile, AppendsWholeLinesAfterWhatIsThere) {
  const TemporaryFolder folder;
  spill(folder / "lines", "zero\n");
  auto file = LineFile::open(folder / "lines");
  ASSERT_TRUE(file);
  LineFile moved = std::move(*file);
  EXPECT_TRUE(moved.append("one"));
  EXPECT_TRUE(moved.append(""));
  EXPECT_EQ(slurp(folder / "lines"), "zero\none\n\n");
}

TEST(LineFile, RefusesALineThatIsTwo) {
  const TemporaryFolder folder;
  auto file = LineFile::open(folder / "lines");
  EXPECT_EQ(file->append("one\ntwo").error().message,
            "cannot append to the file: the line contains a line break: " + (folder / "lines"));
  EXPECT_EQ(slurp(folder / "lines"), "");
}

TEST(LineFile, TakesAPartOfALineBackWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  auto file = LineFile::open(folder / "lines");
  ASSERT_TRUE(file->append("whole"));
  Status status;
  {
    const FileSizeLimit limit(100);
    status = file->append(std::string(200, 'x'));
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "cannot append to the file: File too large: " + (folder / "lines"));
  EXPECT_EQ(slurp(folder / "lines"), "whole\n");
  EXPECT_TRUE(file->append("again"));
  EXPECT_EQ(slurp(folder / "lines"), "whole\nagain\n");
}

TEST(LineFile, ReportsAFullDevice) {
  auto file = LineFile::open("/dev/full");
  if (!file) GTEST_SKIP() << "no /dev/full here";
  EXPECT_EQ(file->append("x").error().message,
            "cannot append to the file: No space left on device: /dev/full");
}

TEST(LineFile, SaysWhyItCannotOpen) {
  const TemporaryFolder folder;
  EXPECT_EQ(LineFile::open(folder / "none/lines").error().message,
            "cannot open the file for appending: No such file or directory: " + (folder / "none/lines"));
}

class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old, had_ = true;
    value != nullptr ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~Environment() { had_ ? ::setenv(name_, old_.c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::string old_;
  bool had_ = false;
};

TEST(Folders, FollowTheXdgStandard) {
  const Environment home("HOME", "/home/ada");
  const Environment data("XDG_DATA_HOME", "/somewhere/data");
  const Environment config("XDG_CONFIG_HOME", "relative/is/ignored");
  const Environment cache("XDG_CACHE_HOME", nullptr), state("XDG_STATE_HOME", "");
  EXPECT_EQ(data_folder(), "/somewhere/data/grokscope");
  EXPECT_EQ(config_folder(), "/home/ada/.config/grokscope");
  EXPECT_EQ(cache_folder(), "/home/ada/.cache/grokscope");
  EXPECT_EQ(state_folder(), "/home/ada/.local/state/grokscope");
}

}  // namespace
}  // namespace grokscope
