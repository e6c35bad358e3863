// TextMap: a sweep as a map of letters, a letter a cell, for a terminal: which of the phases of learning a
// cell's runs are in, as far as they are known. One thread.
#pragma once

#include <cstddef>
#include <string>

#include "sweep/sweep.h"
#include "sweep/sweep_reader.h"

namespace grokscope {

class TextMap {
 public:
  explicit TextMap(const Sweep& sweep)
      : sweep_(sweep), reader_(sweep.plan()), letters_(sweep.plan().cells(), '.') {}
  /// Looks at what has become known since the last time.
  void update();
  /// Rows: the first axis, from its largest value at the top; columns: the last one; of three axes, one map
  /// for each value of the second, beside each other. A list: a letter a run, line after line. At most so
  /// large; "" if not even one row has room.
  std::string text(std::size_t columns, std::size_t rows) const;

 private:
  std::string lines_of_list(std::size_t columns, std::size_t rows) const;

  const Sweep& sweep_;
  SweepReader reader_;
  std::string letters_;  ///< a cell
};

/// c comprehension, G grokking, m memorisation, x confusion, ? undecided, ! diverged, - failed, . to come.
char letter_of(const SweepRow& row);
inline constexpr const char* kTextMapLegend =
    "c comprehension, G grokking, m memorisation, x confusion, ? undecided, ! diverged, - failed, . to come";

}  // namespace grokscope
