#include "session/session_impl.h"

#include <cerrno>
#include <system_error>

#include "base/caught.h"
#include "base/threads.h"
#include "contract/training_library.h"

namespace grokscope {
namespace {

/// The training library may take a while to load: here, where nobody waits for it.
Result<StopReason> load_and_train(const RunConfig& config, const TrainerOptions& options,
                                  const TrainerPorts& ports, std::stop_token stop) {
  auto library = load_training_library();
  if (!library) return library.error();
  return (*library)->run_training(config, options, ports, std::move(stop));
}

}  // namespace

/// Fails if the system has no thread left.
Status Session::Impl::launch(SessionOptions options) {
  write_run_folder = options.write_run_folder;
  if (options.forked) forked = std::move(options.forked);
  folder.path = std::move(options.run_path);
  folder.patience = options.disk_patience;
  folder.queue_bytes = options.disk_queue_bytes;
  findings.emplace(history, std::move(options.calibration));
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
    tell_findings();
  }
  return false;
}

/// The task and the model exist: from here on the run is worth a folder.
void Session::Impl::take_facts() {
  auto arrived = channels.facts.take();
  if (!arrived) return;
  history.learn(std::move(*arrived));
  if (status.state == RunState::starting) status.state = RunState::running;
  if (write_run_folder) files.open(folder, history.config(), *history.facts(), forked);
}

void Session::Impl::record(Evaluation evaluation) {
  evaluation.elapsed_s += elapsed_before_s;
  files.write(evaluation);
  history.append(evaluation);
  tell_findings();
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

/// What the numbers that have just come say, as events of the record.
void Session::Impl::tell_findings() {
  if (!findings) return;
  for (Event& event : findings->news(history)) record(std::move(event));
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

}  // namespace grokscope
