// What makes a training compute the numbers of a recorded one: its threads, its engine, its device. Any
// thread.
#pragma once

#include "contract/ports.h"
#include "history/run_folder.h"

namespace grokscope {

/// A device that was asked for by name stays.
inline void train_as_recorded(const Provenance& made_by, TrainerOptions& options) {
  options.threads = made_by.threads;
  options.preferred_engine = made_by.engine;  // "auto" may choose another one today
  if (options.device == Device::automatic && !made_by.device.empty())
    options.device = made_by.device == "CPU" ? Device::cpu : Device::cuda;  // others sum in another order
}

}  // namespace grokscope
