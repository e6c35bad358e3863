#include "train/kernels/team.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/threads.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace grokscope {
namespace {

using Clock = std::chrono::steady_clock;

// Longer than a step's uneven shares, shorter than a pause. Not a number of turns: one takes 10 ns on one
// processor and 50 on another.
constexpr std::chrono::microseconds kSpinTime{60};
constexpr int kTurns = 64;  // between two looks at the clock

struct TeamAbandoned {};  // unwinds a worker whose team-mate failed; never leaves run()

void pause_briefly() {
#if defined(__x86_64__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

/// Returns a value other than `old`: a bounded spin, then sleep.
std::uint32_t wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  const Clock::time_point end = Clock::now() + kSpinTime;
  do {
    for (int turn = 0; turn < kTurns; ++turn) {
      const std::uint32_t now = value.load(std::memory_order_acquire);
      if (now != old) return now;
      pause_briefly();
    }
  } while (Clock::now() < end);
  value.wait(old, std::memory_order_acquire);
  return value.load(std::memory_order_acquire);
}

}  // namespace

Team::Team(int workers, void (*prepare_thread)()) : errors_(static_cast<std::size_t>(std::max(1, workers))) {
  prepare_thread();
  for (int worker = 1; worker < size(); ++worker) {
    auto thread = start_thread("shard " + std::to_string(worker), [this, worker, prepare_thread] {
      prepare_thread();
      serve(worker);
    });
    if (!thread) {
      end();  // those that have begun: they use this object
      throw std::runtime_error(thread.error().message);
    }
    threads_.push_back(std::move(*thread));
  }
}

Team::~Team() {
  end();
}

void Team::end() {
  ending_.store(true, std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  threads_.clear();  // joins
}

void Team::run(const std::function<void(int)>& work) {
  if (threads_.empty()) return work(0);
  work_ = &work;
  arrived_.store(0, std::memory_order_relaxed);
  failed_.store(false, std::memory_order_relaxed);
  busy_.store(static_cast<std::uint32_t>(threads_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  work_as(0);
  for (auto left = busy_.load(std::memory_order_acquire); left != 0;) left = wait_while(busy_, left);
  work_ = nullptr;
  std::exception_ptr first;
  for (std::exception_ptr& error : errors_) {
    if (error && !first) first = error;
    error = nullptr;
  }
  if (first) std::rethrow_exception(first);
}

void Team::barrier() {
  if (threads_.empty()) return;
  const std::uint32_t phase = phase_.load(std::memory_order_acquire);
  if (failed_.load(std::memory_order_acquire)) throw TeamAbandoned();
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == static_cast<std::uint32_t>(size())) {
    arrived_.store(0, std::memory_order_relaxed);
    phase_.fetch_add(1, std::memory_order_acq_rel);
    phase_.notify_all();
    return;
  }
  while (phase_.load(std::memory_order_acquire) == phase) wait_while(phase_, phase);
  if (failed_.load(std::memory_order_acquire)) throw TeamAbandoned();
}

void Team::work_as(int worker) {
  try {
    (*work_)(worker);
  } catch (const TeamAbandoned&) {
  } catch (...) {
    errors_[static_cast<std::size_t>(worker)] = std::current_exception();
    failed_.store(true, std::memory_order_release);
    phase_.fetch_add(1, std::memory_order_acq_rel);  // whoever waits at a barrier wakes up and leaves
    phase_.notify_all();
  }
}

void Team::serve(int worker) {
  for (std::uint32_t seen = 0;;) {
    const std::uint32_t round = wait_while(round_, seen);
    if (round == seen) continue;  // woken for nothing
    seen = round;
    if (ending_.load(std::memory_order_relaxed)) return;
    work_as(worker);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

}  // namespace grokscope
