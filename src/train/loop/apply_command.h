// The one place where what a user asks for changes a running training, between two steps. Live commands and
// scripted interventions come through the same functions. Trainer thread only.
#pragma once

#include <string>
#include <vector>

#include "contract/command.h"
#include "train/loop/pace.h"
#include "train/loop/training.h"

namespace grokscope {

/// What commands change beside the training itself. None of it touches the numbers of a run.
struct Controls {
  bool paused = false;
  std::int64_t single_steps = 0;          ///< updates still to do although paused
  std::vector<std::string> wanted_looks;  ///< probes that were asked for now
  bool cancels_looks = false;             ///< what looks is to be given up
  Pace pace;
};

/// Applies one command and says what it did (or, as a note, why it did nothing).
Event apply_command(const Command& command, Training& training, Controls& controls,
                    Pace::Clock::time_point now);

}  // namespace grokscope
