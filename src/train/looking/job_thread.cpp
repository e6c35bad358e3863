#include "train/looking/job_thread.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "base/memory.h"
#include "base/number_text.h"
#include "base/process.h"
#include "base/threads.h"
#include "contract/probe_names.h"
#include "train/looking/torch_looks.h"
#include "train/step/device.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostWaiting = 2;      // each holds the logits of every example
constexpr std::size_t kMostBeforeLoad = 16;  // LibTorch takes a second, and the first steps are soon over

// Behind the trainer in the queue for a core: a picture may be late, a step may not.
constexpr int kNiceOfJobs = 10;

using namespace std::chrono_literals;
constexpr auto kGlance = 20ms;  // a future and a condition variable cannot be waited for together

Frame look_through_torch(std::size_t probe, ProbeInput& input) {
  try {
    return torch_looks().look(probe, input);
  } catch (const std::exception& error) {  // LibTorch cannot be loaded
    return failed_look(kProbeNames[probe].name, input.step, reason_of(error));
  }
}

/// In how many like it everything is looked at.
std::int64_t parts_of_look(const Frame& frame) {
  const auto parts = frame.texts.find("parts");
  return parts == frame.texts.end() ? 1 : whole_number_from_text(parts->second).value_or(1);
}

/// Before anybody waits for it, and before this thread steps back behind the trainer.
void load_probes() {
  try {
    torch_looks();
  } catch (const std::exception&) {  // every look will say so
  }
}

}  // namespace

JobThread::JobThread(Sink sink, std::shared_future<void> look_when, std::string name)
    : sink_(std::move(sink)),
      look_when_(std::move(look_when)),
      thread_(thread_or_throw(start_thread(std::move(name), [this] { work(); }))) {}

JobThread::~JobThread() {
  {
    std::lock_guard lock(mutex_);
    cancelled_ = given_up_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
}

void JobThread::submit(ProbeRound round, std::stop_token stop) {
  round.input.cancelled = &given_up_;
  std::unique_lock lock(mutex_);
  if (room() == 0) ask_to_load_now();
  if (!changed_.wait(lock, stop, [&] { return room() > 0 || failed_; })) return;
  if (failed_) std::rethrow_exception(failed_);
  waiting_.push_back(std::move(round));
  lock.unlock();
  changed_.notify_all();
}

/// Called with the mutex held.
std::size_t JobThread::room() const {
  const std::size_t most = loaded_ ? kMostWaiting : kMostBeforeLoad;
  return most - std::min(waiting_.size(), most);
}

bool JobThread::loading() const {
  std::lock_guard lock(mutex_);
  return !loaded_ && room() > 0;
}

void JobThread::give_up() {
  {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    given_up_ = true;
  }
  changed_.notify_all();
}

bool JobThread::has_room() const {
  const std::lock_guard lock(mutex_);
  return room() > 0;
}

bool JobThread::idle() const {
  std::lock_guard lock(mutex_);
  return !busy_ && waiting_.empty();
}

void JobThread::wait_idle(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  ask_to_load_now();
  changed_.wait(lock, stop, [&] { return (!busy_ && waiting_.empty()) || failed_; });
  if (failed_) std::rethrow_exception(failed_);
}

std::vector<LookCost> JobThread::take_costs() {
  std::lock_guard lock(mutex_);
  return std::exchange(costs_, {});
}

/// What no frame can tell (no memory for one, for instance) is told to whoever submits or waits next.
void JobThread::look_safely(ProbeRound& round) {
  try {
    look(round);
  } catch (const std::exception&) {
    std::lock_guard lock(mutex_);
    failed_ = std::current_exception();
  }
}

void JobThread::look(ProbeRound& round) {
  for (const std::size_t index : round.probes) {
    if (given_up_) return;
    const double before_s = thread_cpu_s();
    Frame frame = look_in_turn(index, round.input, round.whole);
    const LookCost cost{index, thread_cpu_s() - before_s, parts_of_look(frame)};
    if (!given_up_) sink_(std::move(frame));
    std::lock_guard lock(mutex_);
    costs_.push_back(cost);
  }
}

/// Two looks at one step would be recorded as one: the second has to be the whole.
Frame JobThread::look_in_turn(std::size_t probe, ProbeInput& input, bool whole) {
  input.part.reset();
  if (!looks_in_parts(kProbeNames[probe].name)) return look_with_past(probe, input);
  Parts& parts = parts_[probe];
  if (!whole && (parts.before == nullptr || parts.before->step != input.step))
    input.part = PartOfLook{parts.number, parts.before};
  Frame frame = look_with_past(probe, input);
  if (given_up_ || !frame.not_applicable.empty()) return frame;
  parts.number += input.part ? 1 : 0;
  parts.before = std::make_shared<const Frame>(frame);
  return frame;
}

/// A round's weights are copies that nobody writes to: they are kept by reference.
Frame JobThread::look_with_past(std::size_t probe, ProbeInput& input) {
  const bool compares = compares_looks(kProbeNames[probe].name);
  input.start = start_;
  input.previous = compares ? previous_[probe] : Moment{};
  Frame frame = look_through_torch(probe, input);
  start_ = input.start;
  if (compares && !given_up_) previous_[probe] = moment_of(input);
  return frame;
}

/// Called with the mutex held.
void JobThread::ask_to_load_now() {
  awaited_ = true;
  changed_.notify_all();
}

/// False when there is nothing to load for: the end came before.
bool JobThread::wait_to_load() {
  std::unique_lock lock(mutex_);
  const auto is_time = [this] {
    return !look_when_.valid() || look_when_.wait_for(0s) == std::future_status::ready;
  };
  while (!awaited_ && !cancelled_ && !is_time()) changed_.wait_for(lock, kGlance);
  return !cancelled_;
}

void JobThread::work() {
  limit_library_threads();
  if (!wait_to_load()) return;
  load_probes();
  lower_this_threads_priority(kNiceOfJobs);
  std::unique_lock lock(mutex_);
  loaded_ = true;
  changed_.notify_all();
  while (true) {
    changed_.wait(lock, [&] { return !waiting_.empty() || cancelled_; });
    if (cancelled_) return;
    {
      ProbeRound round = std::move(waiting_.front());
      waiting_.pop_front();
      busy_ = true;
      given_up_ = cancelled_.load();
      lock.unlock();
      changed_.notify_all();
      look_safely(round);
    }
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace grokscope
