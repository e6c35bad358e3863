#include "sweep/sweep_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/write_all.h"

namespace grokscope {

Result<Descriptor> lock_sweep_folder(const SweepFolder& folder) {
  if (Status made = make_folders(folder.path); !made) return made.error();
  const std::string path = folder.path + "/.lock";
  Descriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!lock.is_open()) return file_error("cannot open the file", errno, path);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return failure("another sweep is at work in this folder: wait for it, or take another one: " +
                   folder.path);
  return file_error("cannot lock the file", errno, path);
}

}  // namespace grokscope
