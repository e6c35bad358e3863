#include "sweep/outcome_key.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/read_file.h"
#include "config/fields.h"

namespace grokscope {
namespace {

constexpr std::uint64_t kLargestHashed = std::uint64_t{256} << 20;  // larger data: by size and time

/// No number of the run is another with another value of it.
bool changes_nothing(std::string_view field, const PlannedRun& run) {
  return field.starts_with("train.checkpoint_") || (field.starts_with("train.probe_") && !run.probes);
}

std::string facts_of(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  const auto time = std::filesystem::last_write_time(path, error);
  return fmt::format("{} {} {}\n", path.filename().string(), error ? 0 : size,
                     error ? 0 : time.time_since_epoch().count());
}

}  // namespace

std::string fingerprint_of_data(const std::string& path) {
  std::error_code error;
  if (path.empty() || !std::filesystem::exists(path, error)) return "";
  Hash128 hash;
  if (std::filesystem::is_directory(path, error)) {
    std::vector<std::string> facts;
    for (const auto& entry : std::filesystem::directory_iterator(path, error))
      facts.push_back(facts_of(entry.path()));
    std::sort(facts.begin(), facts.end());
    for (const std::string& fact : facts) hash.add(fact);
  } else {
    const auto bytes = read_file(path, kLargestHashed);
    hash.add(bytes ? *bytes : facts_of(path));
  }
  return hash.hex();
}

std::string outcome_key(const PlannedRun& run, const std::string& data) {
  std::string text = fmt::format("numerics={}\nthreads=1\ndevice=cpu\nuntil={}\ndata={}\n", kNumericsVersion,
                                 run.until, data);
  for (const Field& field : fields()) {
    if (changes_nothing(field.name, run) || (field.name == "task.path" && !data.empty())) continue;
    text.append(field.name).append("=").append(text_of(field.get(run.config))).append("\n");
  }
  for (const Event& event : run.events)
    text.append("event=").append(text_from_json(json_from_event(event))).append("\n");
  if (run.probes)
    text.append(
        fmt::format("probes={}\nprobes_version={}\n", fmt::join(run.looks_with, ","), kProbesVersion));
  return hash_of(text);
}

}  // namespace grokscope
