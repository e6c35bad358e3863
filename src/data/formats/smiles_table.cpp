// SMILES table: see smiles_table.h.
#include "data/formats/smiles_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/trimmed.h"
#include "data/formats/in_quotes.h"
#include "data/formats/numbers.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostSmilesCells = 100;

std::vector<std::string_view> smiles_cells(std::string_view line) {
  std::vector<std::string_view> cells;
  while (cells.size() <= kMostSmilesCells) {
    const std::size_t comma = line.find(',');
    cells.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  return cells;
}

bool says_smiles(std::string_view cell) {
  constexpr std::string_view kWord = "smiles";
  return std::equal(cell.begin(), cell.end(), kWord.begin(), kWord.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

Result<std::size_t> column_of_header(const std::vector<std::string_view>& header, std::string_view column,
                                     std::string_view source) {
  if (header.size() < 2) return usage_error(fmt::format("the table has no column of values: {}", source));
  if (column.empty()) return std::size_t{1};
  const auto found = std::find(header.begin() + 1, header.end(), column);
  if (found != header.end()) return static_cast<std::size_t>(found - header.begin());
  std::string list;
  for (std::size_t i = 1; i < std::min<std::size_t>(header.size(), 30); ++i) {
    list += (i == 1 ? "" : ", ") + in_quotes(header[i], 30);
  }
  return usage_error(
      fmt::format("the table has no column {}: it has {}: {}", in_quotes(column), list, source));
}

}  // namespace

Result<SmilesTable> smiles_table_from_text(std::string_view text, std::string_view column,
                                           std::string_view source) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  SmilesTable table;
  TextLines lines(text);
  std::size_t wanted = 1, cells_a_row = 0;
  for (std::string_view line; lines.next(line);) {
    if (trimmed(line).empty() || trimmed(line).starts_with('#')) continue;
    const std::vector<std::string_view> cells = smiles_cells(line);
    if (cells_a_row == 0) {
      cells_a_row = cells.size();
      if (says_smiles(cells[0])) {
        const auto found = column_of_header(cells, column, source);
        if (!found) return found.error();
        wanted = *found;
        table.value_name = std::string(cells[wanted]);
        continue;
      }
    }
    if (cells.size() != cells_a_row || cells.size() < 2) {
      return usage_error(fmt::format("line {} of the table is not SMILES,value: {}: {}", lines.number(),
                                     in_quotes(line, 60), source));
    }
    const auto value = finite_number(cells[wanted]);
    if (!value) {
      return usage_error(fmt::format("line {} of the table: {} is not a finite number: {}", lines.number(),
                                     in_quotes(cells[wanted], 40), source));
    }
    table.rows.push_back({lines.number(), std::string(cells[0]), *value});
  }
  if (table.rows.empty()) return usage_error(fmt::format("the table has no molecules: {}", source));
  if (!column.empty() && table.value_name.empty()) {
    return usage_error(
        fmt::format("the table has no header, so it has no column {}; leave task.target empty: {}",
                    in_quotes(column), source));
  }
  return table;
}

}  // namespace grokscope
