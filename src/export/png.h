// PNG files that carry their run: pixels plus one text chunk "grokscope" with JSON. Reading trusts nothing.
// Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace grokscope {

/// The bytes of a PNG file. `rgba`: 4 bytes a pixel, row 0 on top; `metadata_json` may be empty.
Result<std::string> png_with_metadata(int width, int height, std::span<const std::uint8_t> rgba,
                                      const std::string& metadata_json);

/// The JSON text inside; an error if the file is no PNG, is damaged before that chunk, or carries none.
Result<std::string> read_png_metadata(const std::string& path);
/// The same from bytes; `source` is named in the error.
Result<std::string> png_metadata_from_bytes(std::string_view bytes, const std::string& source);

}  // namespace grokscope
