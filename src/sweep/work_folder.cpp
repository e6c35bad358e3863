#include "sweep/work_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/write_all.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

Descriptor open_lock(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
}

std::string lock_in(const std::string& folder) {
  return folder + "/.work";
}

/// Those that nobody works in any more. Whoever calls this holds the guard.
void remove_left_behind(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!entry->is_directory() || entry->is_symlink()) continue;
    const Descriptor lock = open_lock(lock_in(entry->path().string()));
    if (lock.is_open() && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) left.push_back(entry->path());
  }
  for (const fs::path& path : left) fs::remove_all(path, error);
}

}  // namespace

Result<WorkFolder> WorkFolder::make() {
  const std::string folder = cache_folder() + "/work";
  if (Status made = make_folders(folder); !made) return made.error();
  // One at a time: a folder that has just been made must not look as if nobody worked there.
  const Descriptor guard = open_lock(folder + "/.lock");
  if (!guard.is_open() || ::flock(guard.get(), LOCK_EX) != 0)
    return file_error("cannot lock the file", errno, folder + "/.lock");
  remove_left_behind(folder);
  std::string path = folder + "/XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return file_error("cannot make a folder", errno, folder);
  Descriptor lock = open_lock(lock_in(path));
  if (!lock.is_open() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return file_error("cannot lock the file", errno, lock_in(path));
  return WorkFolder(std::move(path), std::move(lock));
}

WorkFolder::WorkFolder(WorkFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace grokscope
