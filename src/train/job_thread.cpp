#include "train/job_thread.h"

#include <exception>
#include <utility>

#include "base/process.h"
#include "base/threads.h"
#include "train/device.h"
#include "train/probe_scorer.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostWaiting = 2;  // each holds the logits of every example

// Behind the trainer in the queue for a core: a picture may be late, a step may not.
constexpr int kNiceOfJobs = 10;

}  // namespace

Frame look_with(const Probe& probe, const ProbeInput& input) {
  Frame frame;
  try {
    const at::NoGradGuard no_gradients;
    frame = probe.look(input);
  } catch (const std::exception& error) {
    frame = {};
    const std::string what = error.what();
    frame.not_applicable = "This could not be computed here: " + what.substr(0, what.find('\n'));
  }
  frame.probe = probe.name;
  frame.step = input.step;
  return frame;
}

JobThread::JobThread(Sink sink) : sink_(std::move(sink)), thread_([this] { work(); }) {}

JobThread::~JobThread() {
  {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
}

void JobThread::submit(ProbeRound round, std::stop_token stop) {
  round.input.cancelled = &cancelled_;
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop, [&] { return waiting_.size() < kMostWaiting; })) return;
  waiting_.push_back(std::move(round));
  lock.unlock();
  changed_.notify_all();
}

bool JobThread::idle() const {
  std::lock_guard lock(mutex_);
  return !busy_ && waiting_.empty();
}

void JobThread::wait_idle(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] { return !busy_ && waiting_.empty(); });
}

std::vector<std::pair<std::size_t, double>> JobThread::take_costs() {
  std::lock_guard lock(mutex_);
  return std::exchange(costs_, {});
}

void JobThread::look(ProbeRound& round) {
  round.input.make_scorer = scorer_factory(round.input);
  for (const std::size_t index : round.probes) {
    if (cancelled_) return;
    const double before_s = thread_cpu_s();
    Frame frame = look_with(probes()[index], round.input);
    const double cost_s = thread_cpu_s() - before_s;
    if (!cancelled_) sink_(std::move(frame));
    std::lock_guard lock(mutex_);
    costs_.emplace_back(index, cost_s);
  }
}

void JobThread::work() {
  name_this_thread("jobs");
  lower_this_threads_priority(kNiceOfJobs);
  limit_library_threads();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return !waiting_.empty() || cancelled_; });
    if (cancelled_) return;
    {
      ProbeRound round = std::move(waiting_.front());
      waiting_.pop_front();
      busy_ = true;
      lock.unlock();
      changed_.notify_all();
      look(round);
    }
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace grokscope
