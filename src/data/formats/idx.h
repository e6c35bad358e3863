// IDX: the file format of MNIST, plain or gzipped: a magic number, sizes, unsigned bytes. Untrusted input;
// torch-free. One thread an object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "data/formats/gzip.h"

namespace grokscope {

/// The most bytes an IDX file may hold once unpacked.
inline constexpr std::uint64_t kIdxLimit = 512u << 20;

/// An IDX file whose header was read and nothing else: what it announces is known before memory is taken.
class IdxReader {
 public:
  /// The file must have `dimensions` sizes (3: images, 1: labels). A usage error when it is another kind of
  /// file, a failure when it is damaged; `source` stands last.
  static Result<IdxReader> open(ByteSource content, std::size_t dimensions, std::string_view source);

  const std::vector<std::uint32_t>& sizes() const { return sizes_; }  ///< images: count, height, width
  std::uint64_t payload_bytes() const { return payload_bytes_; }      ///< at most kIdxLimit
  /// Unpacks everything, row-major, to the end of `out`; once. Memory grows with what really comes, not with
  /// what was announced; reserve payload_bytes() to have it in one piece. Errors: the file holds less or more
  /// than it announces, or is damaged.
  Status append_to(std::string& out);

 private:
  IdxReader(GzipReader reader, std::string_view source) : reader_(std::move(reader)), source_(source) {}
  Status read_header(std::size_t dimensions);

  GzipReader reader_;
  std::string source_;
  std::vector<std::uint32_t> sizes_;
  std::uint64_t payload_bytes_ = 1;
};

struct IdxArray {
  std::vector<std::uint32_t> sizes;
  std::string bytes;  ///< row-major
};

/// The whole of an IDX file that is in memory already.
Result<IdxArray> idx_from_bytes(std::string_view content, std::size_t dimensions, std::string_view source);

}  // namespace grokscope
