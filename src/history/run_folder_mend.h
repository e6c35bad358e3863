// Mending a run folder that is about to be written again. Whoever only looks leaves it as it is. Any thread;
// nobody else writes the run meanwhile.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace grokscope {

/// Cuts off torn last lines, sets damaged frames and checkpoints aside (NAME.damaged), removes the temporary
/// files of programs that were killed; one sentence for each. Only ordinary files inside the folder with
/// names that this program gives are touched. Errors: as open_run(), or the disk does not let it be mended.
Result<std::vector<std::string>> mend_run(const std::string& path);

/// The temporary files that write_file_atomic() left behind in `folder` when its program was killed, of
/// targets that a run has. Not those of a program that still runs. How many were removed.
std::size_t sweep_temporary_files(const std::string& folder);

}  // namespace grokscope
