// Writing and reading the PNG files that carry a run. Writing: chart/png_bytes.h. Reading is libpng's: what
// strangers drop on the window goes through a parser that many eyes look at.
#include "export/png.h"

#include <png.h>

#include <csetjmp>
#include <cstring>
#include <optional>
#include <utility>

#include "base/read_file.h"
#include "chart/png_bytes.h"

namespace grokscope {
namespace {

constexpr std::string_view kKeyword = "grokscope";
constexpr std::uint64_t kLargestFile = 256u << 20;
constexpr png_alloc_size_t kLargestText = 64u << 20;  // unpacked
constexpr png_uint_32 kMostPixelsASide = 1u << 16;
constexpr int kMostTextChunks = 1000;

Error damaged(const std::string& source) {
  return failure("The picture is damaged, export it again: " + source);
}

/// libpng's state. Its errors jump back into read_chunks(), where no object with a destructor lives.
class PngReader {
 public:
  explicit PngReader(std::string_view bytes)
      : rest_(bytes), png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, on_error, on_warning)) {
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool is_ready() const { return info_ != nullptr; }

  /// Reads the chunks before the pixels, or all of them without looking at the pixels; false when the file
  /// is damaged there.
  bool read_chunks(bool behind_pixels) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    set_limits(behind_pixels);
    png_set_read_fn(png_, this, on_read);
    png_read_info(png_, info_);
    if (behind_pixels) png_read_end(png_, info_);
    return true;
  }

  std::optional<std::string> text_of(std::string_view keyword) const {
    png_textp texts = nullptr;
    const int count = png_get_text(png_, info_, &texts, nullptr);
    for (int i = 0; i < count; ++i) {
      const png_text& text = texts[i];
      if (text.key == nullptr || text.key != keyword) continue;
      const bool international = text.compression >= PNG_ITXT_COMPRESSION_NONE;
      const std::size_t length = international ? text.itxt_length : text.text_length;
      return text.text == nullptr ? std::string() : std::string(text.text, length);
    }
    return std::nullopt;
  }

 private:
  void set_limits(bool behind_pixels) {
    png_set_user_limits(png_, kMostPixelsASide, kMostPixelsASide);
    png_set_chunk_cache_max(png_, kMostTextChunks);
    png_set_chunk_malloc_max(png_, behind_pixels ? png_alloc_size_t{kLargestFile} : kLargestText);
    png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_benign_errors(png_, 0);
    // Of what a PNG may hold beside its pixels, text is looked at and nothing else.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    static constexpr png_byte kText[] = "tEXt\0iTXt\0zTXt";
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_AS_DEFAULT, kText, 3);
    if (!behind_pixels) return;
    static constexpr png_byte kPixels[] = "IDAT";
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_ALWAYS, kPixels, 1);
    png_set_read_user_chunk_fn(png_, nullptr, [](png_structp, png_unknown_chunkp) { return 1; });
  }

  [[noreturn]] static void on_error(png_structp png, png_const_charp) { png_longjmp(png, 1); }
  static void on_warning(png_structp, png_const_charp) {}
  static void on_read(png_structp png, png_bytep out, std::size_t count) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > self->rest_.size()) png_error(png, "the file ends too early");
    std::memcpy(out, self->rest_.data(), count);
    self->rest_.remove_prefix(count);
  }

  std::string_view rest_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

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
  if (!bytes.starts_with(kPngSignature)) return usage_error("This is no PNG picture: " + source);
  // Ours stands before the pixels; a program that rewrote the picture may have moved it behind them.
  for (const bool behind_pixels : {false, true}) {
    PngReader reader(bytes);
    if (!reader.is_ready()) return failure("There is not enough memory to read the picture: " + source);
    if (!reader.read_chunks(behind_pixels)) return damaged(source);
    if (auto text = reader.text_of(kKeyword)) return std::move(*text);
  }
  return usage_error("This picture carries no run, export one with Save: " + source);
}

Result<std::string> read_png_metadata(const std::string& path) {
  const auto bytes = read_file(path, kLargestFile);
  if (!bytes) return bytes.error();
  return png_metadata_from_bytes(*bytes, path);
}

}  // namespace grokscope
