// ScratchFolder: a folder for what a measurement writes, gone with the object. Any thread.
#pragma once

#include <string>

#include "base/result.h"

namespace grokscope::bench {

class ScratchFolder {
 public:
  /// In the system's folder for temporary files.
  static Result<ScratchFolder> make();
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ~ScratchFolder();
  const std::string& path() const { return path_; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace grokscope::bench
