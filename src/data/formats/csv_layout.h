// Layout of a truth table: list or matrix, and which column is what, decided by the header alone and the kind
// of cells below it. Not the answers (csv_table.h). Torch-free. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace grokscope {

/// A row with cells of its own.
struct TableRow {
  std::size_t number = 0;
  std::vector<std::string> cells;
};

struct TableLayout {
  bool is_list = false;
  bool has_header = true;
  std::size_t a = 0, b = 1, answer = 2;  ///< places of a list's columns
  std::vector<std::size_t> passed_over;  ///< other columns of a list
};

/// `rows` has at least one row, the first of at least two cells.
TableLayout layout_of_table(const std::vector<TableRow>& rows);

/// "a list: a is column 1, 'a'; ..." or "a matrix: 5 rows of a, 5 columns of b".
std::string layout_in_words(const TableLayout& layout, const std::vector<TableRow>& rows);

}  // namespace grokscope
