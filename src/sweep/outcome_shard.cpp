#include "sweep/outcome_shard.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/write_all.h"

namespace grokscope {
namespace {

constexpr int kMostShards = 100'000;

/// What may stand in a file name, whatever the host is called.
std::string host_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return "host";
  std::string plain;
  for (const char* c = name; *c != '\0' && plain.size() < 64; ++c)
    plain += std::isalnum(static_cast<unsigned char>(*c)) != 0 || *c == '-' ? *c : '_';
  return plain.empty() ? "host" : plain;
}

}  // namespace

Result<OutcomeShard> OutcomeShard::take_one_in(const std::string& folder) {
  if (Status made = make_folders(folder); !made) return made.error();
  const std::string host = host_name();
  for (int number = 1; number <= kMostShards; ++number) {
    std::string path = fmt::format("{}/{}-{}.jsonl", folder, host, number);
    Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666));
    if (!lock.is_open()) return file_error("cannot open the file for appending", errno, path);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) continue;  // somebody writes there
      return file_error("cannot lock the file", errno, path);
    }
    auto lines = LineFile::open(path);
    if (!lines) return lines.error();
    return OutcomeShard(std::move(lock), std::move(*lines), std::move(path));
  }
  return failure("cannot open a file for outcomes: too many are being written: " + folder);
}

std::string OutcomeShard::mark() const {
  return std::filesystem::path(path_).stem().string();
}

Status OutcomeShard::append(std::string_view line) {
  if (Status appended = append_unsynced(line); !appended) return appended;
  return sync();
}

Status OutcomeShard::sync() {
  const int error_number = lines_.sync();
  return error_number == 0 ? Status()
                           : Status(file_error("cannot write the file to the disk", error_number, path_));
}

}  // namespace grokscope
