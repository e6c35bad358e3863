// CIFAR-10's binary format: a folder of data_batch_1.bin to data_batch_5.bin and test_batch.bin, records of
// one label and 3 x 32 x 32 unsigned bytes, and batches.meta.txt with a name for each label. Sets of the same
// form may have other names and other numbers of records. Untrusted input; torch-free. One thread an object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/read_file.h"
#include "base/result.h"

namespace grokscope {

inline constexpr std::int64_t kCifarSide = 32, kCifarChannels = 3;
inline constexpr std::int64_t kCifarPixels = kCifarChannels * kCifarSide * kCifarSide;
inline constexpr std::int64_t kCifarRecord = 1 + kCifarPixels;  // bytes
inline constexpr std::int64_t kCifarLabels = 10;                // 0 .. 9

/// Whether the folder looks like one: it has a file of one of these names.
bool is_cifar_folder(const std::string& folder);

/// The records of one batch, which is in memory, to the end of `pixels` (example, channel, row, column) and
/// `labels`. A failure when they are not whole or a label is not below `label_count`; `source` stands last.
Status append_cifar_records(std::string_view batch, std::int64_t label_count, const std::string& source,
                            std::string& pixels, std::vector<std::int64_t>& labels);

/// What batches.meta.txt says: one name a line; empty lines, as at its end, do not count.
Result<std::vector<std::string>> cifar_names(std::string_view text, const std::string& source);

/// The files of a folder, opened and measured: what they announce is known before memory is taken.
class CifarReader {
 public:
  /// A failure when a file is missing, cut off, or of another length than its companions; a usage error when
  /// it is no file of this kind.
  static Result<CifarReader> open(const std::string& folder);

  std::int64_t train_count() const { return train_count_; }
  std::int64_t test_count() const { return test_count_; }
  /// One a label, of batches.meta.txt; empty without that file.
  const std::vector<std::string>& names() const { return names_; }

  /// Reads everything to the end of `pixels` (example, channel, row, column) and `labels`, the training
  /// batches first; once. Errors: a file was cut meanwhile, a label that has no name.
  Status append_to(std::string& pixels, std::vector<std::int64_t>& labels);

 private:
  struct Batch {
    std::string path;
    OrdinaryFile file;
  };
  Status read_names(const std::string& folder);

  std::vector<Batch> batches_;  // the test batch last
  std::vector<std::string> names_;
  std::int64_t train_count_ = 0, test_count_ = 0;
};

}  // namespace grokscope
