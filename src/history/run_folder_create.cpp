// Making the folder of a new run, all or nothing.
#include "history/run_folder_create.h"

#include <ctime>
#include <filesystem>
#include <system_error>
#include <vector>

#include "history/run_folder.h"

namespace grokscope {

namespace fs = std::filesystem;

namespace {

/// Remembers what was made; removes it unless kept.
class Undo {
 public:
  ~Undo() {
    std::error_code ignored;
    for (auto it = made_.rbegin(); it != made_.rend(); ++it) fs::remove(*it, ignored);
  }
  void made(fs::path path) { made_.push_back(std::move(path)); }
  void keep() { made_.clear(); }

 private:
  std::vector<fs::path> made_;
};

Status check_free(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return {};
  if (error) return failure("cannot make the run folder: " + error.message() + ": " + path);
  if (status.type() != fs::file_type::directory) {
    return usage_error("cannot make the run folder: a file of that name is in the way: " + path);
  }
  if (fs::exists(fs::path(path) / "config.json", error)) {
    return usage_error("cannot make the run folder: it already holds a run; choose another name: " + path);
  }
  const bool empty = fs::is_empty(path, error);
  if (error) return failure("cannot make the run folder: " + error.message() + ": " + path);
  if (!empty)
    return usage_error("cannot make the run folder: it exists and is not empty; choose another name: " +
                       path);
  return {};
}

Status make_folder(const fs::path& path, Undo& undo) {
  std::error_code error;
  const bool made = fs::create_directory(path, error);
  if (error) return failure("cannot make the run folder: " + error.message() + ": " + path.string());
  if (made) undo.made(path);
  return {};
}

Status make_with_parents(const fs::path& path, Undo& undo) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path at = path; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
    missing.push_back(at);
    if (at == at.parent_path()) break;
  }
  for (auto it = missing.rbegin(); it != missing.rend(); ++it) {
    if (Status made = make_folder(*it, undo); !made) return made;
  }
  return {};
}

}  // namespace

Result<FreshRunFolder> make_run_folder(const std::string& path, const std::string& config_text,
                                       const std::string& facts_text) {
  if (path.empty()) return usage_error("cannot make the run folder: its name is empty");
  if (Status is_free = check_free(path); !is_free) return is_free.error();
  // "runs/a/" and "runs/a" are the same folder; parent_path() would see them differently.
  fs::path folder = fs::path(path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();

  Undo undo;
  if (Status made = make_with_parents(folder, undo); !made) return made.error();
  for (const char* name : {"frames", "checkpoints"}) {
    if (Status made = make_folder(folder / name, undo); !made) return made.error();
  }
  const std::string config_path = (folder / "config.json").string();
  const Status written = write_file_atomic(config_path, config_text);
  if (!written) return written.error();
  undo.made(config_path);
  if (!facts_text.empty()) {
    const std::string facts_path = (folder / "facts.json").string();
    if (Status facts = write_file_atomic(facts_path, facts_text); !facts) return facts.error();
    undo.made(facts_path);
  }

  const std::string metrics_path = (folder / "metrics.jsonl").string();
  Result<LineFile> metrics = LineFile::open(metrics_path);
  if (!metrics) return metrics.error();
  undo.made(metrics_path);
  const std::string events_path = (folder / "events.jsonl").string();
  Result<LineFile> events = LineFile::open(events_path);
  if (!events) return events.error();
  undo.keep();
  return FreshRunFolder{std::move(*metrics), std::move(*events)};
}

Result<std::string> new_run_path(const RunConfig& config) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  if (gmtime_r(&now, &utc) == nullptr) return failure("cannot name the run: the clock shows no valid time");
  char stamp[32];
  std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);

  std::string preset;
  for (const char c : config.preset.substr(0, 64)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    preset += plain ? c : '-';
  }
  if (preset.empty()) preset = "custom";
  const std::string base =
      data_folder() + "/runs/" + stamp + "-" + preset + "-seed" + std::to_string(config.seed);
  for (int attempt = 1; attempt <= 1000; ++attempt) {
    const std::string path = attempt == 1 ? base : base + "-" + std::to_string(attempt);
    std::error_code error;
    if (!fs::exists(fs::symlink_status(path, error))) return path;
  }
  return failure("cannot find a free name for the run: " + base);
}

}  // namespace grokscope
