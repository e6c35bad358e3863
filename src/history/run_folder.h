// A run on disk (docs/files.md): config.json, facts.json, metrics.jsonl, events.jsonl, scalars.jsonl,
// frames/, checkpoints/. Writing happens on the writer thread, in append-only whole lines; reading believes
// nothing and repairs a torn last line.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "history/checkpoint.h"
#include "history/history.h"
#include "history/run_facts.h"
#include "history/safetensors.h"

namespace grokscope {

/// Where a run left another one, whose steps until then are its own.
struct ForkPoint {
  std::string parent;     ///< the folder of that run
  std::int64_t step = 0;  ///< the first that is not the parent's
};

struct Provenance {  ///< beside the settings in config.json, under "made_by"
  std::string version, torch_version, blas, device, started_utc;
  int threads = 0;
  std::string engine;               ///< "autograd" or "fused"; "": recorded by an earlier version
  std::optional<ForkPoint> forked;  ///< of a fork; config.json has it as "parent" and "forked_at"
};

struct WriterOptions {
  bool continues = false;  ///< `path` holds this run already (continue_run()): what comes goes behind it
  std::string path;        ///< "": a new name in $XDG_DATA_HOME/grokscope/runs/ that nobody else takes
  std::optional<RunFacts> facts;  ///< kept as facts.json
  std::uintmax_t room_bytes = 0;  ///< nothing is made where the disk has less left
  std::size_t queue_bytes = std::size_t{64} << 20;
  /// How long numbers and events wait for a disk that is full or does not answer before the record is given
  /// up.
  std::chrono::milliseconds patience = std::chrono::seconds(60);
  std::chrono::milliseconds retry_every{500};
  /// Called on the writer thread: there is room again, or report() has changed. May be empty.
  std::function<void()> changed;
};

/// How it stands with a record.
struct WriterReport {
  enum class Folder { making, made, refused } folder = Folder::making;
  std::string path;            ///< once it is made
  std::optional<Error> error;  ///< why there is no folder, or why the record ends
  std::string waiting;         ///< why numbers and events wait: "No space left on device"; "" if they do not
  bool behind = false;         ///< the disk is slower than the training: the queue is more than half full
  // What did not reach the disk.
  std::int64_t frames_lost = 0, checkpoints_lost = 0, lines_lost = 0;
  std::string lost_because;  ///< of the first frame or checkpoint
};

/// Queues writes to its own thread ("writer"), which alone touches the disk. Numbers and events reach it in
/// order and without a gap: while the disk takes no more, they wait. A frame that cannot be written is left
/// out; of checkpoints that cannot, the newest is tried again. No checkpoint is written before what was
/// queued before it.
class RunFolderWriter {
 public:
  /// Waits until the folder (and parents) is made, or an empty one taken. Fails if it already holds a run, or
  /// anything else, or cannot be written; then nothing that it made is left behind.
  static Result<std::unique_ptr<RunFolderWriter>> create(const std::string& path, const RunConfig& config,
                                                         const Provenance& provenance,
                                                         const std::optional<RunFacts>& facts = {});
  static Result<std::unique_ptr<RunFolderWriter>> create(const RunConfig& config,
                                                         const Provenance& provenance, WriterOptions options);
  /// Does not wait: report() says when the folder is made, or why not; then all that is written is discarded.
  static std::unique_ptr<RunFolderWriter> begin(const RunConfig& config, const Provenance& provenance,
                                                WriterOptions options);
  ~RunFolderWriter();  ///< drains the queue, joins; waits for a full disk for ten seconds at most

  // Each waits while queue_bytes are queued.
  void write(const Evaluation& evaluation);
  void write(const Event& event);
  void write(FramePtr frame);         ///< scalars.jsonl and frames/<probe>/step_00001234.safetensors
  void write(Checkpoint checkpoint);  ///< checkpoints/step_00001234.safetensors
  /// A write would not wait; of use while one thread writes.
  bool has_room() const;
  /// Waits until everything queued so far is on disk (fsync included) or given up.
  void flush();
  void begin_flush();  ///< the same without waiting: idle() says when
  bool idle() const;   ///< nothing is queued or in hand
  /// From now on, no more than this is waited for a full disk.
  void limit_waiting(std::chrono::milliseconds longest);
  Status status() const;  ///< report().error
  WriterReport report() const;
  std::string path() const;

 private:
  struct Impl;
  explicit RunFolderWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// RUN/frames/<probe>/step_00001234.safetensors, whole or not at all.
Status write_frame(const std::string& run_path, const Frame& frame);
/// The same and a line of scalars.jsonl, for what is seen after a run has ended.
Status add_frame(const std::string& run_path, const Frame& frame);

struct OpenedRun {
  History history;
  Provenance provenance;
  std::vector<std::string>
      repairs;  ///< what was mended, one sentence each: "dropped a torn last line of metrics.jsonl"
  std::vector<std::int64_t> checkpoint_steps;  ///< complete checkpoints
};

/// What of a run folder is read: numbers are those of the training and of the probes, and the events.
enum class RunParts { all, numbers };

/// Reads a run folder. `repair` true also truncates a torn last line on disk. A damaged config.json, or a
/// damaged line that is not the last, is an error that names file and line.
Result<OpenedRun> open_run(const std::string& path, bool repair, RunParts parts = RunParts::all);
/// A damaged or missing file is an error that names it.
Result<TensorFile> read_checkpoint(const std::string& run_path, std::int64_t step);
/// Steps of the checkpoints whose header and length agree, ascending; one sentence in `notes` (if given) for
/// each other.
std::vector<std::int64_t> complete_checkpoints(const std::string& run_path,
                                               std::vector<std::string>* notes = nullptr);
/// RUN/checkpoints/step_00001234.safetensors
std::string checkpoint_path(const std::string& run_path, std::int64_t step);

}  // namespace grokscope
