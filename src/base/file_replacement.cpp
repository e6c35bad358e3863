#include "base/file_replacement.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/files.h"
#include "base/replace_file.h"
#include "base/write_all.h"

namespace grokscope {
namespace {

constexpr std::size_t kPieceBytes = 1u << 20;

}  // namespace

Result<FileReplacement> FileReplacement::beside(std::string target) {
  TemporaryFile file = make_temporary_beside(target);
  if (file.descriptor < 0) return write_error(target, errno);
  return FileReplacement(std::move(target), std::move(file.path), file.descriptor);
}

FileReplacement::FileReplacement(std::string target, std::string path, int descriptor)
    : target_(std::move(target)), path_(std::move(path)), descriptor_(descriptor) {}

FileReplacement::FileReplacement(FileReplacement&& other) noexcept
    : target_(std::move(other.target_)),
      path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      error_number_(other.error_number_),
      waiting_(std::move(other.waiting_)) {}

FileReplacement::~FileReplacement() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(path_.c_str());
}

void FileReplacement::write(std::string_view bytes) {
  waiting_.append(bytes);
  if (waiting_.size() >= kPieceBytes) flush();
}

void FileReplacement::flush() {
  if (error_number_ == 0) error_number_ = write_all(descriptor_, waiting_);
  waiting_.clear();
}

Status FileReplacement::commit() {
  if (error_number_ == 0)
    error_number_ = replace_file({path_, std::exchange(descriptor_, -1)}, target_, waiting_);
  return error_number_ == 0 ? Status() : Status(write_error(target_, error_number_));
}

}  // namespace grokscope
