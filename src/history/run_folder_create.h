// Making the folder of a new run, all or nothing. Used by RunFolderWriter only. Any thread.
#pragma once

#include <string>

#include "base/files.h"
#include "base/result.h"

namespace grokscope {

struct FreshRunFolder {
  LineFile metrics;
  LineFile events;
};

/// Makes `path` with config.json, facts.json (unless its text is empty), empty metrics.jsonl and
/// events.jsonl, frames/, checkpoints/. On failure everything that it made, parents included, is removed
/// again.
Result<FreshRunFolder> make_run_folder(const std::string& path, const std::string& config_text,
                                       const std::string& facts_text);

}  // namespace grokscope
