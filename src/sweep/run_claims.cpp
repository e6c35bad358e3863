#include "sweep/run_claims.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/files.h"
#include "base/json_text.h"
#include "base/write_all.h"

namespace grokscope {
namespace {

constexpr std::size_t kLargestClaim = 4096;

std::string boot_id() {
  // A file of the kernel's, without a size: read_file() goes by sizes.
  const Descriptor file(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  char text[64] = {};
  const ssize_t count = file.is_open() ? ::read(file.get(), text, sizeof text - 1) : 0;
  const std::string id(text, count > 0 ? static_cast<std::size_t>(count) : 0);
  return id.substr(0, id.find('\n'));
}

/// When a process began, in ticks after boot: its number may have been given to another one since. "" if
/// there is none.
std::string start_of(pid_t process) {
  const Descriptor file(::open(fmt::format("/proc/{}/stat", process).c_str(), O_RDONLY | O_CLOEXEC));
  char text[1024] = {};
  if (!file.is_open() || ::read(file.get(), text, sizeof text - 1) <= 0) return "";
  const char* at = std::strrchr(text, ')');  // the name before it may hold anything
  for (int field = 2; at != nullptr && field < 22; ++field) at = std::strchr(at + 1, ' ');
  return at == nullptr ? "" : std::string(at + 1, std::strcspn(at + 1, " "));
}

std::string own_claim() {
  Json json;
  json["boot"] = boot_id();
  json["pid"] = ::getpid();
  json["start"] = start_of(::getpid());
  return text_from_json(json);
}

/// Its process is gone, or it has not been touched for long.
bool left_behind(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return false;
  const bool old = ::time(nullptr) - facts.st_mtime > kClaimLives_s;
  const auto text = read_file(path, kLargestClaim);
  if (!text) return old;
  const auto json = parse_json(*text, path, kLargestClaim);
  if (!json || !json->is_object()) return old;  // being written, or torn
  if (json->value("boot", Json()) != boot_id()) return old;
  const auto process = whole_number_from_json(json->value("pid", Json()));
  return !process || json->value("start", Json()) != start_of(static_cast<pid_t>(*process));
}

/// Makes the file, if there is none: 0, or an errno.
int make_claim(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.is_open()) return errno;
  return write_all(file.get(), own_claim());
}

}  // namespace

RunClaim::~RunClaim() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

void RunClaim::touch() const {
  if (!path_.empty()) ::utimensat(AT_FDCWD, path_.c_str(), nullptr, 0);
}

Result<RunClaims> RunClaims::in(std::string folder) {
  if (Status made = make_folders(folder); !made) return made.error();
  return RunClaims(std::move(folder));
}

Result<std::optional<RunClaim>> RunClaims::claim(const std::string& key) const {
  const std::string path = folder_ + "/" + key + ".claim";
  int error_number = make_claim(path);
  if (error_number == EEXIST && left_behind(path)) {
    // One at a time: two who found it left behind must not take each other's new claim away.
    const std::string guard = folder_ + "/takeover.lock";
    const Descriptor lock(::open(guard.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!lock.is_open() || ::flock(lock.get(), LOCK_EX) != 0)
      return file_error("cannot lock the file", errno, guard);
    if (left_behind(path)) ::unlink(path.c_str());
    error_number = make_claim(path);
  }
  if (error_number == EEXIST) return std::optional<RunClaim>();
  if (error_number != 0) return file_error("cannot write the file", error_number, path);
  return std::optional<RunClaim>(RunClaim(path));
}

}  // namespace grokscope
