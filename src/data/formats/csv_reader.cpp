// CSV: see csv_reader.h.
#include "data/formats/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/outside_text.h"
#include "base/trimmed.h"
#include "data/formats/csv_columns.h"
#include "data/formats/known_kind.h"

namespace grokscope {
namespace {

struct Separator {
  char character;
  std::string_view name, cell_stops;
};
constexpr Separator kSeparators[] = {
    {',', "commas", ",\r\n"}, {';', "semicolons", ";\r\n"}, {'\t', "tabs", "\t\r\n"}, {'|', "bars", "|\r\n"}};

const Separator& separator_of(char character) {
  const auto found = std::find_if(std::begin(kSeparators), std::end(kSeparators),
                                  [&](const Separator& known) { return known.character == character; });
  return found != std::end(kSeparators) ? *found : kSeparators[0];
}

/// Takes a first line "sep=;", as spreadsheets write and read it, off the text.
std::optional<char> take_separator_line(std::string_view& text) {
  const std::string_view line = text.substr(0, std::min(text.find_first_of("\r\n"), text.size()));
  std::string_view said = line;
  if (said.size() >= 2 && said.starts_with('"') && said.ends_with('"'))
    said = said.substr(1, said.size() - 2);
  if (said.size() != 5 || ascii_lower(said.substr(0, 4)) != "sep=") return std::nullopt;
  const char character = said[4];
  if (separator_of(character).character != character) return std::nullopt;
  text.remove_prefix(line.size());
  if (!text.empty()) text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
  return character;
}

bool is_blank_row(const CsvRow& row) {
  return std::all_of(row.cells.begin(), row.cells.end(), [](std::string_view cell) { return cell.empty(); });
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string_view source, const CsvOptions& options)
    : rest_(text), source_(source), options_(options) {
  if (rest_.size() > options_.bytes) {
    start_ = usage_error(fmt::format("the table is larger than {} bytes: {}", options_.bytes, source_));
  } else if (const std::string_view kind = known_kind(rest_); !kind.empty()) {
    start_ = usage_error(fmt::format("this is no table of text: it is {}: {}", kind, source_));
  }
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  const auto said = take_separator_line(rest_);
  separator_ = said ? *said : csv_separator(rest_, options_.comments);
  stops_ = separator_of(separator_).cell_stops;
}

std::string_view CsvReader::separator_name() const {
  return separator_of(separator_).name;
}

Result<bool> CsvReader::next(CsvRow& row) {
  if (!start_) return start_.error();
  while (!rest_.empty()) {
    ++row_number_;
    if (skip_comment()) continue;
    if (Status status = read_row(row); !status) return status.error();
    if (!is_blank_row(row)) return true;
  }
  row.cells.clear();
  return false;
}

bool CsvReader::skip_comment() {
  if (!options_.comments) return false;
  const std::size_t first = rest_.find_first_not_of(" \t");
  if (first == std::string_view::npos || rest_[first] != '#') return false;
  rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
  if (!rest_.empty()) rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
  return true;
}

Status CsvReader::read_row(CsvRow& row) {
  row.number = row_number_;
  row.cells.clear();
  unquoted_.clear();
  for (;;) {
    if (row.cells.size() == options_.columns) {
      return usage_error(fmt::format("the table has too many columns at row {}: at most {} are allowed: {}",
                                     row_number_, options_.columns, source_));
    }
    column_ = row.cells.size() + 1;
    const auto cell = read_cell();
    if (!cell) return cell.error();
    row.cells.push_back(*cell);
    if (rest_.empty()) return {};
    const bool more = rest_.front() == separator_;
    rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
    if (!more) return {};
  }
}

std::size_t CsvReader::cell_end() const {
  return std::min(rest_.find_first_of(stops_), rest_.size());
}

// Stops at the separator, the line break or the end that follows the cell.
Result<std::string_view> CsvReader::read_cell() {
  const std::size_t first = rest_.find_first_not_of(separator_ == '\t' ? " " : " \t");
  if (first != std::string_view::npos && rest_[first] == '"') {
    rest_.remove_prefix(first + 1);
    return read_quoted_cell();
  }
  const std::string_view cell = trimmed(rest_.substr(0, cell_end()));
  rest_.remove_prefix(cell_end());
  return checked(cell);
}

Result<std::string_view> CsvReader::read_quoted_cell() {
  const std::string_view begin = rest_;
  std::string_view cell;
  std::string* joined = nullptr;  // made when a doubled quote parts the text of the cell
  for (;;) {
    const std::size_t quote = rest_.find('"');
    if (quote == std::string_view::npos) return cell_error(begin, "opens a quote that is never closed");
    if (joined != nullptr) *joined += rest_.substr(0, quote);
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;
    if (joined == nullptr) {
      joined = &unquoted_.emplace_back(begin.substr(0, begin.size() - rest_.size() - 1));
    }
    *joined += '"';
    rest_.remove_prefix(1);
  }
  cell = joined != nullptr ? std::string_view(*joined) : begin.substr(0, begin.size() - rest_.size() - 1);
  const std::size_t stop = cell_end();
  if (!trimmed(rest_.substr(0, stop)).empty()) {
    return cell_error(cell, "has text after its closing quote; write a quote inside quotes twice");
  }
  rest_.remove_prefix(stop);
  return checked(cell);
}

Result<std::string_view> CsvReader::checked(std::string_view cell) const {
  if (cell.size() > options_.cell_bytes) {
    return cell_error(cell, fmt::format("is longer than {} bytes", options_.cell_bytes));
  }
  for (std::string_view left = cell; !left.empty();) {
    const std::size_t length = utf8_length(left);
    if (length == 0) return cell_error(cell, "is not UTF-8 text; save the table as UTF-8");
    const auto lead = static_cast<unsigned char>(left.front());
    const bool white = lead == '\t' || lead == '\n' || lead == '\r';
    if ((lead < 0x20 && !white) || lead == 0x7F) return cell_error(cell, "contains a control character");
    left.remove_prefix(length);
  }
  return cell;
}

Error CsvReader::cell_error(std::string_view cell, std::string_view why) const {
  return usage_error(fmt::format("row {}, column {} of the table, {}, {}: {}", row_number_, column_,
                                 in_quotes(cell, 40), why, source_));
}

}  // namespace grokscope
