// What a training takes and gives, as values: options, ports, facts, why it stopped. Torch-free: everything
// outside data, model, probe and train knows a training by this file alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bounded_queue.h"
#include "base/mailbox.h"
#include "base/result.h"
#include "contract/command.h"
#include "contract/until.h"
#include "history/checkpoint.h"
#include "history/evaluation.h"
#include "history/event.h"
#include "history/frame.h"
#include "history/run_facts.h"
#include "history/safetensors.h"

namespace grokscope {

enum class Device { automatic, cpu, cuda };
/// "auto", "cpu", "cuda".
Result<Device> parse_device(std::string_view text);

/// Where a training begins that goes on with a run instead of beginning at step 0.
struct Continuation {
  TensorFile checkpoint;                ///< of a run of the same settings; how long the run is may differ
  std::vector<std::string> milestones;  ///< that were reached before
  double first_loss = 1.0;  ///< on the training set at step 0: diverged is what grew far beyond it
};

struct TrainerOptions {
  Device device = Device::automatic;
  int threads = 0;  ///< 0 = choose; at most kMostThreads (base/threads.h)
  /// With train.engine = auto: "fused" or "autograd", the one that the recorded run began with; "": no
  /// matter.
  std::string preferred_engine;
  std::vector<Event> scripted;    ///< --events: interventions applied before their step, sorted by step
  double steps_per_second = 0.0;  ///< 0 = full speed, < 0 = paced over paced_s seconds
  double paced_s = 20.0;          ///< paced: the whole story in this time, in equal shares of log step
  bool start_paused = false;
  bool probes = true;                   ///< look inside the network now and then; never changes the numbers
  std::vector<std::string> looks_with;  ///< only these probes; empty: all
  std::int64_t last_step = -1;  ///< stop at this step, whatever train.steps says; -1 = no such limit (replay)
  std::optional<Until> until;   ///< stop at the first evaluation for which it holds
  std::shared_ptr<const Continuation> continues;  ///< nullptr: from step 0
};

/// The numbers of a step at which the training stands still, for whoever looks at it: what was changed or
/// stepped while it was paused shows at once. Never recorded: what belongs to the record comes as an
/// Evaluation when the training leaves the step.
struct Preview {
  Evaluation now;
};
struct Published {  ///< from the trainer, in order: a checkpoint comes after the numbers of its step
  std::variant<Evaluation, Event, Checkpoint, Preview> what;
};
/// About what it takes in memory.
std::size_t cost_of(const Published& published);

/// Lossless: the jobs thread waits when it is full.
using FrameQueue = BoundedQueue<FramePtr>;
inline std::size_t cost_of(const FramePtr& frame) {
  return bytes_of(*frame);
}

/// Every port may be left out (nullptr).
struct TrainerPorts {
  BoundedQueue<Command>* commands = nullptr;      ///< in
  BoundedQueue<Published>* published = nullptr;   ///< out, lossless: the trainer waits when it is full
  FrameQueue* frames = nullptr;                   ///< out, lossless
  Mailbox<RunFacts>* facts = nullptr;             ///< out, once, before anything is published
  std::atomic<std::int64_t>* progress = nullptr;  ///< out: updates done so far
  bool checkpoints = false;                       ///< publish them too
  /// Probes, and the loading of what they need, begin when this is ready; invalid: at once.
  std::shared_future<void> look_when;
  std::function<void()> wake;  ///< something new was published (wakes the window); may be empty
};

enum class StopReason { steps, until, diverged, interrupted };
std::string_view name_of(StopReason reason);

}  // namespace grokscope
