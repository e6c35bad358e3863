// The one symbol of libgrokscope_training.so: the training side as a table of functions
// (contract/training_library.h).
#include "contract/training_library.h"
#include "data/labelled_images.h"
#include "train/loop/bench_training.h"
#include "train/loop/trainer.h"
#include "train/loop/training.h"
#include "train/step/device.h"

extern "C" __attribute__((visibility("default"))) const grokscope::TrainingLibrary* grokscope_training() {
  static const grokscope::TrainingLibrary library{
      grokscope::library_stamp(), grokscope::check_device,   grokscope::check_task,
      grokscope::run_training,    grokscope::bench_training, grokscope::read_labelled_images};
  return &library;
}
