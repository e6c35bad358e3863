// Outputs that a person names: what kind of thing stands there decides how it is written, and it stays what
// it was.
#include "base/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/temporary_folder.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void spill(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::size_t count_files(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

struct stat facts_of(const std::string& path) {
  struct stat facts {};
  EXPECT_EQ(::lstat(path.c_str(), &facts), 0) << path;
  return facts;
}

/// Standard output goes to a file while it lives, as with `> path` in a shell.
class StandardOutput {
 public:
  StandardOutput(const std::string& path, int flags) : before_(::dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | flags, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::close(file);
  }
  ~StandardOutput() {
    std::fflush(stdout);
    ::dup2(before_, STDOUT_FILENO);
    ::close(before_);
  }

 private:
  int before_;
};

TEST(Output, MakesAFileAsTheUmaskSays) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  EXPECT_TRUE(check_output(folder / "x"));
  EXPECT_EQ(count_files(folder.path()), 0u) << "looking leaves nothing behind";
  EXPECT_TRUE(write_output(folder / "x", "new"));
  ::umask(before);
  EXPECT_EQ(slurp(folder / "x"), "new");
  EXPECT_EQ(facts_of(folder / "x").st_mode & 07777, 0640u);
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(Output, AFileKeepsItsModeAndOwner) {
  const TemporaryFolder folder;
  spill(folder / "x", "the old and longer content");
  ASSERT_EQ(::chmod((folder / "x").c_str(), 0604), 0);
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::chown((folder / "x").c_str(), 1234, 4321), 0);
  }
  ASSERT_TRUE(check_output(folder / "x"));
  EXPECT_EQ(slurp(folder / "x"), "the old and longer content");
  ASSERT_TRUE(write_output(folder / "x", "new"));
  EXPECT_EQ(slurp(folder / "x"), "new");
  EXPECT_EQ(facts_of(folder / "x").st_mode & 07777, 0604u);
  if (root) {
    EXPECT_EQ(facts_of(folder / "x").st_uid, 1234u);
    EXPECT_EQ(facts_of(folder / "x").st_gid, 4321u);
  }
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(Output, AFullDiskLeavesTheOldContent) {
  const TemporaryFolder folder;
  spill(folder / "x", "old");
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{1000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const Status written = write_output(folder / "x", std::string(5000, 'n'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "cannot write the file: File too large: " + (folder / "x"));
  EXPECT_EQ(slurp(folder / "x"), "old");
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(Output, ALinkStaysAndItsTargetIsWritten) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "deep");
  spill(folder / "deep/real", "old");
  fs::create_symlink("deep/real", folder / "one");
  fs::create_symlink("one", folder / "two");
  ASSERT_TRUE(check_output(folder / "two"));
  ASSERT_TRUE(write_output(folder / "two", "new"));
  EXPECT_EQ(slurp(folder / "deep/real"), "new");
  EXPECT_EQ(fs::read_symlink(folder / "two"), "one");
  EXPECT_EQ(fs::read_symlink(folder / "one"), "deep/real");
}

TEST(Output, ALinkToNothingMakesItsTarget) {
  const TemporaryFolder folder;
  fs::create_symlink("later", folder / "link");
  ASSERT_TRUE(check_output(folder / "link"));
  EXPECT_FALSE(fs::exists(folder / "later"));
  ASSERT_TRUE(write_output(folder / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(slurp(folder / "later"), "new");
}

TEST(Output, AFileWithTwoNamesKeepsBoth) {
  const TemporaryFolder folder;
  spill(folder / "x", "the old and longer content");
  fs::create_hard_link(folder / "x", folder / "y");
  ASSERT_TRUE(write_output(folder / "x", "new"));
  EXPECT_EQ(slurp(folder / "y"), "new");
  EXPECT_EQ(facts_of(folder / "x").st_ino, facts_of(folder / "y").st_ino);
}

TEST(Output, AFileKeepsWhatANewOneWouldNotHave) {
  const TemporaryFolder folder;
  spill(folder / "x", "old");
  if (::setxattr((folder / "x").c_str(), "user.note", "mine", 4, 0) != 0)
    GTEST_SKIP() << "this file system has no attributes";
  ASSERT_TRUE(write_output(folder / "x", "new"));
  char note[8] = {};
  EXPECT_EQ(::getxattr((folder / "x").c_str(), "user.note", note, sizeof note), 4);
  EXPECT_EQ(slurp(folder / "x"), "new");
}

TEST(Output, APipeIsWrittenToAndStaysAPipe) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  ASSERT_TRUE(check_output(folder / "pipe")) << "does not wait for a reader";
  EXPECT_TRUE(is_stream(folder / "pipe"));
  const std::string bytes(300'000, 'b');  // more than a pipe holds
  std::string read;
  std::thread reader([&] { read = slurp(folder / "pipe"); });
  const Status written = write_output(folder / "pipe", bytes);
  reader.join();
  EXPECT_TRUE(written);
  EXPECT_EQ(read, bytes);
  EXPECT_TRUE(S_ISFIFO(facts_of(folder / "pipe").st_mode));
}

/// /dev/NAME; as root one of the test's own, because code that replaces devices must not find the machine's.
std::string device(const TemporaryFolder& folder, const std::string& name, unsigned minor) {
  if (::geteuid() != 0) return "/dev/" + name;
  const std::string path = folder / name;
  return ::mknod(path.c_str(), S_IFCHR | 0666, makedev(1, minor)) == 0 ? path : "";
}

TEST(Output, ADeviceIsWrittenToAndStaysADevice) {
  const TemporaryFolder folder;
  const std::string null = device(folder, "null", 3), full = device(folder, "full", 7);
  if (null.empty() || full.empty()) GTEST_SKIP() << "devices cannot be made here";
  for (const std::string& path : {null, full}) {
    EXPECT_TRUE(check_output(path));
    EXPECT_TRUE(is_stream(path));
  }
  EXPECT_TRUE(write_output(null, "gone"));
  EXPECT_EQ(write_output(full, "x").error().message,
            "cannot write the file: No space left on device: " + full);
  EXPECT_TRUE(S_ISCHR(facts_of(null).st_mode));
  EXPECT_TRUE(S_ISCHR(facts_of(full).st_mode));
}

TEST(Output, AHyphenIsStandardOutput) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  bool checked = false, written = false, stream = false;
  {
    const StandardOutput output(folder / "captured", O_TRUNC);
    std::printf("first\n");
    checked = check_output("-").ok();
    stream = is_standard_output("-");
    written = write_output("-", "second\n").ok();
    std::printf("third\n");
  }
  fs::current_path(before);
  EXPECT_TRUE(checked && written && stream);
  EXPECT_EQ(slurp(folder / "captured"), "first\nsecond\nthird\n");
  EXPECT_EQ(count_files(folder.path()), 1u) << "no file called -";
}

TEST(Output, NamesOfStandardOutputGoOnWhereItStands) {
  const TemporaryFolder folder;
  fs::create_symlink("/proc/self/fd/1", folder / "link");  // as /dev/stdout, which root could replace
  EXPECT_TRUE(is_standard_output("/dev/stdout"));
  for (const std::string& name : {std::string("/dev/stdout"), std::string("/dev/fd/1"),
                                  std::string("/proc/self/fd/1"), folder / "link"}) {
    spill(folder / "captured", "kept\n");
    const auto inode = facts_of(folder / "captured").st_ino;
    bool written = false, stream = false;
    {
      const StandardOutput output(folder / "captured", O_APPEND);
      stream = is_standard_output(name);
      written = check_output(name).ok() && write_output(name, "new\n").ok();
      std::printf("after\n");
    }
    EXPECT_TRUE(written && stream) << name;
    EXPECT_EQ(slurp(folder / "captured"), "kept\nnew\nafter\n") << name;
    EXPECT_EQ(facts_of(folder / "captured").st_ino, inode) << name;
  }
  EXPECT_FALSE(is_standard_output(folder / "captured"));
  EXPECT_FALSE(is_stream(folder / "captured"));
}

TEST(Output, AnOpenDescriptorIsWrittenTo) {
  const TemporaryFolder folder;
  const int file = ::open((folder / "x").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  EXPECT_TRUE(write_output("/dev/fd/" + std::to_string(file), "new"));
  ::close(file);
  EXPECT_EQ(slurp(folder / "x"), "new");
  EXPECT_FALSE(check_output("/dev/fd/" + std::to_string(file))) << "closed";
}

TEST(Output, WhatCannotBeWrittenIsKnownBefore) {
  const TemporaryFolder folder;
  const auto refuses = [](const std::string& path, const std::string& reason) {
    const Status checked = check_output(path), written = write_output(path, "x");
    ASSERT_FALSE(checked) << path;
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(checked.error().message, "cannot write the file: " + reason + ": " + path);
    EXPECT_EQ(written.error().message, checked.error().message);
    EXPECT_EQ(checked.error().exit_code(), 1);
  };
  refuses(folder.path(), "it is a folder");
  refuses(folder / "none/x", "No such file or directory");
  refuses("/proc/nowhere", "No such file or directory");
  spill(folder / "x", "");
  refuses(folder / "x/y", "Not a directory");
  fs::create_symlink("loop", folder / "loop");
  refuses(folder / "loop", "Too many levels of symbolic links");
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder / "socket").c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  refuses(folder / "socket", "it is a socket");
  ::close(socket);
  EXPECT_EQ(check_output("").error().exit_code(), 2);
}

TEST(Output, AFileThatMayNotBeWrittenIsNotReplaced) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  const TemporaryFolder folder;
  spill(folder / "x", "old");
  ::chmod((folder / "x").c_str(), 0400);
  EXPECT_FALSE(check_output(folder / "x"));
  EXPECT_FALSE(write_output(folder / "x", "new"));
  EXPECT_EQ(slurp(folder / "x"), "old");
}

TEST(OutputFolder, CanBeMadeOrWrittenInto) {
  const TemporaryFolder folder;
  spill(folder / "file", "");
  EXPECT_TRUE(check_output_folder(folder.path()));
  EXPECT_TRUE(check_output_folder(folder / "a/b/c"));
  EXPECT_EQ(count_files(folder.path()), 1u) << "nothing is made";
  EXPECT_FALSE(check_output_folder(folder / "file"));
  EXPECT_FALSE(check_output_folder(folder / "file/below"));
  EXPECT_EQ(check_output_folder("/proc/nowhere/a").error().message,
            "cannot write into the folder: No such file or directory: /proc/nowhere/a");
  EXPECT_EQ(check_output_folder("").error().exit_code(), 2);
}

}  // namespace
}  // namespace grokscope
