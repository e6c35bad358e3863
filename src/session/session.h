// Session: one run from config to end: owns the trainer thread, the history and the run folder. The only door
// for the window and the command line. Main thread, except where said.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "contract/ports.h"
#include "history/calibration.h"
#include "history/history.h"
#include "history/run_continue.h"

namespace grokscope {

/// What is loaded when the future is ready; invalid: at once. Loading holds the dynamic linker's lock,
/// LibTorch for a second, in which a graphics driver that compiles a shader would wait.
struct LoadTimes {
  std::shared_future<void> training;
  std::shared_future<void> probes;  ///< and LibTorch with them
};

struct SessionOptions {
  TrainerOptions trainer;
  std::string run_path;  ///< "" = a new name; the folder is made when task and model are known to work
  bool write_run_folder = true;
  std::optional<ForkPoint> forked;  ///< of a fork that begins at its first step
  /// How long the numbers of the run wait for a full disk before the run ends; while they wait, so does the
  /// training, once what is queued for the disk is large.
  std::chrono::milliseconds disk_patience = std::chrono::seconds(60);
  std::size_t disk_queue_bytes = WriterOptions().queue_bytes;
  /// What forecasts are made from; nullptr: none are made.
  std::shared_ptr<const Calibration> calibration;
  LoadTimes load;
  std::function<void()> wake;  ///< any thread: something arrived (glfwPostEmptyEvent)
};

enum class RunState { starting, running, paused, stopped };

struct SessionStatus {
  RunState state = RunState::starting;
  std::int64_t step = 0;
  double steps_per_second = 0.0;  ///< over the last second
  double eta_s = -1.0;            ///< to the step limit; -1 unknown
  std::string stopped;            ///< steps | until | diverged | interrupted, "" while running
  std::string error;              ///< why it could not start or go on, or the run folder could not be written
  Blame blame = Blame::failure;   ///< who has to change something about `error`
  std::string disk;               ///< one phrase while the disk is full or slow, "" otherwise
};

class Session {
 public:
  /// Errors that need the task or the disk (a damaged file, a full folder) arrive in status().error:
  /// `stopped` then, and no run folder was made.
  /// Waits for the training library to load only when CUDA was asked for by name, to know whether there is
  /// one.
  static Result<std::unique_ptr<Session>> start(RunConfig config, SessionOptions options);
  /// Goes on with a run from its checkpoint, in its folder, with the threads and the engine that it had;
  /// `options.trainer.scripted` are interventions to come.
  static Result<std::unique_ptr<Session>> go_on(ContinuedRun run, std::string path, SessionOptions options);
  /// A finished or recorded run, for looking only: no trainer thread.
  static std::unique_ptr<Session> recorded(OpenedRun run, std::string path);
  ~Session();  ///< asks the trainer to stop, joins, flushes the run folder

  /// Never waits: what the trainer has no room for yet goes out with the next pump(), newest value a setting.
  void send(Command command);
  /// Drains what the trainer published into the history, for at most `budget`. True if anything came.
  bool pump(std::chrono::microseconds budget);
  /// Blocks until the run ended or `budget` passed, pumping; true when ended.
  bool wait(std::chrono::milliseconds budget);
  void request_stop();

  const RunConfig& config() const;  ///< as it is now, interventions applied
  const History& history() const;
  const SessionStatus& status() const;
  const std::optional<RunFacts>& facts() const;    ///< nullopt before the trainer knows
  const std::string& run_path() const;             ///< "" until the folder is made, or if nothing is written
  bool live() const;                               ///< false for a recorded run
  WriterReport record() const;                     ///< how it stands with the folder
  const std::optional<ForkPoint>& forked() const;  ///< of a fork: what it left, and where
  /// Stopped, and everything is on disk or given up: destroying it waits for nothing.
  bool at_rest() const;
  /// Blocks until at_rest(), or `budget` passed; true when at rest.
  bool settle(std::chrono::milliseconds budget);
  /// Adds what was seen outside of the trainer (a landscape) to the history and, of a live run, to the run
  /// folder. That of a recorded run is left to add_frame(), which may wait for the disk.
  void add(FramePtr frame);
  /// Waits until everything is on disk; the first write error, if any.
  Status flush();

 private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope
