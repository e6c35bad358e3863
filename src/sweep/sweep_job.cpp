#include "sweep/sweep_job.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/caught.h"
#include "base/threads.h"
#include "sweep/local_executor.h"
#include "sweep/sweep.h"

namespace grokscope {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLookEvery = std::chrono::milliseconds(250);  // at what workers have appended

}  // namespace

struct SweepJob::Impl {
  Impl(SweepPlan wanted, SweepFolder where, SweepJobOptions how)
      : plan(std::move(wanted)),
        folder(std::move(where)),
        options(std::move(how)),
        trains(options.train),
        reader(plan) {
    told.all = plan.runs();
  }

  void work(const std::stop_token& stop) {
    const Status worked = caught("sweep", [&] { return serve(stop); });
    over = stop.stop_requested();
    if (worked || over) return;
    over = true;
    tell([&](SweepJobNews& news) {
      news.state = SweepState::failed;
      news.error = worked.error().message;
    });
  }

  Status serve(const std::stop_token& stop) {
    auto looked = Sweep::look_at(plan, folder);
    if (!looked) return looked.error();
    sweep.emplace(std::move(*looked));
    read_rows();
    while (!stop.stop_requested()) {
      if (trains.exchange(false)) {
        if (Status trained = train(stop); !trained) {
          tell([&](SweepJobNews& news) {
            news.state = SweepState::failed;
            news.error = trained.error().message;
          });
        }
      }
      rest(stop);
    }
    return {};
  }

  Status train(const std::stop_token& stop) {
    auto opened = Sweep::open(plan, folder);
    if (!opened) return opened.error();
    sweep.emplace(std::move(*opened));
    if (Status kept = sweep->keep_what_is_known(); !kept) return kept;
    reader.expect_failed();
    read_rows();
    tell([](SweepJobNews& news) {
      news.state = SweepState::training;
      news.error.clear();
      news.runs_per_s = 0.0;
    });
    ExecutorOptions how;
    how.program = options.program;
    how.folder = folder;
    how.jobs = options.jobs;
    how.background = true;
    how.interrupted = [&] { return stop.stop_requested() || ends; };
    how.progress = [&](const ExecutorProgress& now) { look(now); };
    const auto trained = train_locally(plan, sweep->missing(), how);
    if (Status read = sweep->refresh(); !read) return read;
    read_rows();
    const auto merged = sweep->merge();
    auto looked = Sweep::look_at(plan, folder);  // gives the folder back
    if (looked) sweep.emplace(std::move(*looked));
    if (!trained) return trained.error();
    return merged ? Status() : Status(merged.error());
  }

  /// A few times a second while workers train.
  void look(const ExecutorProgress& now) {
    read_wanted_curves();
    if (Clock::now() - looked_at < kLookEvery) return;
    looked_at = Clock::now();
    if (!sweep->refresh()) return;  // told when the results are merged
    const double rate = now.seconds > 0.0 ? static_cast<double>(now.ended) / now.seconds : 0.0;
    if (read_rows()) tell([&](SweepJobNews& news) { news.runs_per_s = rate; });
  }

  /// True if there is something new.
  bool read_rows() {
    const std::vector<std::size_t> cells = reader.read(*sweep);
    if (cells.empty() && told.table != nullptr) return false;
    changed_cell =
        changed_cell || (shown_cell && std::binary_search(cells.begin(), cells.end(), *shown_cell));
    auto copy = std::make_shared<const SweepTable>(reader.table());
    tell([&](SweepJobNews& news) {
      news.known = reader.known();
      news.table = std::move(copy);
    });
    read_wanted_curves();
    return true;
  }

  void read_wanted_curves() {
    std::optional<std::size_t> cell;
    {
      const std::lock_guard lock(mutex);
      cell = std::exchange(wanted_cell, std::nullopt);
    }
    if (!cell && changed_cell) cell = shown_cell;
    if (!cell || *cell >= reader.table().cells()) return;
    changed_cell = false;
    shown_cell = *cell;
    auto curves = std::make_shared<const CellCurves>(reader.curves_of(*sweep, *cell));
    tell([&](SweepJobNews& news) { news.curves = std::move(curves); });
  }

  void rest(const std::stop_token& stop) {
    tell([](SweepJobNews& news) {
      if (news.state != SweepState::failed) news.state = SweepState::resting;
    });
    while (!stop.stop_requested() && !trains) {
      read_wanted_curves();
      std::unique_lock lock(mutex);
      asked.wait(lock, stop, [&] { return wanted_cell.has_value() || trains.load(); });
    }
  }

  void tell(const std::function<void(SweepJobNews&)>& change) {
    {
      const std::lock_guard lock(mutex);
      change(told);
      ++told.generation;
    }
    if (options.wake) options.wake();
  }

  const SweepPlan plan;
  const SweepFolder folder;
  const SweepJobOptions options;
  std::atomic<bool> trains, ends{false}, over{false};
  mutable std::mutex mutex;
  std::condition_variable_any asked;
  SweepJobNews told;                       // below the mutex
  std::optional<std::size_t> wanted_cell;  // below the mutex
  // Of its own thread.
  std::optional<Sweep> sweep;
  SweepReader reader;
  std::optional<std::size_t> shown_cell;
  bool changed_cell = false;
  Clock::time_point looked_at{};
  std::jthread thread;  // last: ends before what it uses
};

SweepJob::SweepJob(SweepPlan plan, SweepFolder folder, SweepJobOptions options)
    : impl_(std::make_unique<Impl>(std::move(plan), std::move(folder), std::move(options))) {
  auto started =
      start_thread("sweep", [impl = impl_.get()](const std::stop_token& stop) { impl->work(stop); });
  if (started) {
    impl_->thread = std::move(*started);
    return;
  }
  impl_->tell([&](SweepJobNews& news) {
    news.state = SweepState::failed;
    news.error = started.error().message;
  });
}

SweepJob::~SweepJob() = default;

const SweepPlan& SweepJob::plan() const {
  return impl_->plan;
}

const SweepFolder& SweepJob::folder() const {
  return impl_->folder;
}

SweepJobNews SweepJob::news() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->told;
}

void SweepJob::want_curves_of(std::size_t cell) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->wanted_cell = cell;
  }
  impl_->asked.notify_all();
}

void SweepJob::stop() {
  impl_->trains = false;
  impl_->ends = true;
}

void SweepJob::go_on() {
  impl_->ends = false;
  impl_->trains = true;
  impl_->asked.notify_all();
}

void SweepJob::close() {
  impl_->thread.request_stop();
}

bool SweepJob::closed() const {
  return impl_->over || !impl_->thread.joinable();
}

}  // namespace grokscope
