// What makes a training compute the numbers of a recorded one: its threads, its engine, its device. Any
// thread.
#pragma once

#include "contract/ports.h"
#include "history/run_folder.h"

namespace grokscope {

inline TrainerOptions as_recorded(const Provenance& made_by) {
  TrainerOptions options;
  options.threads = made_by.threads;
  options.preferred_engine = made_by.engine;  // "auto" may choose another one today
  options.device = made_by.device == "CPU" ? Device::cpu : Device::cuda;
  return options;
}

}  // namespace grokscope
