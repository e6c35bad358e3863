// One run without a window, as `grokscope run` does it and as the window does where there is no display. Main
// thread.
#pragma once

#include <string>

#include "app/commands/run_choice.h"

namespace grokscope {

struct RunRequest {
  RunChoice choice;
  std::string until, out, events;
  bool json = false;
  bool quiet = false;
  bool no_probes = false;  ///< metrics only
  bool resume = false;     ///< go on with the run whose folder is named, in it
  bool pictures = false;   ///< leave dashboard.png and snapshot.json in the run folder too
};

/// Trains, records, prints; returns the exit code.
int run_headless(const RunRequest& request);

}  // namespace grokscope
