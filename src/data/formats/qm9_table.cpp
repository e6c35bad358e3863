// The table of properties and the list of molecules to leave out: see qm9.h.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/trimmed.h"
#include "data/formats/in_quotes.h"
#include "data/formats/numbers.h"
#include "data/formats/qm9.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostTableColumns = 200;
constexpr std::int64_t kHeadingLines = 9;

std::vector<std::string_view> split_cells(std::string_view line) {
  std::vector<std::string_view> cells;
  while (cells.size() <= kMostTableColumns) {
    const std::size_t comma = line.find(',');
    cells.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  return cells;
}

Error no_such_column(const std::vector<std::string_view>& header, std::string_view column,
                     std::string_view source) {
  std::vector<std::string> names;
  std::string list;
  for (const std::string_view name : header) {
    names.emplace_back(name);
    if (names.size() <= 30) list += (list.empty() ? "" : ", ") + in_quotes(name, 30);
  }
  const std::string nearest = nearest_name(column, names);
  return usage_error(fmt::format(
      "the table has no column {}: {}: {}", in_quotes(column),
      nearest.empty() ? "it has " + list : fmt::format("did you mean {}?", in_quotes(nearest)), source));
}

}  // namespace

Result<std::vector<double>> table_column(std::string_view text, std::string_view column,
                                         std::string_view source) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  TextLines lines(text);
  std::string_view line;
  if (!lines.next(line)) return usage_error(fmt::format("the table is empty: {}", source));
  const std::vector<std::string_view> header = split_cells(line);
  if (header.size() > kMostTableColumns) {
    return usage_error(fmt::format("the table has more than {} columns: {}", kMostTableColumns, source));
  }
  const auto found = std::find(header.begin(), header.end(), column);
  if (found == header.end()) return no_such_column(header, column, source);
  const auto index = static_cast<std::size_t>(found - header.begin());
  std::vector<double> values;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    const std::vector<std::string_view> cells = split_cells(line);
    if (cells.size() != header.size()) {
      return usage_error(fmt::format("line {} of the table has {} cells where the header has {}: {}",
                                     lines.number(), cells.size(), header.size(), source));
    }
    const auto value = finite_number(cells[index]);
    if (!value) {
      return usage_error(fmt::format("line {} of the table: {} of {} is not a finite number: {}",
                                     lines.number(), in_quotes(cells[index], 40), in_quotes(column, 40),
                                     source));
    }
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
