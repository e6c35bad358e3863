// A fork: a second run that is its parent up to a step and goes another way from there. Its folder is a whole
// run of its own (config, seed, events, and the record so far), which can be replayed, resumed and forked
// when the parent is long gone. Not: the training. Waits for the disk: on a thread that may.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/event.h"
#include "history/run_until.h"

namespace grokscope {

struct ForkRequest {
  std::string parent;                     ///< its run folder
  std::int64_t at = 0;                    ///< the step from which on it is a run of its own
  std::vector<std::string> changes;       ///< made there, in order: key=value, of settings that are live
  std::optional<std::int64_t> last_step;  ///< where it ends; nothing: as end_of_run()
  std::string path;                       ///< its folder; "": a new name in the data folder
};

struct Fork {
  /// Nothing: the parent kept no weights of that step or before; its first steps are trained again, from
  /// `config`, in a folder that whoever trains makes.
  std::optional<ContinuedRun> continued;
  RunConfig config;                  ///< as the parent's at its start; ends at the new last step
  Provenance made_by;                ///< what the parent was trained with, and of what this is a fork
  std::vector<Event> interventions;  ///< those to come: the parent's before the step, then the changes
  std::string path;                  ///< its folder; "": a new name, which is not made yet
  std::vector<std::string> repairs;  ///< what of the parent could not be read, one sentence each
};

/// What the parent changed at the step or behind it is not carried over: with nothing changed, a fork at the
/// step of an intervention is the run without it. Goes on from the parent's last checkpoint that leads there;
/// then the folder is made, with the record up to that checkpoint. The parent is only read. Errors: it is no
/// run or damaged, the step is not in its record, a setting is unknown or cannot change while a run trains,
/// the end lies before the step, the folder is taken or cannot be written; then none is left behind but one
/// that the disk did not take whole.
Result<Fork> fork_run(const ForkRequest& request);

}  // namespace grokscope
