// ResultsDatabase: results.sqlite, made anew beside the old one and renamed: a reader sees one or the other,
// and no two processes ever write the same. Tables: `runs`, with the columns of results.csv; `series` (key,
// name, step, value), a view; `plan` (text). One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sweep/outcome.h"
#include "sweep/plan.h"

namespace grokscope {

class ResultsDatabase {
 public:
  static Result<ResultsDatabase> beside(const std::string& target, const SweepPlan& plan);
  ResultsDatabase(ResultsDatabase&& other) noexcept;
  ~ResultsDatabase();
  /// What goes wrong is told by commit(). `cells` as result_cells() has them: "" is NULL.
  void add(const std::vector<std::string>& cells, const Outcome& outcome);
  Status commit();

 private:
  struct Impl;
  explicit ResultsDatabase(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope
