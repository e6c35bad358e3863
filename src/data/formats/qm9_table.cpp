// The table of properties and the list of molecules to leave out: see qm9.h.
#include <fmt/format.h>

#include <algorithm>

#include "base/outside_text.h"
#include "data/formats/csv_columns.h"
#include "data/formats/csv_reader.h"
#include "data/formats/numbers.h"
#include "data/formats/qm9.h"

namespace grokscope {
namespace {

constexpr std::int64_t kHeadingLines = 9;

}  // namespace

Result<std::vector<double>> table_column(std::string_view text, std::string_view column,
                                         std::string_view source) {
  CsvReader reader(text, source);
  CsvRow row;
  auto more = reader.next(row);
  if (!more) return more.error();
  if (!*more) return usage_error(fmt::format("the table is empty: {}", source));
  const auto place = chosen_column(row.cells, column, source);
  if (!place) return place.error();
  const std::size_t columns = row.cells.size();
  std::vector<double> values;
  for (;;) {
    more = reader.next(row);
    if (!more) return more.error();
    if (!*more) break;
    if (row.cells.size() != columns) {
      return usage_error(fmt::format("row {} of the table has {} cells where the header has {}: {}",
                                     row.number, row.cells.size(), columns, source));
    }
    const auto value = number_of_cell(row, *place, column, source);
    if (!value) return value.error();
    values.push_back(*value);
  }
  if (values.empty()) return usage_error(fmt::format("the table has a header and no rows: {}", source));
  return values;
}

Result<std::vector<std::int64_t>> uncharacterised_from_text(std::string_view text, std::string_view source) {
  TextLines lines(text);
  std::string_view line;
  std::vector<std::int64_t> numbers;
  while (lines.next(line)) {
    if (lines.number() <= kHeadingLines) continue;
    const std::string_view word = next_word(line);
    if (word.empty() || word.front() < '0' || word.front() > '9') continue;  // the closing rule and notes
    const auto number = whole_number(word);
    if (!number || *number < 1) {
      return usage_error(fmt::format("line {} of the list of molecules: {} is not the number of one: {}",
                                     lines.number(), in_quotes(word, 30), source));
    }
    numbers.push_back(*number);
  }
  if (numbers.empty()) {
    return usage_error(
        fmt::format("the list of molecules names none after its nine lines of heading: {}", source));
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace grokscope
