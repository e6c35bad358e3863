// CheckpointShelf: checkpoints/ of a run that is being written, held to a number of bytes. Writer thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/checkpoint.h"

namespace grokscope {

class CheckpointShelf {
 public:
  /// `limit_bytes` of all files together; 0: no limit.
  CheckpointShelf(std::string run_path, std::int64_t limit_bytes)
      : run_path_(std::move(run_path)), limit_bytes_(limit_bytes) {}
  /// Whole or not at all: 0, or an errno. Then, while all together are too large, removes one whose
  /// neighbours are the closest in step, of several the oldest: old ones get sparse. The first and the last
  /// stay.
  int put(const Checkpoint& checkpoint);

 private:
  struct Kept {
    std::int64_t step = 0, bytes = 0;
  };
  void thin();

  const std::string run_path_;
  const std::int64_t limit_bytes_;
  std::vector<Kept> kept_;  // ascending
};

}  // namespace grokscope
