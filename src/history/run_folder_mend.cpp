#include "history/run_folder_mend.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/files.h"
#include "history/frame_file.h"
#include "history/frames_read.h"
#include "history/run_folder.h"
#include "history/step_files.h"

namespace grokscope {

namespace fs = std::filesystem;

namespace {

/// Of all files that are looked at: what comes after it is left as it is.
constexpr std::uint64_t kMaxHeadersBytes = std::uint64_t{32} << 20;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 10 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// What a run's own files are called.
bool belongs_to_a_run(const std::string& name) {
  constexpr std::array<std::string_view, 4> kNames = {"config.json", "facts.json", "snapshot.json",
                                                      "dashboard.png"};
  return step_from_file_name(name) >= 0 || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// The process that a temporary file belongs to: ".<target>.<process>.<count>.tmp"; 0 for any other name.
pid_t process_of_temporary_file(std::string name) {
  constexpr std::string_view kEnd = ".tmp";
  if (!name.starts_with('.') || !name.ends_with(kEnd)) return 0;
  name = name.substr(1, name.size() - 1 - kEnd.size());
  const std::size_t count = name.rfind('.');
  const std::size_t process = count == std::string::npos || count == 0 ? count : name.rfind('.', count - 1);
  if (count == std::string::npos || process == std::string::npos) return 0;
  const std::string_view number = std::string_view(name).substr(process + 1, count - process - 1);
  if (!is_number(number) || !is_number(std::string_view(name).substr(count + 1))) return 0;
  if (!belongs_to_a_run(name.substr(0, process))) return 0;
  pid_t found = 0;
  return std::from_chars(number.data(), number.data() + number.size(), found).ec == std::errc() ? found : 0;
}

bool still_runs(pid_t process) {
  return ::kill(process, 0) == 0 || errno == EPERM;
}

/// A folder that lies where its name says: nothing is changed through a link.
bool is_own_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(fs::symlink_status(path, ignored));
}

std::vector<fs::path> probe_folders(const std::string& path) {
  std::vector<fs::path> folders;
  std::error_code error;
  if (!is_own_folder(path + "/frames")) return folders;
  for (fs::directory_iterator it(path + "/frames", error), end; !error && it != end; it.increment(error)) {
    if (is_own_folder(it->path()) && is_probe_name(it->path().filename().string()))
      folders.push_back(it->path());
  }
  return folders;
}

/// Looks at heads only: what a frame holds may be gigabytes of nothing.
class HeadReader {
 public:
  bool is_tired() const { return read_bytes_ > kMaxHeadersBytes; }
  Status check_frame(const std::string& path, const std::string& probe, std::int64_t step) {
    const auto head = read(path);
    if (!head) return head.error();
    const Result<Frame> frame = frame_from_metadata(head->metadata, path);
    if (!frame) return frame.error();
    if (frame->probe == probe && frame->step == step) return {};
    return failure("its probe or step is not that of its name: " + path);
  }
  Status check_checkpoint(const std::string& path) {
    const auto head = read(path);
    return head ? Status() : Status(head.error());
  }

 private:
  Result<TensorFileHead> read(const std::string& path) {
    const auto file = open_ordinary_file(path);
    if (!file) return file.error();
    auto head = read_tensor_file_head(*file, kMaxFrameHeaderBytes, path);
    read_bytes_ += head ? head->header_bytes : 0;
    return head;
  }
  std::uint64_t read_bytes_ = 0;
};

Status set_aside(const std::string& file, const std::string& what, std::vector<std::string>& done) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return {};
  fs::rename(file, file + ".damaged", error);
  if (error) return failure("cannot set a damaged file aside: " + error.message() + ": " + file);
  done.push_back("set a damaged " + what + " aside: " + file + ".damaged");
  return {};
}

Status set_damaged_files_aside(const std::string& path, std::vector<std::string>& done) {
  HeadReader heads;
  for (const fs::path& folder : probe_folders(path)) {
    for (const auto& [step, file] : step_files(folder.string())) {
      if (heads.is_tired()) return {};
      if (heads.check_frame(file, folder.filename().string(), step)) continue;
      if (Status aside = set_aside(file, "frame", done); !aside) return aside;
    }
  }
  if (!is_own_folder(path + "/checkpoints")) return {};
  for (const auto& [step, file] : step_files(path + "/checkpoints")) {
    if (heads.is_tired()) return {};
    if (heads.check_checkpoint(file)) continue;
    if (Status aside = set_aside(file, "checkpoint", done); !aside) return aside;
  }
  return {};
}

}  // namespace

std::size_t sweep_temporary_files(const std::string& folder) {
  std::size_t swept = 0;
  std::error_code error;
  if (!is_own_folder(folder)) return 0;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const pid_t process = process_of_temporary_file(it->path().filename().string());
    if (process == 0 || !fs::is_regular_file(it->symlink_status(ignored)) || still_runs(process)) continue;
    if (fs::remove(it->path(), ignored)) ++swept;
  }
  return swept;
}

Result<std::vector<std::string>> mend_run(const std::string& path) {
  // Lines: reading finds where they are torn. A run that cannot be opened is left as it is.
  const Result<OpenedRun> run = open_run(path, true);
  if (!run) return run.error();
  std::vector<std::string> done;
  for (const std::string& repair : run->repairs) {
    if (repair.starts_with("dropped ")) done.push_back(repair);
  }
  if (Status aside = set_damaged_files_aside(path, done); !aside) return aside.error();
  std::size_t swept = sweep_temporary_files(path) + sweep_temporary_files(path + "/checkpoints");
  for (const fs::path& folder : probe_folders(path)) swept += sweep_temporary_files(folder.string());
  if (swept > 0)
    done.push_back("removed temporary files of a program that was killed: " + std::to_string(swept));
  return done;
}

}  // namespace grokscope
