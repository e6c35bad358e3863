// safetensors files (8-byte little-endian header length, JSON header, row-major data): checkpoints and
// frames. Reading is defensive: the file is untrusted. Torch-free. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/read_file.h"
#include "base/result.h"

namespace grokscope {

enum class ScalarType { f32, f64, i64, u8 };

struct StoredTensor {
  ScalarType type = ScalarType::f32;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;  ///< row-major, little endian
};

struct TensorFile {
  std::map<std::string, StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
};

std::string bytes_from_tensor_file(const TensorFile& file);
Result<TensorFile> tensor_file_from_bytes(std::string_view bytes, const std::string& source);
/// Atomic: temporary name, then rename.
Status write_tensor_file(const std::string& path, const TensorFile& file);
Result<TensorFile> read_tensor_file(const std::string& path);
/// Reads the header only and compares it with the file's length: cheap, and finds every truncation. Headers
/// longer than `most_header_bytes` are an error. Gives the length of the header.
Result<std::uint64_t> check_tensor_file(const OrdinaryFile& file, std::uint64_t most_header_bytes,
                                        const std::string& path);
Status check_tensor_file(const std::string& path);
/// The header as above, and what it notes.
struct TensorFileHead {
  std::map<std::string, std::string> metadata;
  std::uint64_t header_bytes = 0;
};
Result<TensorFileHead> read_tensor_file_head(const OrdinaryFile& file, std::uint64_t most_header_bytes,
                                             const std::string& path);

}  // namespace grokscope
