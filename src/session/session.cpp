// Session: moves values between the trainer thread and the main thread; decides nothing about training.
#include "session/session.h"

#include <algorithm>
#include <utility>

#include "base/threads.h"
#include "contract/training_library.h"
#include "history/interventions.h"
#include "session/as_recorded.h"
#include "session/session_impl.h"

namespace grokscope {

namespace {

constexpr std::chrono::milliseconds kPatienceAfterStop = std::chrono::seconds(10);

}  // namespace

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
  if (Status usable = check_thread_count(continued.run.provenance.threads); !usable) return usable.error();
  train_as_recorded(continued.run.provenance, options.trainer);
  options.trainer.preferred_engine = engine_of(continued.run);
  options.forked = continued.run.provenance.forked;
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
  impl->forked = std::move(run.provenance.forked);
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
const std::optional<ForkPoint>& Session::forked() const {
  return impl_->forked;
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
