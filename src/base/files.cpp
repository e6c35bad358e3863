#include "base/files.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/replace_file.h"
#include "base/write_all.h"

namespace grokscope {
namespace {

/// A link is written through, not replaced by a file.
std::string without_link(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_symlink(path, ignored)) return path;
  const auto target = std::filesystem::canonical(path, ignored);
  return ignored ? path : target.string();
}

std::string home_folder() {
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return home;
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
    return found->pw_dir;
  }
  return "/";
}

std::string xdg_folder(const char* variable, std::string_view below_home) {
  const char* value = std::getenv(variable);
  std::filesystem::path base = value != nullptr && value[0] == '/'
                                   ? std::filesystem::path(value)
                                   : std::filesystem::path(home_folder()) / below_home;
  return (base / "grokscope").string();
}

}  // namespace

Status write_file_atomic(const std::string& path, std::string_view bytes) {
  const std::string target = without_link(path);
  std::error_code ignored;
  if (std::filesystem::is_directory(target, ignored)) {
    return failure(fmt::format("cannot write the file: it is a folder: {}", path));
  }
  TemporaryFile temporary = make_temporary_beside(target);
  if (temporary.descriptor < 0) return file_error("cannot write the file", errno, path);
  const int error_number = replace_file(std::move(temporary), target, bytes);
  if (error_number != 0) return file_error("cannot write the file", error_number, path);
  return {};
}

Status make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && std::filesystem::is_directory(path, error)) return {};
  if (!error)
    return failure(fmt::format("cannot make the folder: a file of that name is in the way: {}", path));
  return failure(fmt::format("cannot make the folder: {}: {}", error.message(), path));
}

LineFile::LineFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

LineFile::LineFile(LineFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

LineFile& LineFile::operator=(LineFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

LineFile::~LineFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<LineFile> LineFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) return file_error("cannot open the file for appending", errno, path);
  return LineFile(descriptor, path);
}

Status LineFile::append(std::string_view line) {
  if (descriptor_ < 0) return failure(fmt::format("cannot append to the file: it is closed: {}", path_));
  if (line.find('\n') != std::string_view::npos) {
    return failure(fmt::format("cannot append to the file: the line contains a line break: {}", path_));
  }
  struct stat before {};
  if (::fstat(descriptor_, &before) != 0) return file_error("cannot append to the file", errno, path_);
  const std::string whole = fmt::format("{}\n", line);
  ssize_t written = 0;
  do {
    written = ::write(descriptor_, whole.data(), whole.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(whole.size())) return {};

  // Part of a line is worse than none: take it back. A short write means the disk is full, though errno is
  // not set.
  const int error_number = written < 0 ? errno : ENOSPC;
  const bool torn = written > 0 && ::ftruncate(descriptor_, before.st_size) != 0;
  return file_error(
      torn ? "cannot append to the file, whose last line is now torn" : "cannot append to the file",
      error_number, path_);
}

std::string data_folder() {
  return xdg_folder("XDG_DATA_HOME", ".local/share");
}
std::string config_folder() {
  return xdg_folder("XDG_CONFIG_HOME", ".config");
}
std::string cache_folder() {
  return xdg_folder("XDG_CACHE_HOME", ".cache");
}
std::string state_folder() {
  return xdg_folder("XDG_STATE_HOME", ".local/state");
}

}  // namespace grokscope
