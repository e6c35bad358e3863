#include "base/process.h"

#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>

namespace grokscope {
namespace {

double clock_s(clockid_t clock) {
  timespec now{};
  return clock_gettime(clock, &now) == 0
             ? static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec)
             : 0.0;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

}  // namespace

double process_age_s() {
  const File file(std::fopen("/proc/self/stat", "r"));
  char text[1024] = {};
  if (file == nullptr || std::fread(text, 1, sizeof text - 1, file.get()) == 0) return 0.0;
  const char* after_name = std::strrchr(text, ')');  // the name may hold anything
  long long started_ticks = 0;                       // field 22: ticks after boot; field 3 follows the name
  if (after_name == nullptr ||
      std::sscanf(after_name + 1,
                  " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %lld",
                  &started_ticks) != 1) {
    return 0.0;
  }
  return clock_s(CLOCK_BOOTTIME) -
         static_cast<double>(started_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double process_cpu_s() {
  return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

double thread_cpu_s() {
  return clock_s(CLOCK_THREAD_CPUTIME_ID);
}

std::int64_t resident_bytes() {
  const File file(std::fopen("/proc/self/statm", "r"));
  long long pages = 0;
  if (file == nullptr || std::fscanf(file.get(), "%*d %lld", &pages) != 1) return 0;
  return pages * static_cast<std::int64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace grokscope
