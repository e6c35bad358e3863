// Gzip as a stream: bytes that may be packed are read piece by piece, so that memory holds what was asked for
// and nothing else. Untrusted input; torch-free. One thread an object.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/read_file.h"
#include "base/result.h"

namespace grokscope {

/// Fills `out` as far as it can; fewer bytes mean that the end was reached.
using ByteSource = std::function<Result<std::size_t>(std::span<char> out)>;

/// `bytes` must outlive the source.
ByteSource source_of(std::string_view bytes);
ByteSource source_of(OrdinaryFile file, std::string path);

/// Reads what `packed` holds: a gzip file of one or several members, which zeros may follow (RFC 1952; tapes
/// and block devices pad), or plain bytes, which come as they are. Errors say whether the file is cut off or
/// damaged, or what follows its end; `source` stands last.
class GzipReader {
 public:
  GzipReader(ByteSource packed, std::string_view source);
  GzipReader(GzipReader&&) noexcept;
  GzipReader& operator=(GzipReader&&) noexcept;
  ~GzipReader();

  /// Fills `out`; fewer bytes mean that the end was reached, and that every checksum was right.
  Result<std::size_t> read(std::span<char> out);

 private:
  class Inflater;
  std::unique_ptr<Inflater> inflater_;  // zlib's state must not move
};

}  // namespace grokscope
