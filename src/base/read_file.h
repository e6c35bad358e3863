// Reading whole files of strangers: an ordinary file, of a size that is known before a byte is read, into one
// buffer. A FIFO without a writer, a device that never ends or a folder is one sentence at once. Not writing
// (files.h). Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace grokscope {

/// An ordinary file, open for reading, and how long it was when it was opened.
struct OrdinaryFile {
  Descriptor descriptor;
  std::uint64_t bytes = 0;
};

/// What open(2) needs so that opening never waits and nothing happens to what is not an ordinary file: add
/// them to the flags of an openat(2) of one's own, then ask ordinary_file().
int ordinary_file_flags();
/// The check after an open with ordinary_file_flags(): an error for folders, FIFOs, sockets and devices.
/// `path` is for the error alone.
Result<OrdinaryFile> ordinary_file(Descriptor descriptor, const std::string& path);
/// Opens and checks; links are followed.
Result<OrdinaryFile> open_ordinary_file(const std::string& path);

/// The file as long as it was when it was opened (less, if it was cut meanwhile): one buffer, no copy. An
/// error when that is more than `limit_bytes`, before anything is read, or more memory than there is.
Result<std::string> read_file(const OrdinaryFile& file, std::uint64_t limit_bytes, const std::string& path);
/// The whole file; an error if it is missing, no ordinary file, or larger than `limit_bytes`.
Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes);

/// A file of lines, read piece by piece: one that is longer than `longest_line_bytes` is an error before the
/// rest of the file takes time and memory.
Result<std::string> read_lines(const OrdinaryFile& file, std::uint64_t limit_bytes,
                               std::size_t longest_line_bytes, const std::string& path);

/// The same for a path that a person typed, which may be the pipe of a shell's `<(…)` or /dev/stdin: reads a
/// pipe until its writers close it. A FIFO that nobody writes to is an error, not a wait.
Result<std::string> read_file_or_pipe(const std::string& path, std::uint64_t limit_bytes);

}  // namespace grokscope
