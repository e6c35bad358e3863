// RunRecords: the run folders that a sweep keeps, one a key, in its own folder and in the cache: records/KEY,
// or records/KEY.numbers where frames and checkpoints are left out. Each is made under another name and
// renamed when it is whole, so that whatever has its name is complete. Not what is in them
// (history/run_folder.h). One thread.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace grokscope {

class RunRecords {
 public:
  /// `own`: records/ of the sweep; `shared`: of the cache, "" without one. `numbers_alone`: frames and
  /// checkpoints are not wanted; a whole run folder will do as well.
  RunRecords(std::string own, std::string shared, bool numbers_alone = false)
      : own_(std::move(own)), shared_(std::move(shared)), numbers_alone_(numbers_alone) {}

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
  std::string name_of(const std::string& key) const;
  std::string find_in(const std::string& folder, const std::string& key) const;

  std::string own_, shared_;
  bool numbers_alone_;
};

}  // namespace grokscope
