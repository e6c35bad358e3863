// RunFiles: the one door to what lies in a run folder. What belongs to a run is an ordinary file or folder
// inside its folder: nothing is read or written through a link, and a FIFO or a device is one error. The
// folder itself may be named through a link, because a person named it. Not what the files mean
// (run_folder.h). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/read_file.h"
#include "base/result.h"

namespace grokscope {

class RunFiles {
 public:
  /// More names than this in one of its folders are an error.
  static constexpr std::size_t kMostNames = 200'000;

  static Result<RunFiles> open(const std::string& run_path);

  /// `name` below is relative to the run folder: "metrics.jsonl", "frames/fourier/step_00000010.safetensors".
  /// No part of it may be "..".
  std::string path_of(const std::string& name) const { return path_ + "/" + name; }

  /// Nothing: there is no such file.
  Result<std::optional<OrdinaryFile>> find(const std::string& name) const;
  /// The whole file; "" if there is none: a run that was killed early has not every file.
  Result<std::string> read_if_there(const std::string& name, std::uint64_t limit_bytes) const;
  /// The same for a file of lines; one longer than `longest_line_bytes` is an error as soon as it is met.
  Result<std::string> read_lines_if_there(const std::string& name, std::uint64_t limit_bytes,
                                          std::size_t longest_line_bytes) const;
  /// What a folder holds, sorted, without "." and ".."; nothing if there is no such folder.
  Result<std::vector<std::string>> names_in(const std::string& folder) const;

  /// The old or the whole new content: written beside it and renamed. Makes the folders above it.
  Status write(const std::string& name, std::string_view bytes) const;
  /// Drops what follows the first `bytes` of a file that is there.
  Status cut(const std::string& name, std::uint64_t bytes) const;

 private:
  RunFiles(Descriptor folder, std::string path) : folder_(std::move(folder)), path_(std::move(path)) {}
  enum class Missing { stays, is_made };
  /// The folder in which the last part of `name` lies; none if it is missing and stays so.
  Result<std::optional<Descriptor>> folder_of(const std::string& name, Missing missing) const;
  Result<std::optional<Descriptor>> folder_at(int above, const std::string& part, const std::string& name,
                                              Missing missing) const;

  Descriptor folder_;
  std::string path_;
};

/// RunFiles::write() for who writes one file only.
Status write_run_file(const std::string& run_path, const std::string& name, std::string_view bytes);

}  // namespace grokscope
