#include "session/record.h"

#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/version.h"

namespace grokscope {
namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  char text[32] = "";
  if (gmtime_r(&now, &utc) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

/// Checked before anything is made, so that a disk without room stays as it was.
Status check_room(const std::string& path, const RunFacts& facts) {
  namespace fs = std::filesystem;
  const std::uintmax_t checkpoint = static_cast<std::uintmax_t>(facts.parameter_count) * 3 * sizeof(float);
  const std::uintmax_t needed = 2 * checkpoint + (std::uintmax_t{8} << 20);
  std::error_code error;
  fs::path existing = fs::absolute(path, error);
  while (!fs::is_directory(existing, error) && existing.has_relative_path())
    existing = existing.parent_path();
  const fs::space_info space = fs::space(existing, error);
  if (error || space.available >= needed) return {};  // making the folder will say what is wrong
  return failure("cannot make the run folder: the disk has only " + std::to_string(space.available >> 10) +
                 " kB left, a run needs about " + std::to_string(needed >> 10) + " kB: " + path);
}

}  // namespace

Status Record::open(const std::string& path, const RunConfig& config, const RunFacts& facts) {
  if (Status room = check_room(path, facts); !room) return room;
  Provenance provenance;
  provenance.version = kVersion;
  provenance.torch_version = facts.torch_version;
  provenance.blas = facts.blas;
  provenance.engine = facts.engine;
  provenance.device = facts.device;
  provenance.started_utc = utc_now();
  provenance.threads = facts.threads;
  auto writer = RunFolderWriter::create(path, config, provenance, facts);
  if (!writer) return writer.error();
  writer_ = std::move(*writer);
  return {};
}

void Record::write_checkpoint(std::int64_t step, TensorFile file) {
  if (writer_) writer_->write_checkpoint(step, std::move(file));
}

void Record::flush() {
  if (writer_) writer_->flush();
}

Status Record::status() const {
  return writer_ ? writer_->status() : Status();
}

}  // namespace grokscope
