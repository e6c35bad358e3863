#include "base/outside_text.h"

#include <cstdint>

#include <fmt/format.h>

namespace grokscope {
namespace {

/// One character of UTF-8, or one byte that is none.
struct Decoded {
  std::size_t bytes = 1;
  std::uint32_t code = 0;
  bool valid = false;
};

Decoded decode(std::string_view text) {
  const std::size_t bytes = utf8_length(text);
  if (bytes == 0) return {};
  const auto lead = static_cast<unsigned char>(text.front());
  std::uint32_t code = bytes == 1 ? lead : lead & (0x7fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3fu);
  return {bytes, code, true};
}

/// Steers a terminal, breaks a line, turns the direction of writing, or shows nothing at all. Not the joiners
/// (U+200C, U+200D): Persian and emoji need them, also in names of files.
bool is_hidden(std::uint32_t code) {
  const auto within = [code](std::uint32_t first, std::uint32_t last) {
    return code >= first && code <= last;
  };
  return code < 0x20 || within(0x7f, 0x9f) || code == 0xad || code == 0x61c || code == 0x200b ||
         within(0x200e, 0x200f) || within(0x2028, 0x202e) || within(0x2060, 0x206f) || code == 0xfeff ||
         within(0xfff9, 0xfffb) || within(0xe0000, 0xe0fff);
}

void append(std::string& text, std::string_view bytes, const Decoded& character) {
  if (!character.valid) {
    text += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
  } else if (!is_hidden(character.code)) {
    text += bytes.substr(0, character.bytes);
  } else if (character.code == '\n') {
    text += "\\n";
  } else if (character.code == '\t') {
    text += "\\t";
  } else if (character.code == '\r') {
    text += "\\r";
  } else {
    text += character.code < 0x100 ? fmt::format("\\x{:02x}", character.code)
                                   : fmt::format("\\u{:04x}", character.code);
  }
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : (lead & 0xF0) == 0xE0        ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool beyond_unicode = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

std::string visible(std::string_view outside, std::size_t most) {
  std::string text;
  for (std::size_t count = 0; !outside.empty(); ++count) {
    if (count == most) return text + "…";
    const Decoded character = decode(outside);
    append(text, outside, character);
    outside.remove_prefix(character.bytes);
  }
  return text;
}

std::string in_quotes(std::string_view outside, std::size_t most) {
  return "'" + visible(outside, most) + "'";
}

bool is_visible(std::string_view outside) {
  while (!outside.empty()) {
    const Decoded character = decode(outside);
    if (!character.valid || is_hidden(character.code)) return false;
    outside.remove_prefix(character.bytes);
  }
  return true;
}

}  // namespace grokscope
