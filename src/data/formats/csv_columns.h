// Columns of a table by their names, and the errors when there is no such name. Not the text (csv_reader.h).
// Torch-free. Any thread.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/formats/csv_reader.h"

namespace grokscope {

/// The place of the first column with one of these names, whatever its case.
std::optional<std::size_t> column_named(const std::vector<std::string_view>& header,
                                        std::initializer_list<std::string_view> names);
/// Whether a column is what data frames and data bases put beside the data: nameless, or "index", "id", ...
bool names_an_index(std::string_view name);

/// The place of the column `name`, exactly as it is written, else whatever its case. An error says which
/// columns there are, or the one that was probably meant.
Result<std::size_t> chosen_column(const std::vector<std::string_view>& header, std::string_view name,
                                  std::string_view source);
/// "'mu', 'alpha'": at most thirty.
std::string list_of_names(const std::vector<std::string_view>& names);
/// "3, 'smiles'": for sentences; `place` counts from 0, the sentence from 1.
std::string column_in_words(std::size_t place, std::string_view name);

/// A cell without the blanks and line breaks that its quotes kept.
std::string_view cell_text(std::string_view cell);
/// The number in one cell. An error names row, column and content.
Result<double> number_of_cell(const CsvRow& row, std::size_t place, std::string_view name,
                              std::string_view source);

std::string ascii_lower(std::string_view text);

}  // namespace grokscope
