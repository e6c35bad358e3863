#include "sweep/landscape_job.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "base/caught.h"
#include "base/threads.h"
#include "sweep/run_pool.h"

namespace grokscope {

struct LandscapeJob::Impl {
  Impl(Landscape begun, LandscapeJobOptions wanted)
      : plan(begun.plan), options(std::move(wanted)), known(std::move(begun)) {}

  void work(const std::stop_token& stop) {
    if (const Status worked = caught("measure the landscape", [&] { return train_cells(stop); });
        !worked && !stop.stop_requested())
      note(worked.error());
    over = true;
    if (options.wake) options.wake();
  }

  Status train_cells(const std::stop_token& stop) {
    std::vector<PoolRun> runs;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < known.cells.size(); ++i) {
      if (known.cells[i].done) continue;
      places.push_back(i);
      PoolRun run;
      run.config = cell_config(plan, i);
      runs.push_back(std::move(run));
    }
    return train_all(runs, {.workers = options.workers, .background = options.background, .stop = stop},
                     [&](std::size_t place, const Session& session) { keep(places[place], session); });
  }

  void keep(std::size_t cell, const Session& session) {
    if (session.status().stopped == "interrupted") return;
    if (!session.status().error.empty()) return note({session.status().error, session.status().blame});
    const LandscapeCell trained = cell_of(session.history());
    {
      const std::lock_guard lock(mutex);
      known.cells[cell] = trained;
    }
    if (options.wake) options.wake();
  }

  void note(const Error& error) {
    const std::lock_guard lock(mutex);
    if (status) status = error;
  }

  const LandscapePlan plan;
  const LandscapeJobOptions options;
  mutable std::mutex mutex;
  Landscape known;
  Status status;
  std::atomic<bool> over{false};
  std::jthread thread;  // last: ends before what it uses
};

LandscapeJob::LandscapeJob(Landscape begun, LandscapeJobOptions options)
    : impl_(std::make_unique<Impl>(std::move(begun), std::move(options))) {
  auto started =
      start_thread("landscape", [impl = impl_.get()](const std::stop_token& stop) { impl->work(stop); });
  if (started) {
    impl_->thread = std::move(*started);
  } else {
    impl_->note(started.error());
    impl_->over = true;
  }
}

LandscapeJob::~LandscapeJob() = default;

const LandscapePlan& LandscapeJob::plan() const {
  return impl_->plan;
}

Landscape LandscapeJob::landscape() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->known;
}

std::size_t LandscapeJob::done() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->known.done();
}

bool LandscapeJob::ended() const {
  return impl_->over;
}

Status LandscapeJob::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->status;
}

void LandscapeJob::cancel() {
  impl_->thread.request_stop();
}

}  // namespace grokscope
