#include "base/files.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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

/// What a killed program left behind the last line break is taken away. 0, or an errno.
int cut_torn_line(int descriptor) {
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0) return errno;
  if (S_ISFIFO(facts.st_mode)) return ESPIPE;
  off_t whole = S_ISREG(facts.st_mode) ? facts.st_size : 0;
  std::array<char, 4096> block;
  while (whole > 0) {
    const off_t begin = std::max<off_t>(0, whole - static_cast<off_t>(block.size()));
    const ssize_t count = ::pread(descriptor, block.data(), static_cast<std::size_t>(whole - begin), begin);
    if (count != whole - begin) return count < 0 ? errno : EIO;
    const std::size_t line_break =
        std::string_view(block.data(), static_cast<std::size_t>(count)).rfind('\n');
    whole = line_break == std::string_view::npos ? begin : begin + static_cast<off_t>(line_break) + 1;
    if (line_break != std::string_view::npos) break;
  }
  const bool torn = S_ISREG(facts.st_mode) && whole < facts.st_size;
  return !torn || ::ftruncate(descriptor, whole) == 0 ? 0 : errno;
}

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
  const int error_number = try_write_file_atomic(path, bytes);
  return error_number == 0 ? Status() : write_error(path, error_number);
}

int try_write_file_atomic(const std::string& path, std::string_view bytes) {
  const std::string target = without_link(path);
  std::error_code ignored;
  if (std::filesystem::is_directory(target, ignored)) return EISDIR;
  TemporaryFile temporary = make_temporary_beside(target);
  return temporary.descriptor < 0 ? errno : replace_file(std::move(temporary), target, bytes);
}

Error write_error(const std::string& path, int error_number) {
  if (error_number == EISDIR) return failure(fmt::format("cannot write the file: it is a folder: {}", path));
  return file_error("cannot write the file", error_number, path);
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
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      torn_bytes_(other.torn_bytes_) {}

LineFile& LineFile::operator=(LineFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  std::swap(torn_bytes_, other.torn_bytes_);
  return *this;
}

LineFile::~LineFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<LineFile> LineFile::open(const std::string& path) {
  // Neither through a link nor waiting for a pipe's reader.
  constexpr int kHow = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  LineFile file(::open(path.c_str(), kHow, 0666), path);
  if (file.descriptor_ < 0) return file_error("cannot open the file for appending", errno, path);
  if (const int error_number = cut_torn_line(file.descriptor_); error_number != 0)
    return file_error("cannot cut off the torn last line of the file", error_number, path);
  return file;
}

Status LineFile::append(std::string_view line) {
  const int error_number = try_append(line);
  return error_number == 0 ? Status() : append_error(error_number);
}

int LineFile::try_append(std::string_view line) {
  if (descriptor_ < 0) return EBADF;
  if (line.find('\n') != std::string_view::npos) return EINVAL;
  if (const int torn = take_back(0); torn != 0) return torn;
  const std::string whole = fmt::format("{}\n", line);
  std::size_t written = 0;
  const int error_number = write_all(descriptor_, whole, &written);
  // Part of a line is worse than none.
  if (error_number != 0) take_back(written);
  return error_number;
}

/// Shortens the file by so many bytes, and by what could not be taken back before. 0, or an errno.
int LineFile::take_back(std::size_t bytes) {
  torn_bytes_ += bytes;
  if (torn_bytes_ == 0) return 0;
  struct stat facts {};
  if (::fstat(descriptor_, &facts) != 0) return errno;
  if (::ftruncate(descriptor_, facts.st_size - static_cast<off_t>(torn_bytes_)) != 0) return errno;
  torn_bytes_ = 0;
  return 0;
}

Error LineFile::append_error(int error_number) const {
  if (descriptor_ < 0) return failure(fmt::format("cannot append to the file: it is closed: {}", path_));
  if (error_number == EINVAL)
    return failure(fmt::format("cannot append to the file: the line contains a line break: {}", path_));
  return file_error(torn_bytes_ > 0 ? "cannot append to the file, whose last line is now torn"
                                    : "cannot append to the file",
                    error_number, path_);
}

int LineFile::sync() {
  return descriptor_ < 0 ? EBADF : ::fdatasync(descriptor_) == 0 ? 0 : errno;
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
