// Which character parts the cells of a table: declared in csv_reader.h.
#include <algorithm>
#include <array>
#include <optional>

#include "base/trimmed.h"
#include "data/formats/csv_reader.h"
#include "data/formats/numbers.h"

namespace grokscope {
namespace {

constexpr std::size_t kLookedAtBytes = 1u << 16, kLookedAtRows = 100;

/// The text up to the line break that ends its first row; quotes may hide one.
std::string_view first_csv_row(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && (text[i] == '\n' || text[i] == '\r')) return text.substr(0, i);
  }
  return text;
}

/// The first rows that have something in them. The last one may be cut off by the limit: then it is left out.
std::vector<std::string_view> first_csv_rows(std::string_view text, bool comments) {
  const bool cut = text.size() > kLookedAtBytes;
  text = text.substr(0, kLookedAtBytes);
  std::vector<std::string_view> rows;
  while (!text.empty() && rows.size() < kLookedAtRows) {
    const std::string_view row = first_csv_row(text);
    const bool last = row.size() == text.size();
    text.remove_prefix(std::min(row.size() + 1, text.size()));
    const std::string_view content = trimmed(row);
    if (content.find_first_not_of(",;|\t ") == std::string_view::npos) continue;
    if (comments && content.starts_with('#')) continue;
    if (last && cut && !rows.empty()) break;
    rows.push_back(row);
  }
  return rows;
}

std::vector<std::string_view> parted(std::string_view row, char separator) {
  std::vector<std::string_view> cells;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '"') quoted = !quoted;
    if (quoted || row[i] != separator) continue;
    cells.push_back(row.substr(begin, i - begin));
    begin = i + 1;
  }
  cells.push_back(row.substr(begin));
  return cells;
}

/// How many cells every row has when parted so, or nothing when they differ or there is one only.
std::optional<std::size_t> cells_of_every_row(const std::vector<std::string_view>& rows, char separator) {
  const std::size_t cells = parted(rows.front(), separator).size();
  if (cells < 2) return std::nullopt;
  const bool same = std::all_of(rows.begin() + 1, rows.end(),
                                [&](std::string_view row) { return parted(row, separator).size() == cells; });
  return same ? std::optional(cells) : std::nullopt;
}

/// "0,5;1;2,5": the comma is the decimal sign of numbers that semicolons part.
bool has_decimal_commas(const std::vector<std::string_view>& rows) {
  if (!cells_of_every_row(rows, ';')) return false;
  for (const std::string_view row : rows) {
    for (const std::string_view cell : parted(row, ';')) {
      std::string number(trimmed(cell));
      if (std::count(number.begin(), number.end(), ',') > 1) return false;
      std::replace(number.begin(), number.end(), ',', '.');
      if (!number.empty() && !finite_number(number)) return false;
    }
  }
  return true;
}

}  // namespace

char csv_separator(std::string_view text, bool comments) {
  constexpr std::array<char, 4> kSeparators = {',', ';', '\t', '|'};
  const std::vector<std::string_view> rows = first_csv_rows(text, comments);
  if (rows.empty()) return ',';
  // The comma is what the format is named after: another one must be the better reading.
  if (cells_of_every_row(rows, ',') && !has_decimal_commas(rows)) return ',';
  for (const char separator : kSeparators) {
    if (separator != ',' && cells_of_every_row(rows, separator)) return separator;
  }
  // Rows of different lengths: the first one decides, and the error will name the row that differs.
  char best = ',';
  std::size_t most = 1;
  for (const char separator : kSeparators) {
    const std::size_t cells = parted(rows.front(), separator).size();
    if (cells > most) {
      most = cells;
      best = separator;
    }
  }
  return best;
}

}  // namespace grokscope
