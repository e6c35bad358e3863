// RunRecords: the run folders that a sweep keeps (`"keep": "runs"`), one a key, in the folder of the sweep
// and in the cache: records/KEY. Each is made under another name and renamed when it is whole, so that
// whatever has that name is complete. Not what is in them (history/run_folder.h). One thread.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace grokscope {

class RunRecords {
 public:
  /// `own`: records/ of the sweep; `shared`: of the cache, "" without one.
  RunRecords(std::string own, std::string shared) : own_(std::move(own)), shared_(std::move(shared)) {}

  /// The run folder of that key, the sweep's own first; "" if there is none.
  std::string find(const std::string& key) const;
  /// Sees that the sweep has its own, if the cache has one. `mark`: as below.
  Status bring(const std::string& key, const std::string& mark) const;

  /// Where a run folder is to be made. `mark`: what nobody else who writes here has in his names (that of an
  /// outcome shard that this process holds).
  std::string draft(const std::string& key, const std::string& mark) const;
  /// The draft is whole: from now on it is found, also by other sweeps.
  Status keep(const std::string& key, const std::string& mark, const std::string& shared_mark) const;
  void discard(const std::string& key, const std::string& mark) const;
  /// What a process that held this mark before and was killed left behind.
  void discard_all(const std::string& mark, const std::string& shared_mark) const;

 private:
  std::string own_, shared_;
};

}  // namespace grokscope
