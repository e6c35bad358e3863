// The one symbol of libgrokscope_engine.so: the training side as a table of functions (engine/engine.h).
#include "engine/engine.h"
#include "train/bench_training.h"
#include "train/trainer.h"

extern "C" __attribute__((visibility("default"))) const grokscope::Engine* grokscope_engine() {
  static const grokscope::Engine engine{grokscope::engine_stamp(), grokscope::check_device,
                                        grokscope::run_training, grokscope::bench_training};
  return &engine;
}
