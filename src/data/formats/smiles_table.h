// SMILES table: molecules and one number for each, from a CSV file: "SMILES,value" rows without a header, as
// RDKit's NCI files have them, or columns found by their names. Not the SMILES itself (smiles.h). Untrusted
// input; torch-free. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace grokscope {

struct SmilesRow {
  std::size_t row = 0;  ///< of the table, from 1
  std::string smiles;
  double value = 0.0;
};

struct SmilesTable {
  std::string value_name;  ///< of the header, "" without one
  std::vector<SmilesRow> rows;
  std::string reading;  ///< how it was read, in words
};

/// A header is a first row in which a column is named SMILES; `column` chooses among the others, "" takes the
/// only one that holds numbers. Without a header the SMILES come first and the value second. Rows that begin
/// with # are comments. Errors name the row and what stands there, or the columns that there are to choose.
Result<SmilesTable> smiles_table_from_text(std::string_view text, std::string_view column,
                                           std::string_view source);

}  // namespace grokscope
