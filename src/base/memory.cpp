// Memory: see memory.h.
#include "base/memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <new>
#include <optional>

#include <fmt/format.h>

namespace grokscope {
namespace {

constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

/// The number that follows `word` in a file of the kernel's; without a word, the one that it begins with.
std::optional<std::uint64_t> number_in(const std::string& path, std::string_view word = {}) {
  std::ifstream file(path);
  for (std::string token; !word.empty() && file >> token;) {
    if (token == word) break;
  }
  std::uint64_t number = 0;
  if (file >> number) return number;
  return std::nullopt;
}

std::uint64_t left_of(std::optional<std::uint64_t> most, std::optional<std::uint64_t> used) {
  if (!most || !used) return kUnknown;
  return *most > *used ? *most - *used : 0;
}

std::uint64_t free_in_system(const std::string& root) {
  const auto kilobytes = number_in(root + "/proc/meminfo", "MemAvailable:");
  return kilobytes ? *kilobytes * 1024 : kUnknown;
}

/// How a version of control groups names its files.
struct GroupFiles {
  const char* limit;
  const char* usage;
  const char* droppable;  // in memory.stat: cached files, which count as used and can be dropped
};
constexpr GroupFiles kOlder{"/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file"};
constexpr GroupFiles kUnified{"/memory.max", "/memory.current", "inactive_file"};

/// Of the group and every one above it: each has its own limit.
std::uint64_t free_in_groups(const std::string& mount, std::string group, const GroupFiles& files) {
  std::uint64_t least = kUnknown;
  while (true) {
    const std::string folder = mount + group;
    std::optional<std::uint64_t> used = number_in(folder + files.usage);
    const std::uint64_t cached = number_in(folder + "/memory.stat", files.droppable).value_or(0);
    if (used) used = *used - std::min(*used, cached);
    least = std::min(least, left_of(number_in(folder + files.limit), used));
    const auto slash = group.find_last_of('/');
    if (slash == std::string::npos) return least;
    group.resize(slash);
  }
}

/// A line of /proc/self/cgroup is "0::/group" or, before they were unified, "4:memory:/group".
std::uint64_t free_in_own_groups(const std::string& root) {
  std::uint64_t least = kUnknown;
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    std::string group = line.substr(second + 1);
    if (group == "/") group.clear();
    if (controllers == ",,") {
      least = std::min(least, free_in_groups(root + "/sys/fs/cgroup", group, kUnified));
    } else if (controllers.find(",memory,") != std::string::npos) {
      least = std::min(least, free_in_groups(root + "/sys/fs/cgroup/memory", group, kOlder));
    }
  }
  return least;
}

std::uint64_t free_in_process() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnknown;
  const auto pages = number_in("/proc/self/statm");
  const long page_bytes = ::sysconf(_SC_PAGESIZE);
  if (!pages || page_bytes <= 0) return kUnknown;
  return left_of(limit.rlim_cur, *pages * static_cast<std::uint64_t>(page_bytes));
}

}  // namespace

std::uint64_t available_memory_bytes(const std::string& root) {
  return std::min({free_in_system(root), free_in_own_groups(root), free_in_process()});
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const std::string_view what = error.what();
  return what.find("allocate memory") != std::string_view::npos ||
         what.find("not enough memory") != std::string_view::npos ||
         what.find("out of memory") != std::string_view::npos;
}

std::string reason_of(const std::exception& error) {
  if (is_out_of_memory(error)) {
    return "there is not enough memory: lower model.width, train.batch_size or the number of examples, or "
           "close other programs";
  }
  const std::string what = error.what();
  return what.substr(0, what.find('\n'));
}

std::string text_of_bytes(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  double value = static_cast<double>(bytes) / 1000.0;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(kUnits)) {
    value /= 1000.0;
    ++unit;
  }
  return fmt::format(fmt::runtime(value < 9.95 ? "{:.1f} {}" : "{:.0f} {}"), value, kUnits[unit]);
}

Status memory_suffices(std::string_view what, std::uint64_t needed, std::string_view advice,
                       std::uint64_t available) {
  if (needed <= available) return {};
  return failure(fmt::format("{} needs {} of memory, but only {} are free; {}", what, text_of_bytes(needed),
                             text_of_bytes(available), advice));
}

Status address_space_suffices(std::string_view what, std::uint64_t needed, std::string_view advice) {
  void* room = ::mmap(nullptr, static_cast<std::size_t>(needed), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) {
    return failure(fmt::format("{} needs room for {} in memory, and the system gives less (ulimit -v); {}",
                               what, text_of_bytes(needed), advice));
  }
  ::munmap(room, static_cast<std::size_t>(needed));
  return {};
}

}  // namespace grokscope
