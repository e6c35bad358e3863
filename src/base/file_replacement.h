// FileReplacement: a file that is replaced as a whole by something too long to be held in memory: written
// piece by piece beside the target, flushed, renamed. What fits in memory goes through files.h. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace grokscope {

class FileReplacement {
 public:
  /// A new, empty file beside the target. An error if none can be made there.
  static Result<FileReplacement> beside(std::string target);
  FileReplacement(FileReplacement&& other) noexcept;
  FileReplacement& operator=(FileReplacement&&) = delete;
  ~FileReplacement();  ///< without commit(): the target is as it was

  /// What goes wrong is told by commit().
  void write(std::string_view bytes);
  /// For a library that writes the file by its name; then write() is not used.
  const std::string& path() const { return path_; }
  /// The target is the whole new content from here on.
  Status commit();

 private:
  FileReplacement(std::string target, std::string path, int descriptor);
  void flush();

  std::string target_, path_;
  int descriptor_ = -1;
  int error_number_ = 0;
  std::string waiting_;
};

}  // namespace grokscope
