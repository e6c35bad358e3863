// Going on with a run that ended: its folder becomes what it was when the last checkpoint was taken, so that
// what is trained from there makes the record of a run that never stopped. Not: the training. Waits for the
// disk: on a thread that may; nobody else writes the run meanwhile.
#pragma once

#include <cstdint>
#include <string>

#include "history/run_until.h"

namespace grokscope {

/// `last_step`: where it is to end now; 0: where its settings say, or, if it has come that far already, as
/// much further again. Errors: no run, no complete checkpoint, it is beyond `last_step`, a disk that does not
/// let it be written; then nothing of the record is lost.
Result<ContinuedRun> continue_run(const std::string& path, std::int64_t last_step = 0);

}  // namespace grokscope
