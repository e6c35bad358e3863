// What a Session consists of: the channels between trainer and main thread, the record, and what the main
// thread does with what comes out of them. Internal to session/.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/mailbox.h"
#include "session/findings.h"
#include "session/outbox.h"
#include "session/record.h"
#include "session/session.h"
#include "session/speedometer.h"

namespace grokscope {

using SteadyClock = std::chrono::steady_clock;

inline constexpr std::size_t kPublishedBytes = std::size_t{256} << 10;  // about a thousand evaluations
inline constexpr std::size_t kFrameBytes = std::size_t{64} << 20;
inline constexpr std::size_t kCommandLimit = 64;

/// What the trainer thread fills and the main thread empties.
struct SessionChannels {
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

struct Session::Impl {
  explicit Impl(History recorded) : history(std::move(recorded)), config(history.config()) {}

  Status launch(SessionOptions options);
  bool drain(SteadyClock::time_point deadline);
  void take_facts();
  void record(Evaluation evaluation);
  void record(Event event);
  void record(Checkpoint checkpoint);
  void record(const Preview& preview);
  void tell_findings();
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
  std::optional<ForkPoint> forked;
  bool live = false;
  double elapsed_before_s = 0.0;   ///< of a run that goes on: its training until then
  std::function<void()> announce;  ///< any thread: there is something to pump
  bool losses_noted = false;
  std::deque<FramePtr> held;         // given to add() when the disk took no more
  std::optional<Findings> findings;  // of a live run
  Outbox outbox;
  Speedometer speedometer;
  SessionChannels channels;
  Record files;          // its thread wakes the channels
  std::jthread trainer;  // last: joined before what it uses goes away
};

}  // namespace grokscope
