// One run without a window, as `grokscope run` does it and as the window does where there is no display. Main
// thread.
#pragma once

#include <string>

#include "app/commands/run_choice.h"
#include "app/commands/train_headless.h"

namespace grokscope {

struct RunRequest {
  RunChoice choice;
  HeadlessChoice headless;
  std::string events;
  bool resume = false;  ///< go on with the run whose folder is named, in it
};

/// Trains, records, prints; returns the exit code.
int run_headless(const RunRequest& request);

}  // namespace grokscope
