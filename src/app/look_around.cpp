#include "app/look_around.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "base/home_path.h"
#include "base/outside_text.h"
#include "base/text.h"
#include "config/presets.h"
#include "history/run_text.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNames = 10'000;

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> folders, files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const std::string name = it->path().filename().string();
    if (folders.size() + files.size() >= kMostNames) break;
    if (it->is_directory(ignored))
      folders.push_back(name + "/");
    else
      files.push_back(name);
  }
  std::sort(folders.begin(), folders.end());
  std::sort(files.begin(), files.end());
  folders.insert(folders.end(), files.begin(), files.end());
  return folders;
}

/// The step of the last whole line of metrics.jsonl; -1: there is none.
std::int64_t last_step_in(const std::string& path) {
  constexpr std::streamoff kTail = 4096;
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error))) return -1;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - kTail));
  std::string tail(static_cast<std::size_t>(std::clamp<std::streamoff>(size, 0, kTail)), '\0');
  file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  const std::size_t end = tail.rfind('\n');
  if (!file || end == std::string::npos || end == 0) return -1;
  const std::size_t before = tail.rfind('\n', end - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  const auto evaluation = evaluation_from_line(std::string_view(tail).substr(begin, end - begin), path);
  return evaluation ? evaluation->step : -1;
}

/// A run is there when its settings can be read and numbers were recorded.
RecentRun looked_at(RecentRun run) {
  std::error_code error;
  run.there = false;
  if (!fs::is_directory(run.path, error)) return run;
  const std::int64_t step = last_step_in(run.path + "/metrics.jsonl");
  const auto config = step < 0 ? Result<RunConfig>(failure("")) : load_config(run.path);
  if (!config) return run;
  run.there = true;
  run.label = (config->preset.empty() ? std::string("own settings") : visible(config->preset)) + ", seed " +
              std::to_string(config->seed) + ", to step " + grouped(step);
  return run;
}

}  // namespace

Result<LookedAround> look_around(const std::string& folder, std::vector<RecentRun> recent) {
  LookedAround seen;
  seen.folder = folder;
  seen.names = names_in(folder.empty() ? "." : with_home(folder));
  for (RecentRun& run : recent) seen.recent.push_back(looked_at(std::move(run)));
  return seen;
}

}  // namespace grokscope
