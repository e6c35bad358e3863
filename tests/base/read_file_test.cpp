// Whole reads: one buffer, a limit before the first byte, and never a wait for what is no ordinary file.
#include "base/read_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "base/temporary_folder.h"

namespace grokscope {
namespace {

void spill(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST(ReadFile, GivesTheWholeFileIncludingNulBytes) {
  const TemporaryFolder folder;
  const std::string bytes("a\0b\n\xff", 5);
  spill(folder / "x", bytes);
  const auto read = read_file(folder / "x", 5);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, bytes);
}

TEST(ReadFile, ReadsAnEmptyFileAndOneOfManyChunks) {
  const TemporaryFolder folder;
  spill(folder / "empty", "");
  EXPECT_EQ(*read_file(folder / "empty", 0), "");
  const std::string large(300'000, 'g');
  spill(folder / "large", large);
  EXPECT_EQ(*read_file(folder / "large", 300'000), large);
}

TEST(ReadLines, GivesWholeLinesAndStopsAtOneThatIsTooLong) {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& text) {
    spill(folder / "lines", text);
    return read_lines(*open_ordinary_file(folder / "lines"), 1000, 8, folder / "lines");
  };
  for (const std::string text : {"", "a", "12345678\n12345678\n1234", "\n\n\n1234567\n12345678"})
    EXPECT_EQ(*read(text), text);
  const std::string refused =
      "the file is damaged: a line of it is longer than 8 bytes: " + (folder / "lines");
  for (const std::string text : {"123456789", "1\n123456789\n1\n", "12345\n1234\n1234\n\n123456789"}) {
    ASSERT_FALSE(read(text)) << text;
    EXPECT_EQ(read(text).error().message, refused) << text;
  }
  EXPECT_FALSE(read(std::string(600, '\n') + std::string(401, '\n'))) << "beyond the limit of the file";
}

TEST(ReadFile, SaysWhatIsWrongWithThePathLast) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_file(folder / "none", 9).error().message,
            "cannot open the file: No such file or directory: " + (folder / "none"));
  EXPECT_EQ(read_file(folder.path(), 9).error().message,
            "cannot read the file: it is a folder: " + folder.path());
  spill(folder / "big", "0123456789");
  EXPECT_EQ(read_file(folder / "big", 9).error().message,
            "the file is larger than the limit of 9 bytes: " + (folder / "big"));
}

TEST(ReadFile, TakesNoMoreMemoryThanTheFileHasBytes) {
  const TemporaryFolder folder;
  spill(folder / "large", std::string(3'000'000, 'g'));
  const auto read = read_file(folder / "large", 3'000'000);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->capacity(), 3'000'000u);
}

TEST(ReadFile, RefusesAFifoWithoutWaitingForAWriter) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_file(folder / "fifo", 9).error().message,
            "cannot read the file: it is a pipe (FIFO), not an ordinary file: " + (folder / "fifo"));
  EXPECT_EQ(read_file_or_pipe(folder / "fifo", 9).error().message,
            "cannot read the pipe: nobody writes to it: " + (folder / "fifo"));
}

TEST(ReadFile, RefusesDevicesWhateverTheLimit) {
  for (const char* device : {"/dev/zero", "/dev/null"}) {
    const std::string said =
        std::string("cannot read the file: it is a device, not an ordinary file: ") + device;
    EXPECT_EQ(read_file(device, std::uint64_t{1} << 40).error().message, said);
    EXPECT_EQ(read_file_or_pipe(device, std::uint64_t{1} << 40).error().message, said);
  }
}

/// What a shell's <(…) gives: a path of a pipe that somebody writes to.
class Pipe {
 public:
  Pipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    read_end_ = Descriptor(ends[0]);
    write_end_ = Descriptor(ends[1]);
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(read_end_.get()); }
  void write(const std::string& bytes) {
    ASSERT_EQ(::write(write_end_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  void close_writer() { write_end_ = Descriptor(); }

 private:
  Descriptor read_end_, write_end_;
};

TEST(ReadFileOrPipe, ReadsAPipeToItsEndWithinTheLimit) {
  Pipe pipe;
  pipe.write("events");
  pipe.close_writer();
  const auto read = read_file_or_pipe(pipe.path(), 6);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, "events");

  Pipe longer;
  longer.write("events");
  longer.close_writer();
  EXPECT_EQ(read_file_or_pipe(longer.path(), 5).error().message,
            "the file is larger than the limit of 5 bytes: " + longer.path());
}

TEST(ReadFileOrPipe, ReadsAnOrdinaryFileLikeReadFile) {
  const TemporaryFolder folder;
  spill(folder / "x", "plain");
  EXPECT_EQ(*read_file_or_pipe(folder / "x", 5), "plain");
  EXPECT_EQ(read_file_or_pipe(folder / "x", 4).error().message,
            "the file is larger than the limit of 4 bytes: " + (folder / "x"));
}

}  // namespace
}  // namespace grokscope
