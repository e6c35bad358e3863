// OutcomeShard: a file of outcomes that one process appends to, "<folder>/<host>-<number>.jsonl": so many
// files as processes write at once, since one that nobody holds is taken up again. Not reading
// (outcome_store.h). One thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "base/files.h"
#include "base/result.h"

namespace grokscope {

class OutcomeShard {
 public:
  /// Makes the folder; the torn last line of a process that was killed is cut off.
  static Result<OutcomeShard> take_one_in(const std::string& folder);
  /// One write, then it is on the disk.
  Status append(std::string_view line);
  /// Several: on the disk with the next append() or sync().
  Status append_unsynced(std::string_view line) { return lines_.append(line); }
  Status sync();
  const std::string& path() const { return path_; }
  /// "<host>-<number>": as long as this lives, no other process has it in this folder.
  std::string mark() const;

 private:
  OutcomeShard(Descriptor lock, LineFile lines, std::string path)
      : lock_(std::move(lock)), lines_(std::move(lines)), path_(std::move(path)) {}

  Descriptor lock_;  ///< flock(2) on the file itself; given back with the last copy of the descriptor
  LineFile lines_;
  std::string path_;
};

}  // namespace grokscope
