// Training without a window until a run has ended and is on disk, and what is printed then: what `run` and
// `fork` have in common. Main thread.
#pragma once

#include <string>

#include "session/session.h"

namespace grokscope {

struct HeadlessOutput {
  std::string until;  ///< the condition as typed: a run that ends without it has failed
  bool json = false;
  bool quiet = false;
  bool pictures = false;  ///< leave dashboard.png and snapshot.json in the run folder too
};

/// Returns the exit code.
int train_headless(Session& session, const HeadlessOutput& output);

}  // namespace grokscope
