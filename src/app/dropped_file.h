// What lies behind a path that somebody dropped on the window or gave it: a recorded run, a picture that
// carries its run, or settings. Reads from the disk: never on the window's thread while a window is open.
#pragma once

#include <string>
#include <variant>

#include "app/pictures.h"
#include "history/run_folder.h"

namespace grokscope {

using DroppedFile = std::variant<OpenedRun, ReopenedPicture, RunConfig>;

/// Errors: it cannot be read, is damaged, or is none of these; a run in which nothing was recorded.
Result<DroppedFile> read_dropped(const std::string& path);

}  // namespace grokscope
