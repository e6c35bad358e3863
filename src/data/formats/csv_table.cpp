// Truth table: see csv_table.h.
#include "data/formats/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/outside_text.h"
#include "data/formats/csv_columns.h"
#include "data/formats/csv_layout.h"
#include "data/formats/csv_reader.h"

namespace grokscope {
namespace {

// A grid of 1024 by 1024 symbols.
constexpr std::size_t kMostSymbols = 1024, kMostCells = 3u << 20, kMostBytes = 16u << 20;
constexpr std::size_t kLongestSymbol = 64;

// One answer as it stands in the file; the views are into the rows.
struct WrittenEntry {
  std::string_view a, b, answer;
  std::size_t row = 0, column = 0;  // of the answer, counted from 1
};

// A symbol stands in lists and on axes: one short line.
std::string problem_of_symbol(std::string_view symbol) {
  if (symbol.size() > kLongestSymbol)
    return fmt::format("is longer than {} bytes; use short names", kLongestSymbol);
  const bool control =
      std::any_of(symbol.begin(), symbol.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return control ? "contains a tab or a line break; use names of one line" : std::string();
}

class TableReader {
 public:
  TableReader(const std::vector<TableRow>& rows, std::string_view source) : rows_(rows), source_(source) {}

  Result<TruthTable> read(std::string_view separators) {
    if (rows_.empty()) return table_error("the table is empty: write rows of a, b, answer");
    const auto& first = rows_.front().cells;
    if (first.size() < 2) {
      return table_error(
          fmt::format("row {} of the table, {}, has a single column: separate the cells with commas, "
                      "semicolons or tabs",
                      rows_.front().number, in_quotes(first.front(), 40)));
    }
    layout_ = layout_of_table(rows_);
    if (Status status = layout_.is_list ? read_list() : read_matrix(); !status) return status.error();
    if (Status status = check_symbols(); !status) return status.error();
    if (Status status = check_pairs(); !status) return status.error();
    auto table = indexed();
    if (!table) return table.error();
    table->reading = fmt::format("{}; {} pairs, {} symbols, {} answers; cells parted by {}",
                                 layout_in_words(layout_, rows_), table->entries.size(), table->tokens.size(),
                                 table->classes.size(), separators);
    return table;
  }

 private:
  Status read_list() {
    for (std::size_t i = layout_.has_header ? 1 : 0; i < rows_.size(); ++i) {
      const TableRow& row = rows_[i];
      const std::size_t columns = rows_.front().cells.size();
      if (row.cells.size() != columns) {
        return width_error(row, columns, columns == 3 ? "a, b, answer" : "like the header");
      }
      for (const auto& [column, name] :
           {std::pair(layout_.a, "a"), std::pair(layout_.b, "b"), std::pair(layout_.answer, "the answer")}) {
        if (!row.cells[column].empty()) continue;
        return table_error(
            fmt::format("row {}, column {} of the table, '', is empty: a list needs {} in every row",
                        row.number, column + 1, name));
      }
      entries_.push_back({row.cells[layout_.a], row.cells[layout_.b], row.cells[layout_.answer], row.number,
                          layout_.answer + 1});
    }
    return {};
  }

  Status read_matrix() {
    const TableRow& header = rows_.front();
    if (Status status = check_names(header); !status) return status;
    std::set<std::string_view> row_names;
    for (std::size_t i = 1; i < rows_.size(); ++i) {
      const TableRow& row = rows_[i];
      if (row.cells.size() != header.cells.size()) {
        return width_error(row, header.cells.size(), "like the header");
      }
      if (row.cells[0].empty()) {
        return matrix_error(
            fmt::format("row {}, column 1 of the table, '', is empty: every row of a matrix begins with "
                        "its value of a",
                        row.number));
      }
      if (!row_names.insert(row.cells[0]).second) {
        return matrix_error(
            fmt::format("row {}, column 1 of the table, {}, repeats the name of an earlier row", row.number,
                        in_quotes(row.cells[0], 40)));
      }
      for (std::size_t column = 1; column < row.cells.size(); ++column) {
        if (row.cells[column].empty()) continue;
        entries_.push_back({row.cells[0], header.cells[column], row.cells[column], row.number, column + 1});
      }
    }
    return {};
  }

  Status check_names(const TableRow& header) const {
    std::set<std::string_view> names;
    for (std::size_t column = 1; column < header.cells.size(); ++column) {
      const std::string& name = header.cells[column];
      if (name.empty()) {
        return matrix_error(
            fmt::format("row {}, column {} of the table, '', is empty: every column of a matrix begins "
                        "with its value of b",
                        header.number, column + 1));
      }
      if (!names.insert(name).second) {
        return matrix_error(
            fmt::format("row {}, column {} of the table, {}, repeats the name of an earlier column",
                        header.number, column + 1, in_quotes(name, 40)));
      }
    }
    return {};
  }

  Status check_symbols() const {
    for (const WrittenEntry& entry : entries_) {
      for (const std::string_view symbol : {entry.a, entry.b, entry.answer}) {
        const std::string problem = problem_of_symbol(symbol);
        if (problem.empty()) continue;
        return table_error(
            fmt::format("row {} of the table: the symbol {} {}", entry.row, in_quotes(symbol, 40), problem));
      }
    }
    return {};
  }

  // A pair written twice is an error even when both answers agree: it would count twice.
  Status check_pairs() {
    if (entries_.size() < 2)
      return table_error("the table has fewer than two pairs: there is nothing to split");
    std::sort(entries_.begin(), entries_.end(), [](const WrittenEntry& left, const WrittenEntry& right) {
      return std::tie(left.a, left.b, left.row) < std::tie(right.a, right.b, right.row);
    });
    const auto twice = std::adjacent_find(entries_.begin(), entries_.end(), [](const auto& x, const auto& y) {
      return x.a == y.a && x.b == y.b;
    });
    if (twice == entries_.end()) return {};
    const WrittenEntry &first = *twice, &second = *(twice + 1);
    const bool conflict = first.answer != second.answer;
    return table_error(
        fmt::format("row {}, column {} of the table, {}, answers the pair {}, {} that row {} answered {}: {}",
                    second.row, second.column, in_quotes(second.answer, 40), in_quotes(second.a, 40),
                    in_quotes(second.b, 40), first.row, in_quotes(first.answer, 40),
                    !layout_.passed_over.empty() ? "the other columns of a list are passed over"
                    : conflict                   ? "keep one of the two"
                                                 : "remove one of the two"));
  }

  Result<TruthTable> indexed() const {
    std::vector<std::string_view> tokens, classes;
    for (const WrittenEntry& entry : entries_) {
      tokens.push_back(entry.a);
      tokens.push_back(entry.b);
      classes.push_back(entry.answer);
    }
    sort_symbols(tokens);
    sort_symbols(classes);
    if (tokens.size() > kMostSymbols || classes.size() > kMostSymbols) {
      return table_error(
          fmt::format("the table has {} symbols and {} answers: at most {} of each are allowed",
                      tokens.size(), classes.size(), kMostSymbols));
    }
    if (classes.size() < 2) {
      return table_error(fmt::format("every answer of the table is {}: there is nothing to learn",
                                     in_quotes(classes[0], 40)));
    }
    TruthTable table;
    table.tokens.assign(tokens.begin(), tokens.end());
    table.classes.assign(classes.begin(), classes.end());
    for (const WrittenEntry& entry : entries_) {
      table.entries.push_back(
          {index_of(tokens, entry.a), index_of(tokens, entry.b), index_of(classes, entry.answer)});
    }
    std::sort(table.entries.begin(), table.entries.end(),
              [](const auto& x, const auto& y) { return std::tie(x.a, x.b) < std::tie(y.a, y.b); });
    return table;
  }

  static void sort_symbols(std::vector<std::string_view>& symbols) {
    std::sort(symbols.begin(), symbols.end());
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
    std::sort(symbols.begin(), symbols.end(), natural_less);
  }

  static std::int32_t index_of(const std::vector<std::string_view>& symbols, std::string_view symbol) {
    return static_cast<std::int32_t>(std::lower_bound(symbols.begin(), symbols.end(), symbol, natural_less) -
                                     symbols.begin());
  }

  Error width_error(const TableRow& row, std::size_t wanted, std::string_view why) const {
    const std::string what =
        fmt::format("row {} of the table, which begins with {}, has {} cells where {} are needed ({})",
                    row.number, in_quotes(row.cells.front(), 40), row.cells.size(), wanted, why);
    return layout_.is_list ? table_error(what) : matrix_error(what);
  }

  // What was meant for a list may have been taken for a matrix.
  Error matrix_error(const std::string& message) const {
    const std::string& corner = rows_.front().cells.front();
    if (corner.find('\\') != std::string::npos) return table_error(message);
    return table_error(fmt::format(
        "{} (its {} columns were taken for a matrix; a list needs a header with the columns a, b, answer)",
        message, rows_.front().cells.size()));
  }

  Error table_error(std::string message) const {
    return usage_error(fmt::format("{}: {}", message, source_));
  }

  const std::vector<TableRow>& rows_;
  std::string_view source_;
  TableLayout layout_;
  std::vector<WrittenEntry> entries_;
};

/// Every row that is not blank, without the columns on the right in which nothing stands.
Result<std::vector<TableRow>> rows_of_table(CsvReader& reader, std::string_view source) {
  std::vector<TableRow> rows;
  std::size_t cells = 0, width = 0;
  for (CsvRow row;;) {
    const auto more = reader.next(row);
    if (!more) return more.error();
    if (!*more) break;
    cells += row.cells.size();
    if (cells > kMostCells) {
      return usage_error(fmt::format("the table has too many cells at row {}: at most {} are allowed: {}",
                                     row.number, kMostCells, source));
    }
    TableRow own{.number = row.number, .cells = {}};
    for (const std::string_view cell : row.cells) own.cells.emplace_back(cell_text(cell));
    const auto last = std::find_if(own.cells.rbegin(), own.cells.rend(),
                                   [](const std::string& cell) { return !cell.empty(); });
    width = std::max(width, static_cast<std::size_t>(own.cells.rend() - last));
    rows.push_back(std::move(own));
  }
  for (TableRow& row : rows) row.cells.resize(std::min(row.cells.size(), width));
  return rows;
}

}  // namespace

Result<TruthTable> truth_table_from_csv(std::string_view text, std::string_view source) {
  CsvReader reader(text, source, {.bytes = kMostBytes, .columns = kMostSymbols + 1, .cell_bytes = 1u << 16});
  const auto rows = rows_of_table(reader, source);
  if (!rows) return rows.error();
  return TableReader(*rows, source).read(reader.separator_name());
}

}  // namespace grokscope
