// Reading whole files: see read_file.h.
#include "base/read_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace grokscope {
namespace {

constexpr std::size_t kPipeChunk = std::size_t{1} << 16;

Error read_error(std::string_view what, int error_number, std::string_view path) {
  return failure(fmt::format("{}: {}: {}", what, std::generic_category().message(error_number), path));
}

Error too_large(std::uint64_t limit_bytes, std::string_view path) {
  return failure(fmt::format("the file is larger than the limit of {} bytes: {}", limit_bytes, path));
}

Error no_memory(std::uint64_t bytes, std::string_view path) {
  return failure(fmt::format("cannot read the file: its {} bytes do not fit into memory: {}", bytes, path));
}

const char* kind_of_file(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe (FIFO), not an ordinary file";
  if (S_ISSOCK(mode)) return "a socket, not an ordinary file";
  return "a device, not an ordinary file";
}

/// Bytes read, or -1 and errno.
ssize_t read_some(int descriptor, char* into, std::size_t most) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor, into, most);
  } while (count < 0 && errno == EINTR);
  return count;
}

/// False when the wait failed. Without writers a pipe is ready too: its end is what is read next.
bool wait_for_writer(int descriptor) {
  pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
  int count = 0;
  do {
    count = ::poll(&ready, 1, -1);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

Result<std::string> read_pipe(const Descriptor& descriptor, std::uint64_t limit_bytes,
                              const std::string& path) {
  std::string bytes;
  for (;;) {
    const std::size_t used = bytes.size();
    bytes.resize(used + kPipeChunk);
    const ssize_t count = read_some(descriptor.get(), bytes.data() + used, kPipeChunk);
    const int error_number = errno;
    bytes.resize(used + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0 && error_number == EAGAIN) {
      if (!wait_for_writer(descriptor.get())) return read_error("cannot read the pipe", errno, path);
      continue;
    }
    if (count < 0) return read_error("cannot read the pipe", error_number, path);
    if (bytes.size() > limit_bytes) return too_large(limit_bytes, path);
    if (count > 0) continue;
    if (bytes.empty()) return failure(fmt::format("cannot read the pipe: nobody writes to it: {}", path));
    return bytes;
  }
}

Result<Descriptor> opened(const std::string& path) {
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | ordinary_file_flags()));
  if (!descriptor.is_open()) return read_error("cannot open the file", errno, path);
  return descriptor;
}

}  // namespace

int ordinary_file_flags() {
  return O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
}

Result<OrdinaryFile> ordinary_file(Descriptor descriptor, const std::string& path) {
  struct stat facts {};
  if (::fstat(descriptor.get(), &facts) != 0) return read_error("cannot read the file", errno, path);
  if (!S_ISREG(facts.st_mode)) {
    return failure(fmt::format("cannot read the file: it is {}: {}", kind_of_file(facts.st_mode), path));
  }
  return OrdinaryFile{std::move(descriptor), static_cast<std::uint64_t>(facts.st_size)};
}

Result<OrdinaryFile> open_ordinary_file(const std::string& path) {
  auto descriptor = opened(path);
  if (!descriptor) return descriptor.error();
  return ordinary_file(std::move(*descriptor), path);
}

Result<std::string> read_file(const OrdinaryFile& file, std::uint64_t limit_bytes, const std::string& path) {
  if (file.bytes > limit_bytes) return too_large(limit_bytes, path);
  std::string bytes;
  try {
    bytes.resize(static_cast<std::size_t>(file.bytes));
  } catch (const std::bad_alloc&) {
    return no_memory(file.bytes, path);
  }
  std::size_t used = 0;
  while (used < bytes.size()) {
    const ssize_t count = read_some(file.descriptor.get(), bytes.data() + used, bytes.size() - used);
    if (count < 0) return read_error("cannot read the file", errno, path);
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
  }
  bytes.resize(used);
  return bytes;
}

Result<std::string> read_lines(const OrdinaryFile& file, std::uint64_t limit_bytes,
                               std::size_t longest_line_bytes, const std::string& path) {
  if (file.bytes > limit_bytes) return too_large(limit_bytes, path);
  std::string text;
  try {
    text.reserve(static_cast<std::size_t>(file.bytes));  // takes no memory yet
  } catch (const std::bad_alloc&) {
    return no_memory(file.bytes, path);
  }
  std::vector<char> piece(std::min(longest_line_bytes, static_cast<std::size_t>(file.bytes)));
  std::size_t line_begin = 0;
  while (text.size() < file.bytes) {
    const std::size_t wanted = std::min(piece.size(), static_cast<std::size_t>(file.bytes) - text.size());
    const ssize_t count = read_some(file.descriptor.get(), piece.data(), wanted);
    if (count < 0) return read_error("cannot read the file", errno, path);
    if (count == 0) break;
    const std::string_view read(piece.data(), static_cast<std::size_t>(count));
    const std::size_t first = read.find('\n'), last = read.rfind('\n');
    const std::size_t line_bytes = text.size() - line_begin + std::min(first, read.size());
    if (line_bytes > longest_line_bytes) {
      return failure(fmt::format("the file is damaged: a line of it is longer than {} bytes: {}",
                                 longest_line_bytes, path));
    }
    if (last != std::string_view::npos) line_begin = text.size() + last + 1;
    text += read;
  }
  return text;
}

Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes) {
  const auto file = open_ordinary_file(path);
  if (!file) return file.error();
  return read_file(*file, limit_bytes, path);
}

Result<std::string> read_file_or_pipe(const std::string& path, std::uint64_t limit_bytes) {
  auto descriptor = opened(path);
  if (!descriptor) return descriptor.error();
  struct stat facts {};
  const bool pipe = ::fstat(descriptor->get(), &facts) == 0 && S_ISFIFO(facts.st_mode);
  if (pipe) return read_pipe(*descriptor, limit_bytes, path);
  const auto file = ordinary_file(std::move(*descriptor), path);
  if (!file) return file.error();
  return read_file(*file, limit_bytes, path);
}

}  // namespace grokscope
