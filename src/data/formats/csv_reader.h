// CSV: the one reader of tables as text, RFC 4180 and what spreadsheets and data frames make of it. Not what
// the cells mean (csv_columns.h, csv_table.h, smiles_table.h, qm9.h). Untrusted input; torch-free. Any
// thread.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace grokscope {

struct CsvOptions {
  std::size_t bytes = 1u << 30;
  std::size_t columns = 2000;
  std::size_t cell_bytes = 1u << 20;
  bool comments = false;  ///< rows that begin with # are passed over
};

struct CsvRow {
  std::size_t number = 0;  ///< as a spreadsheet counts: from 1, empty rows included; a sep= line is none
  std::vector<std::string_view> cells;
};

/// Walks over the rows of `text`, which must outlive it; holds one row at a time. Understood are: quotes,
/// with line breaks and doubled quotes inside; LF, CRLF and CR; a byte order mark; cells parted by commas,
/// semicolons, tabs or bars, whichever the first rows are parted by; a first line "sep=;", which decides.
/// Blanks around a cell do not count, nor do rows without anything in them.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string_view source, const CsvOptions& options = {});

  /// The next row that has something in it; false at the end. Its cells hold until the next call. An error
  /// names row, column and content.
  Result<bool> next(CsvRow& row);
  char separator() const { return separator_; }
  /// "commas", "semicolons", "tabs", "bars"
  std::string_view separator_name() const;

 private:
  Status read_row(CsvRow& row);
  Result<std::string_view> read_cell();
  Result<std::string_view> read_quoted_cell();
  Result<std::string_view> checked(std::string_view cell) const;
  bool skip_comment();
  std::size_t cell_end() const;
  Error cell_error(std::string_view cell, std::string_view why) const;

  std::string_view rest_, source_;
  CsvOptions options_;
  char separator_ = ',';
  std::string_view stops_;  // what ends a cell without quotes
  std::size_t row_number_ = 0, column_ = 0;
  std::deque<std::string> unquoted_;  // cells of this row that are not in the text as they are
  Status start_;
};

/// What parts the cells of `text`: see CsvReader. Looks at the first rows only.
char csv_separator(std::string_view text, bool comments);

}  // namespace grokscope
