// Session: moves values between the trainer thread and the main thread; decides nothing about training.
#include "session/session.h"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <system_error>
#include <thread>
#include <utility>

#include "base/caught.h"
#include "base/threads.h"
#include "contract/training_library.h"
#include "history/interventions.h"
#include "session/outbox.h"
#include "session/record.h"
#include "session/speedometer.h"

namespace grokscope {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kPublishedBytes = std::size_t{256} << 10;  // about a thousand evaluations
constexpr std::size_t kFrameBytes = std::size_t{64} << 20;
constexpr std::size_t kCommandLimit = 64;
constexpr std::chrono::milliseconds kPatienceAfterStop = std::chrono::seconds(10);

/// What the trainer thread fills and the main thread empties.
struct Channels {
  BoundedQueue<Command> commands{kCommandLimit};
  BoundedQueue<Published> published{kPublishedBytes, cost_of};
  FrameQueue frames{kFrameBytes, cost_of};
  Mailbox<RunFacts> facts;
  Mailbox<Result<StopReason>> outcome;
  std::atomic<std::int64_t> progress{0};
  std::atomic<bool> finished{false};  // after everything else was put

  std::mutex mutex;
  std::condition_variable news_came;
  bool news = false;  // guarded by mutex

  void wake() {
    {
      std::lock_guard lock(mutex);
      news = true;
    }
    news_came.notify_all();
  }
  void wait_until(SteadyClock::time_point deadline) {
    std::unique_lock lock(mutex);
    news_came.wait_until(lock, deadline, [&] { return news; });
    news = false;
  }
};

/// The training library may take a while to load: here, where nobody waits for it.
Result<StopReason> load_and_train(const RunConfig& config, const TrainerOptions& options,
                                  const TrainerPorts& ports, std::stop_token stop) {
  auto library = load_training_library();
  if (!library) return library.error();
  return (*library)->run_training(config, options, ports, std::move(stop));
}

}  // namespace

struct Session::Impl {
  explicit Impl(History recorded) : history(std::move(recorded)), config(history.config()) {}

  Status launch(SessionOptions options);
  bool drain(SteadyClock::time_point deadline);
  void take_facts();
  void record(Evaluation evaluation);
  void record(Event event);
  void record(Checkpoint checkpoint);
  void record(const Preview& preview);
  void note_losses(const WriterReport& report);
  void finish();
  void fail(const Error& error);
  void refresh();
  void refresh_record();
  bool folder_decided() const;

  History history;
  RunConfig config;
  SessionStatus status;
  std::string run_path;
  WriterOptions folder;
  bool write_run_folder = false;
  bool live = false;
  double elapsed_before_s = 0.0;   ///< of a run that goes on: its training until then
  std::function<void()> announce;  ///< any thread: there is something to pump
  bool losses_noted = false;
  std::deque<FramePtr> held;  // given to add() when the disk took no more
  Outbox outbox;
  Speedometer speedometer;
  Channels channels;
  Record files;          // its thread wakes the channels
  std::jthread trainer;  // last: joined before what it uses goes away
};

/// Fails if the system has no thread left.
Status Session::Impl::launch(SessionOptions options) {
  write_run_folder = options.write_run_folder;
  folder.path = std::move(options.run_path);
  folder.patience = options.disk_patience;
  folder.queue_bytes = options.disk_queue_bytes;
  TrainerPorts ports;
  ports.commands = &channels.commands;
  ports.published = &channels.published;
  ports.frames = &channels.frames;
  ports.facts = &channels.facts;
  ports.progress = &channels.progress;
  ports.look_when = std::move(options.load.probes);
  announce = [this, wake = std::move(options.wake)] {
    channels.wake();
    if (wake) wake();
  };
  ports.wake = announce;
  ports.checkpoints = write_run_folder;
  folder.changed = announce;
  auto started =
      start_thread("trainer", [this, settings = config, trainer_options = std::move(options.trainer), ports,
                               load_when = std::move(options.load.training)](std::stop_token stop) {
        if (load_when.valid()) load_when.wait();
        channels.outcome.put(
            caught("train", [&] { return load_and_train(settings, trainer_options, ports, stop); }));
        channels.finished = true;
        ports.wake();
      });
  if (!started) return started.error();
  trainer = std::move(*started);
  live = true;
  return {};
}

/// The run folder is made, or refused, or there shall be none.
bool Session::Impl::folder_decided() const {
  return !files.is_open() || files.report().folder != WriterReport::Folder::making;
}

/// Everything that waits, oldest first; false if the deadline passed before all was taken, or the disk takes
/// no more: what is left then holds the trainer, not this thread.
bool Session::Impl::drain(SteadyClock::time_point deadline) {
  while (files.has_room()) {
    auto published = channels.published.try_pop();
    take_facts();  // they come before anything is published
    if (!published) break;
    std::visit([this](auto& what) { record(std::move(what)); }, published->what);
    if (SteadyClock::now() < deadline) continue;
    announce();  // what is left is news for the next look, whether or not more comes
    return false;
  }
  while (files.has_room()) {
    auto frame = channels.frames.try_pop();
    if (!frame) return true;
    files.write(*frame);
    history.append(std::move(*frame));
  }
  return false;
}

/// The task and the model exist: from here on the run is worth a folder.
void Session::Impl::take_facts() {
  auto arrived = channels.facts.take();
  if (!arrived) return;
  history.learn(std::move(*arrived));
  if (status.state == RunState::starting) status.state = RunState::running;
  if (write_run_folder) files.open(folder, history.config(), *history.facts());
}

void Session::Impl::record(Evaluation evaluation) {
  evaluation.elapsed_s += elapsed_before_s;
  files.write(evaluation);
  history.append(evaluation);
}

void Session::Impl::record(Event event) {
  if (event.kind == "pause" || event.kind == "step_once") status.state = RunState::paused;
  if (event.kind == "resume") status.state = RunState::running;
  apply_to_config(event, config);
  files.write(event);
  history.append(std::move(event));
}

void Session::Impl::record(Checkpoint checkpoint) {
  files.write(std::move(checkpoint));
}

/// Shown, but no part of the record.
void Session::Impl::record(const Preview& preview) {
  Evaluation now = preview.now;
  now.elapsed_s += elapsed_before_s;
  history.preview(now);
}

/// Once, where it happened: the record says itself that something is missing from it.
void Session::Impl::note_losses(const WriterReport& report) {
  if (losses_noted || report.error || report.frames_lost + report.checkpoints_lost == 0) return;
  losses_noted = true;
  const std::string what = report.frames_lost > 0 ? "A probe's frame" : "A checkpoint";
  record(Event{status.step, "note", {{"text", what + " was left out: " + report.lost_because}}});
}

void Session::Impl::fail(const Error& error) {
  if (!status.error.empty()) return;  // the first one is the cause
  status.error = error.message;
  status.blame = error.blame;
  trainer.request_stop();
}

void Session::Impl::finish() {
  const auto outcome = channels.outcome.take();
  if (!outcome) return;  // was taken before
  if (*outcome) {
    status.stopped = name_of(**outcome);
  } else {
    fail(outcome->error());
  }
  status.state = RunState::stopped;
  files.begin_flush();
}

namespace {

/// What the status line says of the disk.
std::string disk_phrase(const WriterReport& report) {
  const bool full = report.waiting == std::generic_category().message(ENOSPC);
  if (!report.waiting.empty()) return (full ? "disk full" : "disk: " + report.waiting) + ", waiting";
  return report.behind ? "disk slow" : "";
}

}  // namespace

void Session::Impl::refresh_record() {
  if (!files.is_open()) {
    held.clear();
    return;
  }
  for (; !held.empty() && files.has_room(); held.pop_front()) files.write(held.front());
  const WriterReport report = files.report();
  run_path = report.path;
  status.disk = disk_phrase(report);
  if (report.error) fail(*report.error);
  if (status.state != RunState::stopped && files.has_room()) note_losses(report);
}

void Session::Impl::refresh() {
  refresh_record();
  status.step = channels.progress.load(std::memory_order_relaxed);
  const bool running = status.state == RunState::running;
  status.steps_per_second =
      running ? speedometer.measure(status.step, SteadyClock::now()) : speedometer.restart();
  const auto left = static_cast<double>(config.train.steps - status.step);
  status.eta_s =
      running && status.steps_per_second > 0.0 ? std::max(left, 0.0) / status.steps_per_second : -1.0;
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Session>> Session::start(RunConfig config, SessionOptions options) {
  if (Status valid = validate(config); !valid) return valid.error();
  if (Status usable = check_thread_count(options.trainer.threads); !usable) return usable.error();
  if (options.trainer.device == Device::cuda) {
    auto library = load_training_library();
    if (!library) return library.error();
    if (Status usable = (*library)->check_device(Device::cuda); !usable) return usable.error();
  }
  std::stable_sort(options.trainer.scripted.begin(), options.trainer.scripted.end(),
                   [](const Event& a, const Event& b) { return a.step < b.step; });
  auto impl = std::make_unique<Impl>(History(std::move(config)));
  if (Status launched = impl->launch(std::move(options)); !launched) return launched.error();
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

namespace {

/// What computes the run from its last event on.
std::string engine_of(const OpenedRun& run) {
  std::string engine = run.provenance.engine;
  for (const Event& event : run.history.events()) {
    const auto changed = event.detail.find("engine");
    if (changed != event.detail.end() && changed->is_string()) engine = changed->get<std::string>();
  }
  return engine;
}

}  // namespace

Result<std::unique_ptr<Session>> Session::go_on(ContinuedRun continued, std::string path,
                                                SessionOptions options) {
  History& history = continued.run.history;
  const int threads = continued.run.provenance.threads;
  if (Status usable = check_thread_count(threads); !usable) return usable.error();
  options.trainer.threads = threads;
  options.trainer.preferred_engine = engine_of(continued.run);
  const std::string& device = continued.run.provenance.device;
  if (options.trainer.device == Device::automatic && !device.empty())
    options.trainer.device = device == "CPU" ? Device::cpu : Device::cuda;  // others sum in another order
  options.run_path = std::move(path);
  auto continuation = std::make_shared<Continuation>();
  continuation->checkpoint = std::move(continued.checkpoint);
  continuation->milestones = std::move(continued.milestones);
  if (!history.evaluations().empty()) continuation->first_loss = history.evaluations().front().train_loss;
  options.trainer.continues = std::move(continuation);
  auto impl = std::make_unique<Impl>(std::move(history));
  impl->config = config_at(impl->history, continued.step);
  impl->status.step = continued.step;
  impl->channels.progress = continued.step;
  impl->folder.continues = true;
  if (const Evaluation* last = impl->history.last(); last != nullptr)
    impl->elapsed_before_s = last->elapsed_s;
  if (Status launched = impl->launch(std::move(options)); !launched) return launched.error();
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

std::unique_ptr<Session> Session::recorded(OpenedRun run, std::string path) {
  auto impl = std::make_unique<Impl>(std::move(run.history));
  const History& history = impl->history;
  const std::int64_t last_step = history.last() != nullptr ? history.last()->step : 0;
  impl->config = config_at(history, last_step);
  impl->run_path = std::move(path);
  impl->status.state = RunState::stopped;
  impl->status.step = last_step;
  impl->status.stopped = name_of(StopReason::interrupted);  // what has no end was cut off
  for (const Event& event : history.events()) {
    const auto reason = event.detail.find("reason");
    if (event.kind == "stopped" && reason != event.detail.end() && reason->is_string())
      impl->status.stopped = reason->get<std::string>();
  }
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

Session::~Session() {
  if (!impl_->live) return;
  request_stop();
  while (!wait(std::chrono::seconds(1))) {  // the trainer may wait for room in a queue
  }
}

void Session::send(Command command) {
  if (!impl_->live || impl_->status.state == RunState::stopped) return;
  impl_->outbox.add(std::move(command));
  impl_->outbox.send_to(impl_->channels.commands);
}

bool Session::pump(std::chrono::microseconds budget) {
  if (!impl_->live) return false;
  const std::uint64_t before = impl_->history.generation();
  const RunState state_before = impl_->status.state;
  const std::string disk_before = impl_->status.disk;
  if (state_before == RunState::stopped) {  // what it left for the disk may still be on its way
    impl_->refresh_record();
    return impl_->status.disk != disk_before;
  }
  impl_->outbox.send_to(impl_->channels.commands);
  const bool finished = impl_->channels.finished;  // read first: all it published is then in the queues
  const bool drained = impl_->drain(SteadyClock::now() + budget);
  if (finished && drained && impl_->folder_decided()) impl_->finish();
  impl_->refresh();
  return impl_->history.generation() != before || impl_->status.state != state_before ||
         impl_->status.disk != disk_before;
}

bool Session::wait(std::chrono::milliseconds budget) {
  // What arrives meanwhile is taken together: being woken for each thing costs the trainer more than most of
  // them do.
  constexpr auto kRest = std::chrono::milliseconds(2);
  const auto deadline = SteadyClock::now() + budget;
  while (true) {
    pump(std::chrono::milliseconds(10));
    if (impl_->status.state == RunState::stopped) return true;
    const auto pumped = SteadyClock::now();
    if (pumped >= deadline) return false;
    impl_->channels.wait_until(deadline);
    std::this_thread::sleep_until(std::min(pumped + kRest, deadline));
  }
}

void Session::request_stop() {
  impl_->trainer.request_stop();
  impl_->files.limit_waiting(kPatienceAfterStop);
}

bool Session::at_rest() const {
  return !impl_->live ||
         (impl_->status.state == RunState::stopped && impl_->held.empty() && impl_->files.idle());
}

bool Session::settle(std::chrono::milliseconds budget) {
  const auto deadline = SteadyClock::now() + budget;
  while (true) {
    pump(std::chrono::milliseconds(10));
    impl_->refresh_record();
    if (at_rest()) return true;
    if (SteadyClock::now() >= deadline) return false;
    impl_->channels.wait_until(deadline);
  }
}

WriterReport Session::record() const {
  return impl_->files.report();
}
const RunConfig& Session::config() const {
  return impl_->config;
}
const History& Session::history() const {
  return impl_->history;
}
const SessionStatus& Session::status() const {
  return impl_->status;
}
const std::optional<RunFacts>& Session::facts() const {
  return impl_->history.facts();
}
const std::string& Session::run_path() const {
  return impl_->run_path;
}
bool Session::live() const {
  return impl_->live;
}

void Session::add(FramePtr frame) {
  if (impl_->live) {
    impl_->held.push_back(frame);
    impl_->refresh_record();
  }
  impl_->history.append(std::move(frame));
}

Status Session::flush() {
  impl_->refresh_record();
  impl_->files.flush();
  impl_->refresh_record();
  const std::optional<Error> error = impl_->files.report().error;
  return error ? Status(*error) : Status();
}

}  // namespace grokscope
