#include "export/png.h"

#include <zlib.h>

#include "base/files.h"
#include "chart/png_bytes.h"

namespace grokscope {
namespace {

constexpr std::string_view kKeyword = "grokscope";
constexpr std::uint64_t kLargestFile = 256u << 20;
constexpr std::size_t kLargestText = 64u << 20;

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

bool inflated(std::string_view bytes, std::string& out) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int status = Z_OK;
  char block[16384];
  while (status == Z_OK && out.size() <= kLargestText) {
    stream.next_out = reinterpret_cast<Bytef*>(block);
    stream.avail_out = sizeof block;
    status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_OK || status == Z_STREAM_END) out.append(block, sizeof block - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && out.size() <= kLargestText;
}

/// The text of an iTXt chunk with our keyword: keyword 0 flag method language 0 translated 0 text.
enum class TextChunk { other, ours, damaged };
TextChunk read_international_text(std::string_view data, std::string& text) {
  const std::size_t keyword_end = data.find('\0');
  if (keyword_end == std::string_view::npos || data.substr(0, keyword_end) != kKeyword)
    return TextChunk::other;
  if (data.size() < keyword_end + 3) return TextChunk::damaged;
  const bool compressed = data[keyword_end + 1] != 0;
  const std::size_t language_end = data.find('\0', keyword_end + 3);
  if (language_end == std::string_view::npos) return TextChunk::damaged;
  const std::size_t translated_end = data.find('\0', language_end + 1);
  if (translated_end == std::string_view::npos) return TextChunk::damaged;
  const std::string_view payload = data.substr(translated_end + 1);
  if (!compressed) {
    text = payload;
    return TextChunk::ours;
  }
  return inflated(payload, text) ? TextChunk::ours : TextChunk::damaged;
}

TextChunk read_latin_text(std::string_view data, std::string& text) {
  const std::size_t keyword_end = data.find('\0');
  if (keyword_end == std::string_view::npos || data.substr(0, keyword_end) != kKeyword)
    return TextChunk::other;
  text = data.substr(keyword_end + 1);
  return TextChunk::ours;
}

Error damaged(const std::string& source) {
  return failure("The picture is damaged, export it again: " + source);
}

}  // namespace

Result<std::string> png_with_metadata(int width, int height, std::span<const std::uint8_t> rgba,
                                      const std::string& metadata_json) {
  std::string chunk;
  if (!metadata_json.empty()) {
    std::string data(kKeyword);
    data +=
        std::string("\0\0\0\0\0", 5);  // keyword's end, not compressed, method 0, no language, no translation
    chunk = png_chunk("iTXt", data + metadata_json);
  }
  std::string png = png_from_rgba(width, height, rgba, chunk);
  if (png.empty()) return failure("the picture has no pixels to write");
  return png;
}

Result<std::string> png_metadata_from_bytes(std::string_view bytes, const std::string& source) {
  if (bytes.substr(0, kPngSignature.size()) != kPngSignature)
    return usage_error("This is no PNG picture: " + source);
  constexpr std::size_t kFrame = 12;  // length, type, CRC
  std::size_t at = kPngSignature.size();
  while (at < bytes.size()) {
    if (bytes.size() - at < kFrame) return damaged(source);
    const std::size_t length = u32_at(bytes, at);
    if (length > bytes.size() - at - kFrame) return damaged(source);
    const std::string_view checked = bytes.substr(at + 4, length + 4), type = checked.substr(0, 4),
                           data = checked.substr(4);
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
    if (crc != u32_at(bytes, at + 8 + length)) return damaged(source);
    if (type == "IEND") break;
    std::string text;
    const TextChunk found = type == "iTXt"   ? read_international_text(data, text)
                            : type == "tEXt" ? read_latin_text(data, text)
                                             : TextChunk::other;
    if (found == TextChunk::damaged) return damaged(source);
    if (found == TextChunk::ours) return text;
    at += kFrame + length;
  }
  return usage_error("This picture carries no run, export one with Save: " + source);
}

Result<std::string> read_png_metadata(const std::string& path) {
  const auto bytes = read_file(path, kLargestFile);
  if (!bytes) return bytes.error();
  return png_metadata_from_bytes(*bytes, path);
}

}  // namespace grokscope
