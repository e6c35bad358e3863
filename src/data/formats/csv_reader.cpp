// CSV: see csv_reader.h.
#include "data/formats/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/trimmed.h"
#include "data/formats/in_quotes.h"

namespace grokscope {
namespace {

class CsvScanner {
 public:
  CsvScanner(std::string_view text, std::string_view source, const CsvLimits& limits)
      : rest_(text), source_(source), limits_(limits) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  Result<std::vector<CsvRow>> scan() {
    std::vector<CsvRow> rows;
    while (!rest_.empty()) {
      CsvRow row{.number = ++row_number_, .cells = {}};
      if (Status status = read_row(row); !status) return status.error();
      const bool blank = row.cells.size() == 1 && row.cells.front().empty();
      cells_ += row.cells.size();
      if (cells_ > limits_.cells) return too_many("cells", limits_.cells);
      if (!blank) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  Status read_row(CsvRow& row) {
    for (;;) {
      if (row.cells.size() == limits_.columns) return too_many("columns", limits_.columns);
      column_ = row.cells.size() + 1;
      auto cell = read_cell();
      if (!cell) return cell.error();
      row.cells.push_back(std::move(*cell));
      if (rest_.empty()) return {};
      const bool comma = rest_.front() == ',';
      rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
      if (!comma) return {};
    }
  }

  // Stops at the comma, the line break or the end that follows the cell.
  Result<std::string> read_cell() {
    const std::size_t first = rest_.find_first_not_of(" \t");
    if (first != std::string_view::npos && rest_[first] == '"') {
      rest_.remove_prefix(first + 1);
      return read_quoted_cell();
    }
    const std::size_t stop = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    std::string cell(trimmed(rest_.substr(0, stop)));
    rest_.remove_prefix(stop);
    return checked(std::move(cell));
  }

  Result<std::string> read_quoted_cell() {
    std::string cell;
    for (;;) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) return cell_error(rest_, "opens a quote that is never closed");
      cell += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (!rest_.starts_with('"')) break;
      cell += '"';
      rest_.remove_prefix(1);
    }
    const std::size_t stop = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    if (!trimmed(rest_.substr(0, stop)).empty()) {
      return cell_error(cell, "has text after its closing quote; write a quote inside quotes twice");
    }
    rest_.remove_prefix(stop);
    return checked(std::move(cell));
  }

  Result<std::string> checked(std::string cell) const {
    if (cell.size() > limits_.cell_bytes) {
      return cell_error(cell, fmt::format("is longer than {} bytes; use short names", limits_.cell_bytes));
    }
    for (std::string_view left = cell; !left.empty();) {
      const std::size_t length = utf8_length(left);
      if (length == 0) return cell_error(cell, "is not UTF-8 text; save the table as UTF-8");
      const auto lead = static_cast<unsigned char>(left.front());
      if (lead < 0x20 || lead == 0x7F)
        return cell_error(cell, "contains a control character or a line break");
      left.remove_prefix(length);
    }
    return cell;
  }

  Error cell_error(std::string_view cell, std::string_view why) const {
    return usage_error(fmt::format("row {}, column {} of the table, {}, {}: {}", row_number_, column_,
                                   in_quotes(cell, 40), why, source_));
  }

  Error too_many(std::string_view what, std::size_t limit) const {
    return usage_error(fmt::format("the table has too many {} at row {}: at most {} are allowed: {}", what,
                                   row_number_, limit, source_));
  }

  std::string_view rest_, source_;
  const CsvLimits limits_;
  std::size_t row_number_ = 0, column_ = 0, cells_ = 0;
};

}  // namespace

Result<std::vector<CsvRow>> csv_rows(std::string_view text, std::string_view source,
                                     const CsvLimits& limits) {
  if (text.size() > limits.bytes) {
    return usage_error(fmt::format("the table is larger than {} bytes: {}", limits.bytes, source));
  }
  return CsvScanner(text, source, limits).scan();
}

}  // namespace grokscope
