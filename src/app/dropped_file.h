// What lies behind a path that somebody dropped on the window, typed or gave it: a recorded run, a picture or
// a snapshot that carries its run, settings, a sweep or its plan, a table of one's own. What is none of these
// is told what it is and what to do. Reads from the disk: never on the window's thread while a window is
// open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "app/pictures.h"
#include "history/run_folder.h"
#include "sweep/plan.h"

namespace grokscope {

struct RecordedRun {
  OpenedRun run;
  std::string path;                  ///< its folder
  std::optional<std::int64_t> step;  ///< to look at: of the checkpoint or the snapshot that was named
};

/// A plan, and the folder of a sweep with its plan.
struct DroppedSweep {
  SweepPlan plan;
  std::string folder;  ///< "": nothing was trained of it
  std::string name;
};

using DroppedFile = std::variant<RecordedRun, ReopenedPicture, RunConfig, DroppedSweep>;

/// "~" is the home folder. Errors: it cannot be read, is damaged, or is none of these; a run in which nothing
/// was recorded.
Result<DroppedFile> read_dropped(const std::string& path);

}  // namespace grokscope
