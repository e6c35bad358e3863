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
/// The same for who decides by the reason: 0, or an errno (EISDIR: the target is a folder).
int try_write_file_atomic(const std::string& path, std::string_view bytes);
/// What to tell of it.
Error write_error(const std::string& path, int error_number);
Status make_folders(const std::string& path);

/// Appends whole lines, each with one write(2) where the system takes it whole; move-only owner of the
/// descriptor. Nobody else appends meanwhile.
class LineFile {
 public:
  /// Made if missing; a torn last line, of a program that was killed, is cut off. An error for a link.
  static Result<LineFile> open(const std::string& path);
  LineFile(LineFile&& other) noexcept;
  LineFile& operator=(LineFile&& other) noexcept;
  ~LineFile();
  /// `line` is without newline; it is added. After an error nothing of the line is in the file, or the next
  /// call begins with taking it back.
  Status append(std::string_view line);
  /// The same for who decides by the reason: 0, or an errno (EINVAL: the line is two).
  int try_append(std::string_view line);
  /// The error of append() in words.
  Error append_error(int error_number) const;
  int sync();  ///< until what was appended is on the disk: 0, or an errno

 private:
  explicit LineFile(int descriptor, std::string path);
  int take_back(std::size_t bytes);

  int descriptor_ = -1;
  std::string path_;
  std::size_t torn_bytes_ = 0;  ///< of a line that could neither be finished nor taken back
};

/// XDG base folders with /grokscope appended; relative values in the environment are ignored, as the standard
/// says.
std::string data_folder();
std::string config_folder();
std::string cache_folder();
std::string state_folder();

}  // namespace grokscope
