// Columns of a table by their names: see csv_columns.h.
#include "data/formats/csv_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/outside_text.h"
#include "base/text.h"
#include "data/formats/numbers.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostNamesListed = 30;

}  // namespace

std::string_view cell_text(std::string_view cell) {
  constexpr std::string_view kWhite = " \t\r\n";
  const std::size_t first = cell.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return cell.substr(first, cell.find_last_not_of(kWhite) - first + 1);
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<std::size_t> column_named(const std::vector<std::string_view>& header,
                                        std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = std::find_if(header.begin(), header.end(), [&](std::string_view cell) {
      return ascii_lower(cell_text(cell)) == name;
    });
    if (found != header.end()) return static_cast<std::size_t>(found - header.begin());
  }
  return std::nullopt;
}

bool names_an_index(std::string_view name) {
  const std::string lower = ascii_lower(cell_text(name));
  for (const char* known : {"", "index", "id", "row", "row_id", "row id", "#", "no", "nr"}) {
    if (lower == known) return true;
  }
  return lower.starts_with("unnamed:");
}

std::string list_of_names(const std::vector<std::string_view>& names) {
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamesListed); ++i) {
    list += (i == 0 ? "" : ", ") + in_quotes(names[i], 30);
  }
  return names.size() > kMostNamesListed ? list + ", …" : list;
}

Result<std::size_t> chosen_column(const std::vector<std::string_view>& header, std::string_view name,
                                  std::string_view source) {
  const auto exact = std::find_if(header.begin(), header.end(),
                                  [&](std::string_view cell) { return cell_text(cell) == name; });
  if (exact != header.end()) return static_cast<std::size_t>(exact - header.begin());
  if (const auto similar = column_named(header, {ascii_lower(name)})) return *similar;
  const std::vector<std::string> names(header.begin(), header.end());
  const std::string nearest = nearest_name(name, names);
  return usage_error(fmt::format("the table has no column {}: {}: {}", in_quotes(name),
                                 nearest.empty() ? "it has " + list_of_names(header)
                                                 : fmt::format("did you mean {}?", in_quotes(nearest)),
                                 source));
}

std::string column_in_words(std::size_t place, std::string_view name) {
  return name.empty() ? std::to_string(place + 1) : fmt::format("{}, {}", place + 1, in_quotes(name, 40));
}

Result<double> number_of_cell(const CsvRow& row, std::size_t place, std::string_view name,
                              std::string_view source) {
  const std::string_view cell = cell_text(row.cells[place]);
  if (const auto value = finite_number(cell)) return *value;
  return usage_error(fmt::format("row {}, column {} of the table: {} is not a finite number: {}", row.number,
                                 column_in_words(place, name), in_quotes(cell, 40), source));
}

}  // namespace grokscope
