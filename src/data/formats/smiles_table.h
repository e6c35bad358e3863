// SMILES table: lines of "SMILES,value" with # comments, as RDKit's NCI files have them; or with a header
// that names several columns of values. Not the SMILES itself (smiles.h). Untrusted input; torch-free. Any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace grokscope {

struct SmilesRow {
  std::size_t line = 0;  ///< from 1
  std::string smiles;
  double value = 0.0;
};

struct SmilesTable {
  std::string value_name;  ///< of the header, "" without one
  std::vector<SmilesRow> rows;
};

/// `column` chooses among the columns of values; "" takes the first. A header is a first line whose first
/// cell is "SMILES" in any case. Errors name the line and what stands there.
Result<SmilesTable> smiles_table_from_text(std::string_view text, std::string_view column,
                                           std::string_view source);

}  // namespace grokscope
