// SweepReader: keeps a table of a sweep up to date with what workers append, and reads the curves of a cell.
// Reads from the disk; trains and writes nothing. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "sweep/sweep.h"
#include "sweep/sweep_table.h"

namespace grokscope {

/// What was recorded of the runs of one cell.
struct CellCurves {
  std::size_t cell = 0;
  std::string series;  ///< which
  struct Curve {
    std::int64_t seed = 0;
    std::vector<std::int64_t> steps;
    std::vector<double> values;
  };
  std::vector<Curve> curves;  ///< of the runs that are known and recorded it
  std::size_t known = 0;      ///< runs
};

class SweepReader {
 public:
  explicit SweepReader(const SweepPlan& plan);

  const SweepTable& table() const { return table_; }
  std::size_t known() const { return table_.rows.size() - unknown_.size(); }
  /// Looks for what is not known yet in what the sweep has read. The cells that have become known, in order.
  std::vector<std::size_t> read(const Sweep& sweep);
  /// Runs that failed may be trained again: they are looked for from now on.
  void expect_failed();
  CellCurves curves_of(const Sweep& sweep, std::size_t cell) const;

 private:
  SweepTable table_;
  std::vector<std::size_t> unknown_;  // runs
};

}  // namespace grokscope
