// What lies where in the folder of a sweep, and in the cache that sweeps share. Any thread.
#pragma once

#include <string>

#include "base/descriptor.h"
#include "base/files.h"
#include "base/result.h"
#include "sweep/run_records.h"

namespace grokscope {

struct SweepFolder {
  std::string path;  ///< absolute
  bool with_cache = true;

  std::string plan() const { return path + "/plan.json"; }
  std::string shards() const { return path + "/shards"; }
  std::string results(const std::string& ending) const { return path + "/results." + ending; }
  /// "" without a cache.
  std::string cache() const { return with_cache ? cache_folder() + "/outcomes" : std::string(); }
  std::string claims() const { return cache() + "/claims"; }
  /// `numbers_alone`: as in SweepPlan.
  RunRecords records(bool numbers_alone = false) const {
    return {path + "/records", with_cache ? cache() + "/records" : std::string(), numbers_alone};
  }
};

/// One sweep a folder: an error while another one trains or merges there. Workers do not ask.
Result<Descriptor> lock_sweep_folder(const SweepFolder& folder);

}  // namespace grokscope
