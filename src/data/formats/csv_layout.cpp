// Layout of a truth table: see csv_layout.h.
#include "data/formats/csv_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/outside_text.h"
#include "data/formats/csv_columns.h"

namespace grokscope {
namespace {

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::vector<std::string_view> names_of(const TableRow& header) {
  return {header.cells.begin(), header.cells.end()};
}

std::optional<std::size_t> answer_column(const std::vector<std::string_view>& names) {
  return column_named(names, {"answer", "result", "target", "output", "label"});
}

/// Words above columns of whole numbers, from column `first` on.
bool has_words_above_numbers(const std::vector<TableRow>& rows, std::size_t first) {
  const auto& header = rows.front().cells;
  const auto from = [first](const TableRow& row) {
    return row.cells.begin() + static_cast<std::ptrdiff_t>(std::min(first, row.cells.size()));
  };
  if (rows.size() < 2 || std::any_of(from(rows.front()), header.end(), is_whole_number)) return false;
  return std::all_of(rows.begin() + 1, rows.end(), [&](const TableRow& row) {
    return std::all_of(from(row), row.cells.end(), is_whole_number);
  });
}

/// Whether the first column counts the rows below the header, from 0 or from 1.
bool counts_its_rows(const std::vector<TableRow>& rows) {
  if (rows.size() < 2) return false;
  const std::string& first = rows[1].cells[0];
  if (first != "0" && first != "1") return false;
  const std::size_t offset = first == "0" ? 0 : 1;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].cells[0] != std::to_string(i - 1 + offset)) return false;
  }
  return true;
}

TableLayout list_of(std::size_t columns, std::size_t a, std::size_t b, std::size_t answer) {
  TableLayout layout{.is_list = true, .a = a, .b = b, .answer = answer, .passed_over = {}};
  for (std::size_t i = 0; i < columns; ++i) {
    if (i != a && i != b && i != answer) layout.passed_over.push_back(i);
  }
  return layout;
}

}  // namespace

TableLayout layout_of_table(const std::vector<TableRow>& rows) {
  const std::vector<std::string_view> names = names_of(rows.front());
  const auto a = column_named(names, {"a", "left", "x"}), b = column_named(names, {"b", "right", "y"}),
             answer = answer_column(names);
  if (a && b && answer) return list_of(names.size(), *a, *b, *answer);
  const bool corner_of_matrix = names[0].find('\\') != std::string_view::npos;
  if (names.size() == 3 && !names[0].empty() && !corner_of_matrix) {
    TableLayout layout = list_of(3, 0, 1, 2);
    layout.has_header = answer == std::size_t{2} || has_words_above_numbers(rows, 0);
    return layout;
  }
  const bool behind_an_index = names.size() == 4 && names_an_index(names[0]) && counts_its_rows(rows) &&
                               has_words_above_numbers(rows, 1);
  if (behind_an_index) return list_of(4, 1, 2, 3);
  return {};
}

std::string layout_in_words(const TableLayout& layout, const std::vector<TableRow>& rows) {
  const std::vector<std::string> names =
      layout.has_header ? rows.front().cells : std::vector<std::string>(rows.front().cells.size());
  if (!layout.is_list) {
    return fmt::format("a matrix: {} rows of a, {} columns of b", rows.size() - 1, names.size() - 1);
  }
  std::string words =
      fmt::format("a list: a is column {}; b is column {}; the answer is column {}",
                  column_in_words(layout.a, names[layout.a]), column_in_words(layout.b, names[layout.b]),
                  column_in_words(layout.answer, names[layout.answer]));
  for (const std::size_t column : layout.passed_over) {
    words += fmt::format("; column {} is passed over", column_in_words(column, names[column]));
  }
  return words;
}

}  // namespace grokscope
