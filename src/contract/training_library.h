// TrainingLibrary: the training side of the program behind one table of functions. It lives in a shared
// object of its own (libgrokscope_training.so: data, model, probe, train and with them LibTorch), because
// loading LibTorch takes a second that neither a window nor `grokscope presets` should wait for. Torch-free.
// Any thread.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "config/run_config.h"
#include "contract/ports.h"
#include "contract/step_bench.h"
#include "theory/labelled_images.h"

namespace grokscope {

/// Which program a library belongs to: both sides are built from the same headers, or not used together.
struct LibraryStamp {
  char version[16] = {};
  unsigned long config_bytes = 0, options_bytes = 0, ports_bytes = 0, library_bytes = 0;
  bool operator==(const LibraryStamp&) const = default;
};
/// The stamp of the headers that the calling file was compiled with.
LibraryStamp library_stamp();

struct TrainingLibrary {
  LibraryStamp stamp;
  /// See train/loop/trainer.h: check_device, run_training.
  Status (*check_device)(Device device);
  /// See train/loop/training.h. Reads the task's files: on a thread that may wait.
  Status (*check_task)(const TaskConfig& task, std::int64_t seed);
  Result<StopReason> (*run_training)(const RunConfig& config, const TrainerOptions& options,
                                     const TrainerPorts& ports, std::stop_token stop);
  /// See train/loop/bench_training.h.
  Result<StepBench> (*bench_training)(const RunConfig& config, const StepBenchOptions& options);
  /// See data/labelled_images.h. Reads files: on a thread that may wait.
  Result<theory::LabelledImages> (*read_labelled_images)(const std::string& set);
};

/// Loads the library: about a second the first time, nothing later; it stays loaded. Call it on a thread that
/// may wait. Errors: the shared object or one of its libraries is missing, or belongs to another version.
Result<const TrainingLibrary*> load_training_library();

inline constexpr const char* kTrainingLibraryFile = "libgrokscope_training.so";
inline constexpr const char* kTrainingLibrarySymbol =
    "grokscope_training";  ///< extern "C" const TrainingLibrary* ()

}  // namespace grokscope
