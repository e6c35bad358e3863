#include "base/replace_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/write_all.h"

namespace grokscope {
namespace {

std::string temporary_name(const std::filesystem::path& target) {
  static std::atomic<unsigned> counter{0};
  const auto name =
      fmt::format(".{}.{}.{}.tmp", target.filename().string().substr(0, 200), ::getpid(), ++counter);
  return (target.parent_path() / name).string();
}

/// After a rename only the folder's own flush makes the new name survive a power cut; some file systems
/// cannot.
void flush_folder_of(const std::filesystem::path& target) {
  const auto folder = target.has_parent_path() ? target.parent_path().string() : std::string(".");
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

}  // namespace

TemporaryFile make_temporary_beside(const std::string& target) {
  TemporaryFile file{temporary_name(target)};
  file.descriptor = ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  return file;
}

int replace_file(TemporaryFile temporary, const std::string& target, std::string_view bytes) {
  Descriptor descriptor(temporary.descriptor);
  int error_number = write_all(descriptor.get(), bytes);
  if (error_number == 0 && ::fsync(descriptor.get()) != 0) error_number = errno;
  if (::close(descriptor.release()) != 0 && error_number == 0) error_number = errno;
  if (error_number == 0 && ::rename(temporary.path.c_str(), target.c_str()) != 0) error_number = errno;
  if (error_number == 0) {
    flush_folder_of(target);
  } else {
    ::unlink(temporary.path.c_str());
  }
  return error_number;
}

}  // namespace grokscope
