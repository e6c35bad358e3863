#include "history/faulty_disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace grokscope {
namespace {

std::shared_mutex asking;  // who asks holds it shared: the destructor waits for them
FaultyDisk::Ask current;   // guarded by asking

/// Read before a name is made of anything: nobody asks in a signal handler, which must not take memory.
std::atomic<bool> asks{false};

template <typename PathOf>
int answer(const char* call, const PathOf& path_of_it) {
  if (!asks.load()) return 0;
  const std::shared_lock lock(asking);
  return current ? current(call, path_of_it()) : 0;
}

std::string path_of(int descriptor) {
  char name[64], target[4096];
  std::snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(name, target, sizeof target);
  return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

template <typename... Arguments>
long call_unless(int error_number, long number, Arguments... arguments) {
  if (error_number == 0) return syscall(number, arguments...);
  errno = error_number;
  return -1;
}

}  // namespace

FaultyDisk::FaultyDisk(Ask ask) {
  const std::unique_lock lock(asking);
  current = std::move(ask);
  asks = true;
}

FaultyDisk::~FaultyDisk() {
  const std::unique_lock lock(asking);
  asks = false;
  current = nullptr;
}

}  // namespace grokscope

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  return grokscope::call_unless(grokscope::answer("write", [&] { return grokscope::path_of(descriptor); }),
                                SYS_write, descriptor, bytes, count);
}

int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(grokscope::call_unless(
      grokscope::answer("mkdir", [&] { return std::string(path); }), SYS_mkdirat, AT_FDCWD, path, mode));
}

int fdatasync(int descriptor) {
  return static_cast<int>(
      grokscope::call_unless(grokscope::answer("fdatasync", [&] { return grokscope::path_of(descriptor); }),
                             SYS_fdatasync, descriptor));
}

int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(grokscope::call_unless(grokscope::answer("rename", [&] { return std::string(to); }),
                                                 SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
}
