// Memory: see memory.h.
#include "base/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
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

std::uint64_t free_in_system() {
  const auto kilobytes = number_in("/proc/meminfo", "MemAvailable:");
  return kilobytes ? *kilobytes * 1024 : kUnknown;
}

std::uint64_t free_in_group() {
  const std::string root = "/sys/fs/cgroup/";  // of the container, where there is one
  const std::uint64_t unified = left_of(number_in(root + "memory.max"), number_in(root + "memory.current"));
  const std::uint64_t older = left_of(number_in(root + "memory/memory.limit_in_bytes"),
                                      number_in(root + "memory/memory.usage_in_bytes"));
  return std::min(unified, older);
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

std::uint64_t available_memory_bytes() {
  return std::min({free_in_system(), free_in_group(), free_in_process()});
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

}  // namespace grokscope
