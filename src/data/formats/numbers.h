// Numbers and lines of untrusted text: the whole text must be the number, and it must be finite. Not CSV
// (csv_reader.h). Torch-free, header-only. Any thread.
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/trimmed.h"

namespace grokscope {

/// "-1.5", "2e-3"; not "", "nan", "inf", "1e999" or "1 m".
inline std::optional<double> finite_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

inline std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The lines of a text, without LF or CRLF, counted from 1. A text that ends in a line break has no empty
/// last line.
class TextLines {
 public:
  explicit TextLines(std::string_view text) : rest_(text) {}

  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t stop = rest_.find('\n');
    line = rest_.substr(0, stop);
    rest_.remove_prefix(stop == std::string_view::npos ? rest_.size() : stop + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return true;
  }
  std::size_t number() const { return number_; }  ///< of the line that next() gave

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

/// Takes the next word off the front of `text`: words are parted by blanks and tabs. Empty when there is
/// none.
inline std::string_view next_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    text = {};
    return {};
  }
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace grokscope
