#include "sweep/run_records.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/files.h"
#include "base/write_all.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

std::string draft_name(const std::string& key, const std::string& mark) {
  return "." + key + "." + mark;
}

bool is_there(const std::string& folder, const std::string& key) {
  std::error_code ignored;
  return !folder.empty() && fs::is_regular_file(folder + "/" + key + "/config.json", ignored);
}

/// Onto the disk, with all that lies on the same one: a file after the other would take longer.
void sync_all_in(const std::string& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open()) ::syncfs(opened.get());
}

/// Gives a whole draft its name. One that somebody else has made meanwhile is as good.
Status rename_draft(const std::string& folder, const std::string& key, const std::string& mark) {
  const std::string from = folder + "/" + draft_name(key, mark), to = folder + "/" + key;
  const int error_number = std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  if (error_number == 0) {
    sync_all_in(folder);
    return {};
  }
  if (!is_there(folder, key)) return file_error("cannot keep the run folder", error_number, to);
  std::error_code ignored;
  fs::remove_all(from, ignored);
  return {};
}

Status copy_record(const std::string& from, const std::string& to, const std::string& key,
                   const std::string& mark) {
  if (is_there(to, key)) return {};
  if (Status made = make_folders(to); !made) return made;
  const std::string draft = to + "/" + draft_name(key, mark);
  std::error_code error;
  fs::remove_all(draft, error);
  fs::copy(from + "/" + key, draft, fs::copy_options::recursive | fs::copy_options::skip_symlinks, error);
  if (error) {
    const Error why = file_error("cannot copy the run folder", error.value(), draft);
    fs::remove_all(draft, error);
    return why;
  }
  sync_all_in(draft);
  return rename_draft(to, key, mark);
}

}  // namespace

std::string RunRecords::name_of(const std::string& key) const {
  return numbers_alone_ ? key + ".numbers" : key;
}

/// The name that it has there; "" if there is none.
std::string RunRecords::find_in(const std::string& folder, const std::string& key) const {
  for (const std::string& name : {name_of(key), key})
    if (is_there(folder, name)) return name;
  return "";
}

std::string RunRecords::find(const std::string& key) const {
  for (const std::string& folder : {own_, shared_}) {
    const std::string name = find_in(folder, key);
    if (!name.empty()) return fmt::format("{}/{}", folder, name);
  }
  return "";
}

Status RunRecords::bring(const std::string& key, const std::string& mark) const {
  const std::string name = find_in(shared_, key);
  return name.empty() || !find_in(own_, key).empty() ? Status() : copy_record(shared_, own_, name, mark);
}

std::string RunRecords::draft(const std::string& key, const std::string& mark) const {
  return own_ + "/" + draft_name(name_of(key), mark);
}

Status RunRecords::keep(const std::string& key, const std::string& mark,
                        const std::string& shared_mark) const {
  const std::string name = name_of(key);
  if (numbers_alone_) {
    std::error_code ignored;
    for (const char* part : {"/frames", "/checkpoints"}) fs::remove_all(draft(key, mark) + part, ignored);
  }
  if (Status kept = rename_draft(own_, name, mark); !kept) return kept;
  return shared_.empty() ? Status() : copy_record(own_, shared_, name, shared_mark);
}

void RunRecords::discard(const std::string& key, const std::string& mark) const {
  std::error_code ignored;
  fs::remove_all(draft(key, mark), ignored);
}

void RunRecords::discard_all(const std::string& mark, const std::string& shared_mark) const {
  std::error_code error;
  std::vector<fs::path> left;
  for (const auto& [folder, its_mark] : {std::pair(own_, mark), std::pair(shared_, shared_mark)}) {
    if (folder.empty()) continue;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (name.starts_with(".") && name.ends_with("." + its_mark)) left.push_back(entry->path());
    }
  }
  for (const fs::path& path : left) fs::remove_all(path, error);
}

}  // namespace grokscope
