// Engine: the training side of the program behind one table of functions. It lives in a shared object of its
// own (libgrokscope_engine.so: data, model, probe, train and with them LibTorch), because loading LibTorch
// takes a second that neither a window nor `grokscope presets` should wait for. Torch-free. Any thread.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "config/run_config.h"
#include "engine/ports.h"
#include "engine/step_bench.h"

namespace grokscope {

/// Which program an engine belongs to: both sides are built from the same headers, or not used together.
struct EngineStamp {
  char version[16] = {};
  unsigned long config_bytes = 0, options_bytes = 0, ports_bytes = 0, engine_bytes = 0;
  bool operator==(const EngineStamp&) const = default;
};
/// The stamp of the headers that the calling file was compiled with.
EngineStamp engine_stamp();

struct Engine {
  EngineStamp stamp;
  /// See train/trainer.h: check_device, run_training.
  Status (*check_device)(Device device);
  Result<StopReason> (*run_training)(const RunConfig& config, const TrainerOptions& options,
                                     const TrainerPorts& ports, std::stop_token stop);
  /// See train/bench_training.h.
  Result<StepBench> (*bench_training)(const RunConfig& config, const StepBenchOptions& options);
};

/// Loads the engine: about a second the first time, nothing later; it stays loaded. Call it on a thread that
/// may wait. Errors: the shared object or one of its libraries is missing, or belongs to another version.
Result<const Engine*> load_engine();

inline constexpr const char* kEngineFile = "libgrokscope_engine.so";
inline constexpr const char* kEngineSymbol = "grokscope_engine";  ///< extern "C" const Engine* ()

}  // namespace grokscope
