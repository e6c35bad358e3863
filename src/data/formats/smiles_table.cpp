// SMILES table: see smiles_table.h.
#include "data/formats/smiles_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/outside_text.h"
#include "data/formats/csv_columns.h"
#include "data/formats/csv_reader.h"
#include "data/formats/numbers.h"

namespace grokscope {
namespace {

struct SmilesColumns {
  std::size_t smiles = 0, value = 1, count = 2;
  std::string smiles_name, value_name;  // "" without a header
};

std::optional<std::size_t> smiles_column(const std::vector<std::string_view>& header) {
  if (const auto named = column_named(header, {"smiles", "canonical_smiles", "isomeric_smiles"}))
    return named;
  const auto says_smiles = [](std::string_view name) {
    return ascii_lower(name).find("smiles") != std::string::npos;
  };
  const auto found = std::find_if(header.begin(), header.end(), says_smiles);
  if (found == header.end() || std::count_if(header.begin(), header.end(), says_smiles) > 1)
    return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

class SmilesTableReader {
 public:
  SmilesTableReader(std::string_view text, std::string_view column, std::string_view source)
      : reader_(text, source, {.comments = true}), column_(column), source_(source) {}

  Result<SmilesTable> read() {
    CsvRow row;
    auto more = reader_.next(row);
    if (!more) return more.error();
    if (!*more) return wrong("the table has no molecules");
    if (Status status = read_first_row(row); !status) return status.error();
    for (;;) {
      more = reader_.next(row);
      if (!more) return more.error();
      if (!*more) break;
      if (Status status = read_molecule(row); !status) return status.error();
    }
    if (table_.rows.empty()) return wrong("the table has a header and no molecules");
    table_.value_name = columns_.value_name;
    table_.reading =
        fmt::format("{} molecules: SMILES in column {}; values in column {}; cells parted by {}",
                    table_.rows.size(), column_in_words(columns_.smiles, columns_.smiles_name),
                    column_in_words(columns_.value, columns_.value_name), reader_.separator_name());
    return std::move(table_);
  }

 private:
  Status read_first_row(const CsvRow& row) {
    if (const auto smiles = smiles_column(row.cells)) return read_header(row, *smiles);
    columns_.count = row.cells.size();
    if (columns_.count < 2) {
      return wrong(fmt::format("row {} of the table is not SMILES,value: {}", row.number,
                               in_quotes(row.cells[0], 60)));
    }
    if (!finite_number(cell_text(row.cells[1]))) {
      return wrong(
          fmt::format("row {} of the table is neither a header, in which a column must be named SMILES, nor "
                      "SMILES,value with a finite number: it has {}",
                      row.number, list_of_names(row.cells)));
    }
    if (!column_.empty()) {
      return wrong(fmt::format("the table has no header, so it has no column {}; leave task.target empty",
                               in_quotes(column_)));
    }
    return read_molecule(row);
  }

  Status read_header(const CsvRow& header, std::size_t smiles) {
    columns_.count = header.cells.size();
    columns_.smiles = smiles;
    columns_.smiles_name = std::string(cell_text(header.cells[smiles]));
    if (columns_.count < 2) return wrong("the table has no column of values beside its SMILES");
    if (!column_.empty()) {
      const auto chosen = chosen_column(header.cells, column_, source_);
      if (!chosen) return chosen.error();
      if (*chosen == smiles)
        return wrong(fmt::format("task.target is {}, the column of SMILES", in_quotes(column_)));
      columns_.value = *chosen;
      columns_.value_name = std::string(cell_text(header.cells[*chosen]));
      return {};
    }
    const std::vector<std::string> names(header.cells.begin(), header.cells.end());
    CsvRow first;
    const auto more = reader_.next(first);
    if (!more) return more.error();
    if (!*more) return {};
    if (Status status = find_value_column(names, first); !status) return status;
    return read_molecule(first);
  }

  // The first molecule shows which columns hold numbers.
  Status find_value_column(const std::vector<std::string>& names, const CsvRow& first) {
    std::vector<std::string_view> numbers, others;
    for (std::size_t i = 0; i < std::min(names.size(), first.cells.size()); ++i) {
      if (i == columns_.smiles) continue;
      others.push_back(names[i]);
      if (names_an_index(names[i]) || !finite_number(cell_text(first.cells[i]))) continue;
      numbers.push_back(names[i]);
      columns_.value = i;
      columns_.value_name = std::string(cell_text(names[i]));
    }
    if (numbers.size() == 1) return {};
    if (numbers.empty() && others.size() == 1) {  // nothing to choose: the row itself is what is wrong
      columns_.value = columns_.smiles == 0 ? 1 : 0;
      columns_.value_name = std::string(cell_text(others[0]));
      return {};
    }
    if (numbers.empty()) {
      return wrong(
          fmt::format("no column of the table holds a number in row {}: set task.target to one of {}",
                      first.number, list_of_names(others)));
    }
    return wrong(fmt::format("the table has {} columns of numbers: set task.target to one of {}",
                             numbers.size(), list_of_names(numbers)));
  }

  Status read_molecule(const CsvRow& row) {
    if (row.cells.size() != columns_.count) {
      return wrong(fmt::format("row {} of the table has {} cells where the first row has {}: {}", row.number,
                               row.cells.size(), columns_.count, in_quotes(row.cells[0], 60)));
    }
    const auto value = number_of_cell(row, columns_.value, columns_.value_name, source_);
    if (!value) return value.error();
    table_.rows.push_back({row.number, std::string(cell_text(row.cells[columns_.smiles])), *value});
    return {};
  }

  Error wrong(std::string_view why) const { return usage_error(fmt::format("{}: {}", why, source_)); }

  CsvReader reader_;
  std::string_view column_, source_;
  SmilesColumns columns_;
  SmilesTable table_;
};

}  // namespace

Result<SmilesTable> smiles_table_from_text(std::string_view text, std::string_view column,
                                           std::string_view source) {
  return SmilesTableReader(text, column, source).read();
}

}  // namespace grokscope
