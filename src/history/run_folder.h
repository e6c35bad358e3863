// A run on disk (docs/files.md): config.json, facts.json, metrics.jsonl, events.jsonl, frames/, checkpoints/.
// Writing happens on the writer thread, in append-only whole lines; reading believes nothing and repairs a
// torn last line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "history/history.h"
#include "history/safetensors.h"

namespace grokscope {

struct Provenance {  ///< beside the settings in config.json, under "made_by"
  std::string version, torch_version, blas, device, started_utc;
  int threads = 0;
  std::string engine;  ///< "autograd" or "fused"; "": recorded by an earlier version
};

/// Queues writes to its own thread ("writer"); the first error is kept and reported by status().
class RunFolderWriter {
 public:
  /// Makes the folder (and parents), or takes an empty one. Fails if it already holds a run, or anything
  /// else, or cannot be written; then nothing that it made is left behind.
  static Result<std::unique_ptr<RunFolderWriter>> create(const std::string& path, const RunConfig& config,
                                                         const Provenance& provenance,
                                                         const std::optional<RunFacts>& facts = {});
  ~RunFolderWriter();  ///< drains the queue, joins
  void write(const Evaluation& evaluation);
  void write(const Event& event);
  void write(FramePtr frame);  ///< frames/<probe>/step_00001234.safetensors
  void write_checkpoint(std::int64_t step, TensorFile contents);  ///< checkpoints/step_00001234.safetensors
  void flush();  ///< waits until everything queued so far is on disk (fsync included)
  Status status() const;
  const std::string& path() const;

 private:
  struct Impl;
  explicit RunFolderWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// RUN/frames/<probe>/step_00001234.safetensors, whole or not at all; for what is seen after a run has ended.
Status write_frame(const std::string& run_path, const Frame& frame);

struct OpenedRun {
  History history;
  Provenance provenance;
  std::vector<std::string>
      repairs;  ///< what was mended, one sentence each: "dropped a torn last line of metrics.jsonl"
  std::vector<std::int64_t> checkpoint_steps;  ///< complete checkpoints
};

/// Reads a run folder. `repair` true also truncates a torn last line on disk. A damaged config.json, or a
/// damaged line that is not the last, is an error that names file and line.
Result<OpenedRun> open_run(const std::string& path, bool repair);
/// A damaged or missing file is an error that names it.
Result<TensorFile> read_checkpoint(const std::string& run_path, std::int64_t step);
/// Steps of the checkpoints whose header and length agree, ascending; one sentence in `notes` (if given) for
/// each other.
std::vector<std::int64_t> complete_checkpoints(const std::string& run_path,
                                               std::vector<std::string>* notes = nullptr);
/// RUN/checkpoints/step_00001234.safetensors
std::string checkpoint_path(const std::string& run_path, std::int64_t step);

/// $XDG_DATA_HOME/grokscope/runs/<UTC time>-<preset>-seed<seed>: a name that is free.
Result<std::string> new_run_path(const RunConfig& config);

}  // namespace grokscope
