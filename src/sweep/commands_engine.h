// The lines with which others train a plan: GNU parallel, HyperQueue, PBS, SGE, one line a part. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sweep/sweep.h"

namespace grokscope {

/// For a POSIX shell, with absolute paths. `parts`: how many; 0: a run a part, but no more than
/// kUsualParts. Nothing if every run is known.
std::vector<std::string> worker_commands(const Sweep& sweep, const std::string& program, std::size_t parts);
inline constexpr std::size_t kUsualParts = 64;

/// 'it'\''s' for "it's"; what needs no quotes stays.
std::string shell_quoted(const std::string& word);

}  // namespace grokscope
