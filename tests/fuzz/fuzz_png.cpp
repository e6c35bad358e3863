// Fuzz body: any bytes as a PNG that may carry a run. A first byte 'c' has the checksums of its chunks made
// right: otherwise hardly anything gets behind them.

// module: export
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "chart/png_bytes.h"
#include "export/png.h"

namespace {

using namespace grokscope;

std::uint32_t length_at(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::string with_right_checksums(std::string_view bytes) {
  std::string png(kPngSignature);
  bytes.remove_prefix(bytes.starts_with(kPngSignature) ? kPngSignature.size() : 0);
  while (bytes.size() >= 12) {
    const std::size_t length = length_at(bytes);
    if (length > bytes.size() - 12) break;
    png += png_chunk(bytes.substr(4, 4), bytes.substr(8, length));
    bytes.remove_prefix(12 + length);
  }
  return png + std::string(bytes);
}

void check(std::string_view bytes) {
  const auto text = png_metadata_from_bytes(bytes, "fuzz");
  if (!text && !text.error().message.ends_with(": fuzz")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  check(bytes);
  if (data[0] == 'c') check(with_right_checksums(bytes));
  return 0;
}
