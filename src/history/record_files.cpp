#include "history/record_files.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace grokscope {
namespace {

namespace fs = std::filesystem;

/// Files, and folders with all that is in them.
constexpr std::string_view kRecord[] = {"config.json",   "metrics.jsonl", "events.jsonl", "facts.json",
                                        "scalars.jsonl", "frames",        "checkpoints"};

bool is_run(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored) && fs::exists(folder / "metrics.jsonl", ignored);
}

}  // namespace

std::string record_that_holds(const std::string& path) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) return "";
  for (fs::path inside = target; inside.has_relative_path(); inside = inside.parent_path()) {
    const bool recorded =
        std::find(std::begin(kRecord), std::end(kRecord), inside.filename().string()) != std::end(kRecord);
    if (recorded && is_run(inside.parent_path())) return inside.parent_path().string();
  }
  return "";
}

}  // namespace grokscope
