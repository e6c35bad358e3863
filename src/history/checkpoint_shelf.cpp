#include "history/checkpoint_shelf.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <system_error>

#include "base/files.h"
#include "history/run_folder.h"

namespace grokscope {

int CheckpointShelf::put(const Checkpoint& checkpoint) {
  const std::string bytes = bytes_from_tensor_file(checkpoint.contents);
  const std::string path = checkpoint_path(run_path_, checkpoint.step);
  if (const int error_number = try_write_file_atomic(path, bytes); error_number != 0) return error_number;
  const auto at = std::lower_bound(kept_.begin(), kept_.end(), checkpoint.step,
                                   [](const Kept& kept, std::int64_t step) { return kept.step < step; });
  const Kept written{checkpoint.step, static_cast<std::int64_t>(bytes.size())};
  if (at != kept_.end() && at->step == checkpoint.step) {
    *at = written;
  } else {
    kept_.insert(at, written);
  }
  thin();
  return 0;
}

void CheckpointShelf::thin() {
  std::int64_t bytes = std::accumulate(kept_.begin(), kept_.end(), std::int64_t{0},
                                       [](std::int64_t sum, const Kept& kept) { return sum + kept.bytes; });
  while (limit_bytes_ > 0 && bytes > limit_bytes_ && kept_.size() > 2) {
    std::size_t crowded = 1;
    for (std::size_t i = 2; i + 1 < kept_.size(); ++i) {
      if (kept_[i + 1].step - kept_[i - 1].step < kept_[crowded + 1].step - kept_[crowded - 1].step)
        crowded = i;
    }
    std::error_code ignored;  // then there is one more than there should be
    std::filesystem::remove(checkpoint_path(run_path_, kept_[crowded].step), ignored);
    bytes -= kept_[crowded].bytes;
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(crowded));
  }
}

}  // namespace grokscope
