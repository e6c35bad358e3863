// One part of a name after the other is opened below the folder before it (openat, O_NOFOLLOW): what was
// checked is what is used, whoever changes the folder meanwhile.
#include "history/run_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace grokscope {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Error file_failure(const std::string& what, int error_number, const std::string& path) {
  return failure(what + ": " + std::generic_category().message(error_number) + ": " + path);
}

std::string last_part(const std::string& name) {
  return name.substr(name.rfind('/') + 1);  // npos + 1 is 0
}

/// Why opening failed: a link gives ELOOP or ENOTDIR, which tells a person nothing.
Error cannot_open(int above, const std::string& part, int error_number, const std::string& path) {
  struct stat facts {};
  if (::fstatat(above, part.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISLNK(facts.st_mode))
      return failure("a run is not read or written through links, and this is one: " + path);
    if (error_number == ENOTDIR)
      return failure("in a run this must be a folder, and it is something else: " + path);
  }
  return file_failure("cannot open what belongs to the run", error_number, path);
}

/// 0, or an errno.
int write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

/// As write_file_atomic() names them, so that they are swept alike; counted apart from those.
std::string temporary_name(const std::string& name) {
  static std::atomic<unsigned> counter{1'000'000};
  return "." + name.substr(0, 200) + "." + std::to_string(::getpid()) + "." + std::to_string(++counter) +
         ".tmp";
}

/// 0, or the errno of the first step that failed; the temporary file is gone then.
int replace(int folder, const std::string& name, std::string_view bytes) {
  const std::string temporary = temporary_name(name);
  Descriptor descriptor(
      ::openat(folder, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!descriptor.is_open()) return errno;
  int error_number = write_whole(descriptor.get(), bytes);
  if (::close(descriptor.release()) != 0 && error_number == 0) error_number = errno;
  if (error_number == 0 && ::renameat(folder, temporary.c_str(), folder, name.c_str()) != 0)
    error_number = errno;
  if (error_number != 0) {
    ::unlinkat(folder, temporary.c_str(), 0);
  } else {
    ::fsync(folder);  // some file systems cannot
  }
  return error_number;
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

Result<RunFiles> RunFiles::open(const std::string& run_path) {
  Descriptor folder(::open(run_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.is_open()) return RunFiles(std::move(folder), run_path);
  if (errno == ENOENT || errno == ENOTDIR)
    return usage_error("cannot open the run: there is no such folder: " + run_path);
  return file_failure("cannot open the run", errno, run_path);
}

Result<std::optional<Descriptor>> RunFiles::folder_at(int above, const std::string& part,
                                                      const std::string& name, Missing missing) const {
  if (part.empty() || part == "." || part == "..")
    return failure("this is no name within a run: " + path_of(name));
  Descriptor folder(::openat(above, part.c_str(), kFolderFlags));
  if (!folder.is_open() && errno == ENOENT) {
    if (missing == Missing::stays) return std::optional<Descriptor>();
    if (::mkdirat(above, part.c_str(), 0777) != 0 && errno != EEXIST)
      return file_failure("cannot make the folder", errno, path_of(name));
    folder = Descriptor(::openat(above, part.c_str(), kFolderFlags));
  }
  if (!folder.is_open()) return cannot_open(above, part, errno, path_of(name));
  return std::optional<Descriptor>(std::move(folder));
}

Result<std::optional<Descriptor>> RunFiles::folder_of(const std::string& name, Missing missing) const {
  std::optional<Descriptor> at = Descriptor(::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
  if (!at->is_open()) return file_failure("cannot open the run", errno, path_);
  for (std::size_t begin = 0, end = 0; (end = name.find('/', begin)) != std::string::npos; begin = end + 1) {
    auto next = folder_at(at->get(), name.substr(begin, end - begin), name.substr(0, end), missing);
    if (!next) return next.error();
    if (!*next) return std::optional<Descriptor>();
    at = std::move(*next);
  }
  return at;
}

Result<std::optional<OrdinaryFile>> RunFiles::find(const std::string& name) const {
  auto folder = folder_of(name, Missing::stays);
  if (!folder) return folder.error();
  if (!*folder) return std::optional<OrdinaryFile>();
  const std::string part = last_part(name);
  Descriptor descriptor(
      ::openat((*folder)->get(), part.c_str(), O_RDONLY | O_NOFOLLOW | ordinary_file_flags()));
  if (!descriptor.is_open() && errno == ENOENT) return std::optional<OrdinaryFile>();
  if (!descriptor.is_open()) return cannot_open((*folder)->get(), part, errno, path_of(name));
  auto file = ordinary_file(std::move(descriptor), path_of(name));
  if (!file) return file.error();
  return std::optional<OrdinaryFile>(std::move(*file));
}

Result<std::string> RunFiles::read_if_there(const std::string& name, std::uint64_t limit_bytes) const {
  const auto file = find(name);
  if (!file) return file.error();
  if (!*file) return std::string();
  return read_file(**file, limit_bytes, path_of(name));
}

Result<std::string> RunFiles::read_lines_if_there(const std::string& name, std::uint64_t limit_bytes,
                                                  std::size_t longest_line_bytes) const {
  const auto file = find(name);
  if (!file) return file.error();
  if (!*file) return std::string();
  return read_lines(**file, limit_bytes, longest_line_bytes, path_of(name));
}

Result<std::vector<std::string>> RunFiles::names_in(const std::string& folder) const {
  auto found = folder_of(folder + "/", Missing::stays);
  if (!found) return found.error();
  std::vector<std::string> names;
  if (!*found) return names;
  const std::unique_ptr<DIR, CloseFolder> listing(::fdopendir((*found)->get()));
  if (listing == nullptr) return file_failure("cannot list the folder", errno, path_of(folder));
  (*found)->release();  // the listing closes it
  while (const dirent* entry = ::readdir(listing.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == kMostNames) {
      return failure("the folder holds more than " + std::to_string(kMostNames) +
                     " files, more than a run has: " + path_of(folder));
    }
    names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Status RunFiles::write(const std::string& name, std::string_view bytes) const {
  // Asked first: a link or a FIFO in its place is told, not replaced.
  if (const auto there = find(name); !there) return there.error();
  const auto folder = folder_of(name, Missing::is_made);
  if (!folder) return folder.error();
  const int error_number = replace((*folder)->get(), last_part(name), bytes);
  if (error_number != 0) return file_failure("cannot write the file", error_number, path_of(name));
  return {};
}

Status write_run_file(const std::string& run_path, const std::string& name, std::string_view bytes) {
  const auto files = RunFiles::open(run_path);
  return files ? files->write(name, bytes) : files.error();
}

Status RunFiles::cut(const std::string& name, std::uint64_t bytes) const {
  const auto folder = folder_of(name, Missing::stays);
  if (!folder) return folder.error();
  const int above = *folder ? (*folder)->get() : -1;
  const Descriptor descriptor(
      ::openat(above, last_part(name).c_str(), O_WRONLY | O_NOFOLLOW | ordinary_file_flags()));
  struct stat facts {};
  if (!descriptor.is_open() || ::fstat(descriptor.get(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
      ::ftruncate(descriptor.get(), static_cast<off_t>(bytes)) != 0) {
    return file_failure("cannot repair the last line of the file", errno, path_of(name));
  }
  return {};
}

}  // namespace grokscope
