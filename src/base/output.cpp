#include "base/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/replace_file.h"
#include "base/write_all.h"

namespace grokscope {
namespace {

constexpr std::string_view kWhat = "cannot write the file";
constexpr int kMostLinks = 40;  // as the system

/// Where the bytes go, links followed.
struct Target {
  std::string path;
  int descriptor = -1;               ///< an open one of this process; else -1 and `path` counts
  std::optional<struct stat> facts;  ///< of what is there now; none: nothing is
};

/// The open descriptor that a name like /dev/stdout or /proc/self/fd/3 stands for. Opening such a name would
/// start at the beginning of a file to which the shell only appends, and replacing it would cut the stream
/// off.
std::optional<int> descriptor_named(const std::string& path) {
  if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string& folder :
       {std::string("/dev/fd/"), std::string("/proc/self/fd/"), fmt::format("/proc/{}/fd/", ::getpid())}) {
    if (!path.starts_with(folder)) continue;
    int number = -1;
    const char* end = path.data() + path.size();
    const auto read = std::from_chars(path.data() + folder.size(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= 0) return number;
  }
  return std::nullopt;
}

Result<Target> target_of(const std::string& name) {
  if (name.empty()) return usage_error("an output needs a name: the one that was given is empty");
  std::filesystem::path path(name);
  for (int links = 0; links < kMostLinks; ++links) {
    if (const auto descriptor = descriptor_named(path.string())) return Target{name, *descriptor, {}};
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) {
      if (errno == ENOENT) return Target{path.string(), -1, {}};
      return file_error(kWhat, errno, name);
    }
    if (!S_ISLNK(facts.st_mode)) return Target{path.string(), -1, facts};
    std::error_code error;
    const auto next = std::filesystem::read_symlink(path, error);
    if (error) return file_error(kWhat, error.value(), name);
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  return file_error(kWhat, ELOOP, name);
}

bool is_plain(const Target& target) {
  return target.facts && S_ISREG(target.facts->st_mode);
}

Status refuse_what_takes_no_bytes(const Target& target, const std::string& name) {
  if (!target.facts) return {};
  if (S_ISDIR(target.facts->st_mode)) return failure(fmt::format("{}: it is a folder: {}", kWhat, name));
  if (S_ISSOCK(target.facts->st_mode)) return failure(fmt::format("{}: it is a socket: {}", kWhat, name));
  return {};
}

/// Access lists and the like, which a new file would not have. What the system itself attaches to every file
/// does not count.
bool has_attributes(const std::string& path) {
  std::vector<char> names(4096);
  const ssize_t size = ::listxattr(path.c_str(), names.data(), names.size());
  if (size < 0) return errno == ERANGE;
  for (const char* name = names.data(); name < names.data() + size;
       name += std::string_view(name).size() + 1) {
    if (!std::string_view(name).starts_with("security.")) return true;
  }
  return false;
}

/// A temporary file with the mode and the owner of what it is going to replace; none where that cannot be.
std::optional<TemporaryFile> make_successor(const Target& target) {
  if (target.facts->st_nlink > 1 || has_attributes(target.path)) return std::nullopt;
  TemporaryFile file = make_temporary_beside(target.path);
  if (file.descriptor < 0) return std::nullopt;
  struct stat made {};
  const bool same_owner = ::fstat(file.descriptor, &made) == 0 &&
                          ((made.st_uid == target.facts->st_uid && made.st_gid == target.facts->st_gid) ||
                           ::fchown(file.descriptor, target.facts->st_uid, target.facts->st_gid) == 0);
  if (same_owner && ::fchmod(file.descriptor, target.facts->st_mode & 07777) == 0) return file;
  ::close(file.descriptor);
  ::unlink(file.path.c_str());
  return std::nullopt;
}

/// 0 or an errno. Without O_TRUNC: the old content goes only as the new one comes.
int write_in_place(const Target& target, std::string_view bytes) {
  Descriptor descriptor(::open(target.path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (descriptor.get() < 0) return errno;
  int error_number = write_all(descriptor.get(), bytes);
  if (is_plain(target) && ::ftruncate(descriptor.get(), static_cast<off_t>(bytes.size())) != 0 &&
      error_number == 0)
    error_number = errno;
  if (is_plain(target) && ::fsync(descriptor.get()) != 0 && error_number == 0) error_number = errno;
  if (::close(descriptor.release()) != 0 && error_number == 0) error_number = errno;
  return error_number;
}

int write_to(const Target& target, std::string_view bytes) {
  if (target.descriptor >= 0) {
    std::fflush(target.descriptor == STDOUT_FILENO ? stdout
                                                   : stderr);  // what was printed before comes before
    return write_all(target.descriptor, bytes);
  }
  if (!target.facts) {
    TemporaryFile file = make_temporary_beside(target.path);
    return file.descriptor < 0 ? errno : replace_file(std::move(file), target.path, bytes);
  }
  // A file that its owner has made read-only is not replaced either, although its folder would let us.
  if (is_plain(target) && ::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0) return errno;
  if (is_plain(target)) {
    if (auto successor = make_successor(target))
      return replace_file(std::move(*successor), target.path, bytes);
  }
  return write_in_place(target, bytes);
}

/// 0, or the errno with which writing would begin.
int try_target(const Target& target) {
  if (target.descriptor >= 0) {
    const int flags = ::fcntl(target.descriptor, F_GETFL);
    if (flags < 0) return errno;
    return (flags & O_ACCMODE) == O_RDONLY ? EBADF : 0;
  }
  if (!target.facts) {
    const TemporaryFile file = make_temporary_beside(target.path);
    if (file.descriptor < 0) return errno;
    ::close(file.descriptor);
    ::unlink(file.path.c_str());
    return 0;
  }
  if (is_plain(target)) {
    const Descriptor descriptor(::open(target.path.c_str(), O_WRONLY | O_CLOEXEC));
    return descriptor.get() < 0 ? errno : 0;
  }
  // Opening a pipe would wait for its reader, and a device may do anything when it is opened.
  return ::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) == 0 ? 0 : errno;
}

Status at_target(const std::string& name, int (*act)(const Target&, std::string_view),
                 std::string_view bytes) {
  const auto target = target_of(name);
  if (!target) return target.error();
  if (Status possible = refuse_what_takes_no_bytes(*target, name); !possible) return possible;
  const int error_number = act(*target, bytes);
  if (error_number == 0) return {};
  if (target->descriptor == STDOUT_FILENO)
    return failure("cannot write to standard output: it is closed or full");
  return file_error(kWhat, error_number, name);
}

}  // namespace

Status check_output(const std::string& path) {
  return at_target(path, [](const Target& target, std::string_view) { return try_target(target); }, {});
}

Status write_output(const std::string& path, std::string_view bytes) {
  return at_target(path, write_to, bytes);
}

Status check_output_folder(const std::string& name) {
  if (name.empty()) return usage_error("an output needs a name: the one that was given is empty");
  std::filesystem::path folder = name;
  struct stat facts {};
  while (::stat(folder.c_str(), &facts) != 0) {
    if (errno != ENOENT || folder == folder.parent_path())
      return file_error("cannot make the folder", errno, name);
    folder = folder.has_parent_path() ? folder.parent_path() : std::filesystem::path(".");
  }
  if (!S_ISDIR(facts.st_mode))
    return failure(fmt::format("cannot make the folder: a file of that name is in the way: {}", name));
  const int error_number = try_target(Target{(folder / "x").string(), -1, {}});
  return error_number == 0 ? Status() : file_error("cannot write into the folder", error_number, name);
}

bool is_standard_output(const std::string& path) {
  const auto target = target_of(path);
  return target && target->descriptor == STDOUT_FILENO;
}

bool is_stream(const std::string& path) {
  const auto target = target_of(path);
  return target && (target->descriptor >= 0 ||
                    (target->facts && !S_ISREG(target->facts->st_mode) && !S_ISDIR(target->facts->st_mode)));
}

}  // namespace grokscope
