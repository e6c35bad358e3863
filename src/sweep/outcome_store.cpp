#include "sweep/outcome_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/read_file.h"
#include "base/write_all.h"
#include "sweep/outcome.h"

namespace grokscope {
namespace {

constexpr std::size_t kBlockBytes = 1u << 20;
constexpr std::size_t kLongestLine = 4u << 20;
constexpr std::size_t kMostOpen = 32;

}  // namespace

OutcomeStore::OutcomeStore(std::string own, std::string shared, std::vector<std::string> wanted_record)
    : own_(std::move(own)), shared_(std::move(shared)), wanted_record_(std::move(wanted_record)) {}

void OutcomeStore::want(const std::string& key) {
  places_.try_emplace(key);
}

Status OutcomeStore::refresh() {
  if (Status read = read_folder(own_, true); !read) return read;
  return shared_.empty() ? Status() : read_folder(shared_, false);
}

Status OutcomeStore::read_folder(const std::string& folder, bool own) {
  std::error_code error;
  std::vector<std::string> paths;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".jsonl") paths.push_back(entry->path().string());
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    Status read = read_shard(path, own);
    if (!read && own) return read;
  }
  return {};
}

Status OutcomeStore::read_shard(const std::string& path, bool own) {
  auto known = read_.find(path);
  if (known == read_.end()) {
    paths_.push_back(path);
    known = read_.emplace(path, std::pair(static_cast<std::uint32_t>(paths_.size()), 0)).first;
  }
  auto& [file, offset] = known->second;
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0 && static_cast<std::uint64_t>(facts.st_size) <= offset) return {};
  const auto opened = open_ordinary_file(path);
  if (!opened) return opened.error();
  std::string text;
  while (true) {
    const std::size_t held = text.size();
    text.resize(held + kBlockBytes);
    const ssize_t count =
        ::pread(opened->descriptor.get(), text.data() + held, kBlockBytes, static_cast<off_t>(offset + held));
    if (count < 0 && errno == EINTR) {
      text.resize(held);
      continue;
    }
    if (count < 0) return file_error("cannot read the file", errno, path);
    text.resize(held + static_cast<std::size_t>(count));
    if (count == 0) return {};  // what is left has no end of line yet: torn, or being written
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
      const std::string_view line = std::string_view(text).substr(begin, end - begin);
      if (Status noted = note_line(line, file, offset + begin, own); !noted) return noted;
      begin = end + 1;
    }
    text.erase(0, begin);
    offset += begin;
    if (text.size() > kLongestLine) return failure("cannot read the outcomes: a line is too long: " + path);
  }
}

Status OutcomeStore::note_line(std::string_view line, std::uint32_t file, std::uint64_t offset, bool own) {
  const auto head = head_of_line(line);
  if (!head) {
    const std::string schema = schema_of_line(line);
    if (own && !schema.empty() && schema != kOutcomeSchema) {
      return failure(fmt::format(
          "these outcomes were written by another version ({} instead of {}): take another folder: {}",
          schema, kOutcomeSchema, paths_[file - 1]));
    }
    damaged_ += own ? 1 : 0;
    return {};
  }
  const auto wanted = places_.find(std::string(head->key));
  if (wanted == places_.end() || !covers(head->record, wanted_record_)) return {};
  Place& place = wanted->second;
  const bool failed = head->stopped == Outcome::kFailed;
  if (failed && !own) return {};
  // One that has been trained stays, whatever came of a later try; the sweep's own comes before the shared.
  const bool better =
      place.file == 0 || (place.failed && !failed) || (place.failed == failed && own && !place.own);
  if (better || (failed && place.failed))
    place = {file, static_cast<std::uint32_t>(line.size()), offset, failed, own};
  return {};
}

OutcomeStore::Where OutcomeStore::find(const std::string& key) const {
  const auto found = places_.find(key);
  if (found == places_.end() || found->second.file == 0) return Where::nowhere;
  return found->second.own ? Where::own : Where::shared;
}

bool OutcomeStore::failed(const std::string& key) const {
  const auto found = places_.find(key);
  return found != places_.end() && found->second.failed;
}

std::string OutcomeStore::place_of(const std::string& key) const {
  const auto found = places_.find(key);
  if (found == places_.end() || found->second.file == 0) return "";
  const Place& place = found->second;
  return fmt::format("{}:{}:{}", paths_[place.file - 1], place.offset, place.bytes);
}

Result<std::string> OutcomeStore::line_of(const std::string& key, OpenShards* open) const {
  const auto found = places_.find(key);
  if (found == places_.end() || found->second.file == 0)
    return failure("there is no outcome of the key " + key);
  const Place& place = found->second;
  OpenShards opened_now;
  OpenShards& shards = open != nullptr ? *open : opened_now;
  if (shards.size() > kMostOpen) shards.clear();
  auto shard = shards.find(place.file);
  if (shard == shards.end()) {
    auto opened = open_ordinary_file(paths_[place.file - 1]);
    if (!opened) return opened.error();
    shard = shards.emplace(place.file, std::move(opened->descriptor)).first;
  }
  return read_line(place, shard->second.get(), key);
}

Result<std::string> OutcomeStore::read_line(const Place& place, int descriptor,
                                            const std::string& key) const {
  std::string line(place.bytes, '\0');
  const ssize_t count = ::pread(descriptor, line.data(), line.size(), static_cast<off_t>(place.offset));
  const auto head = head_of_line(line);
  if (count != static_cast<ssize_t>(line.size()) || !head || head->key != key)
    return failure("the outcomes were changed while they were read: " + paths_[place.file - 1]);
  return line;
}

}  // namespace grokscope
