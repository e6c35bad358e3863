// Truth table: a binary operation as a user wrote it down, a list of a, b, answer or a matrix with a header
// row and a header column. Not how its text is parted (csv_reader.h). Untrusted input; torch-free. Any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace grokscope {

struct TruthTable {
  struct Entry {
    std::int32_t a = 0, b = 0;  // index into tokens
    std::int32_t answer = 0;    // index into classes
  };
  std::vector<std::string>
      tokens;  ///< every symbol of a and b: numbers by value, then texts in natural order
  std::vector<std::string> classes;  ///< every symbol of the answers, in the same order
  std::vector<Entry> entries;        ///< by a, then b; no pair twice
  /// How it was read, in words: "a list: a is column 1, 'a'; b is column 2, 'b'; ..."
  std::string reading;
};

/// Reads a list or a matrix. A list is a table whose header names the columns a, b and answer (or left,
/// right, result, ...; other columns are passed over), or one of three columns with text in its top left
/// cell, or such a one behind the nameless column of counted rows that data frames write. Everything else is
/// a matrix: there an empty cell means that there is no such pair. `source` stands last in errors.
Result<TruthTable> truth_table_from_csv(std::string_view text, std::string_view source);

/// "2" before "10", "r2" before "r10", numbers before texts: a strict order over all texts.
bool natural_less(std::string_view left, std::string_view right);

}  // namespace grokscope
