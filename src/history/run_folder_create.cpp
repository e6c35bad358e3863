// Making the folder of a new run, all or nothing. What the system answers to mkdir decides whose it is;
// looking before would leave a moment in between.
#include "history/run_folder_create.h"

#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

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

Error cannot_make(const std::string& why, const fs::path& path) {
  return failure("cannot make the run folder: " + why + ": " + path.string());
}
Error taken(const std::string& why, const fs::path& path) {
  return usage_error("cannot make the run folder: " + why + ": " + path.string());
}

/// 0: it was made here and now, by nobody else; otherwise an errno. The answer of the system is the test, so
/// that of two programs only one is told 0, on network file systems too.
int make_one_folder(const fs::path& path, Undo& undo) {
  if (::mkdir(path.c_str(), 0777) != 0) return errno;
  undo.made(path);
  return 0;
}

/// Of a folder that was there before.
Status check_empty(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return taken("a file of that name is in the way", path);
  if (fs::exists(path / "config.json", error))
    return taken("it already holds a run; choose another name", path);
  const bool empty = fs::is_empty(path, error);
  if (error) return cannot_make(error.message(), path);
  if (!empty) return taken("it exists and is not empty; choose another name", path);
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
    const int error_number = make_one_folder(*it, undo);
    if (error_number != 0 && error_number != EEXIST)
      return cannot_make(std::generic_category().message(error_number), *it);
  }
  return {};
}

/// frames/ is made by one program alone: whoever makes it owns the run. The folder around it may have been
/// there, empty.
Status claim(const fs::path& folder, Undo& undo) {
  const int error_number = make_one_folder(folder / "frames", undo);
  if (error_number == 0) return {};
  if (error_number == EEXIST) return taken("it already holds a run; choose another name", folder);
  return cannot_make(std::generic_category().message(error_number), folder);
}

/// `made` is called for each that is there.
template <typename Made>
Result<FreshRunFolder> open_lines(const fs::path& folder, Made made) {
  std::vector<LineFile> files;
  for (const char* name : {"metrics.jsonl", "events.jsonl", "scalars.jsonl"}) {
    Result<LineFile> file = LineFile::open((folder / name).string());
    if (!file) return file.error();
    made(folder / name);
    files.push_back(std::move(*file));
  }
  return FreshRunFolder{folder.string(), std::move(files[0]), std::move(files[1]), std::move(files[2])};
}

/// The files of a folder that was claimed.
Result<FreshRunFolder> fill(const fs::path& folder, const RunTexts& texts, Undo& undo) {
  if (const int error_number = make_one_folder(folder / "checkpoints", undo); error_number != 0)
    return cannot_make(std::generic_category().message(error_number), folder);
  for (const auto& [name, text] : {std::pair{"config.json", &texts.config}, {"facts.json", &texts.facts}}) {
    if (text->empty()) continue;
    if (const Status written = write_file_atomic((folder / name).string(), *text); !written)
      return written.error();
    undo.made(folder / name);
  }
  auto files = open_lines(folder, [&](const fs::path& file) { undo.made(file); });
  if (files) undo.keep();
  return files;
}

/// <UTC time>-<preset>-seed<seed>
Result<std::string> name_of_new_run(const RunConfig& config) {
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
  return stamp + ("-" + preset) + "-seed" + std::to_string(config.seed);
}

}  // namespace

Result<FreshRunFolder> make_run_folder(const std::string& path, const RunTexts& texts) {
  if (path.empty()) return usage_error("cannot make the run folder: its name is empty");
  // "runs/a/" and "runs/a" are the same folder; parent_path() would see them differently.
  fs::path folder = fs::path(path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();

  Undo undo;
  if (folder.has_parent_path()) {
    if (Status made = make_with_parents(folder.parent_path(), undo); !made) return made.error();
  }
  const int error_number = make_one_folder(folder, undo);
  if (error_number == EEXIST) {
    if (Status empty = check_empty(folder); !empty) return empty.error();
  } else if (error_number != 0) {
    return cannot_make(std::generic_category().message(error_number), folder);
  }
  if (Status claimed = claim(folder, undo); !claimed) return claimed.error();
  return fill(folder, texts, undo);
}

Result<FreshRunFolder> make_new_run_folder(const RunConfig& config, const RunTexts& texts) {
  constexpr int kMostOfOneName = 1000;
  const Result<std::string> name = name_of_new_run(config);
  if (!name) return name.error();
  const fs::path base = fs::path(data_folder()) / "runs" / *name;
  Undo undo;
  if (Status made = make_with_parents(base.parent_path(), undo); !made) return made.error();
  for (int attempt = 1; attempt <= kMostOfOneName; ++attempt) {
    fs::path folder = base;
    if (attempt > 1) folder += "-" + std::to_string(attempt);
    const int error_number = make_one_folder(folder, undo);
    if (error_number == EEXIST) continue;
    if (error_number != 0) return cannot_make(std::generic_category().message(error_number), folder);
    if (Status claimed = claim(folder, undo); !claimed) return claimed.error();
    return fill(folder, texts, undo);
  }
  return failure("cannot find a free name for the run: " + base.string());
}

Result<FreshRunFolder> reopen_run_folder(const std::string& path) {
  return open_lines(path, [](const fs::path&) {});  // nothing to undo: it is all a record
}

Status check_room(const std::string& path, std::uintmax_t needed_bytes) {
  const std::string where = path.empty() ? data_folder() + "/runs" : path;
  std::error_code error;
  fs::path existing = fs::absolute(where, error);
  while (!fs::is_directory(existing, error) && existing.has_relative_path())
    existing = existing.parent_path();
  const fs::space_info space = fs::space(existing, error);
  if (error || space.available >= needed_bytes) return {};  // making the folder will say what is wrong
  return cannot_make("the disk has only " + std::to_string(space.available >> 10) +
                         " kB left, a run needs about " + std::to_string(needed_bytes >> 10) + " kB",
                     where);
}

}  // namespace grokscope
