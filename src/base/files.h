// Files: atomic writes (temporary name, fsync, rename), append-only lines, XDG folders; whole reads with a
// limit come with it (read_file.h). Every error is one sentence with the path last. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/read_file.h"
#include "base/result.h"

namespace grokscope {

/// Writes beside the target, flushes, renames: the target is either the old or the whole new content.
Status write_file_atomic(const std::string& path, std::string_view bytes);
Status make_folders(const std::string& path);

/// Appends whole lines with one write(2) each; move-only owner of the descriptor.
class LineFile {
 public:
  static Result<LineFile> open(const std::string& path);
  LineFile(LineFile&& other) noexcept;
  LineFile& operator=(LineFile&& other) noexcept;
  ~LineFile();
  Status append(std::string_view line);  ///< without newline; adds it
 private:
  explicit LineFile(int descriptor, std::string path);
  int descriptor_ = -1;
  std::string path_;
};

/// XDG base folders with /grokscope appended; relative values in the environment are ignored, as the standard
/// says.
std::string data_folder();
std::string config_folder();
std::string cache_folder();
std::string state_folder();

}  // namespace grokscope
