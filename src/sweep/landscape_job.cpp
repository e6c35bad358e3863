#include "sweep/landscape_job.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/caught.h"
#include "base/threads.h"
#include "sweep/local_executor.h"
#include "sweep/sweep.h"
#include "sweep/work_folder.h"

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
    std::vector<std::size_t> cells;
    for (std::size_t cell = 0; cell < known.cells.size(); ++cell)
      if (!known.cells[cell].done) cells.push_back(cell);
    if (cells.empty()) return {};
    const auto folder = WorkFolder::make();
    if (!folder) return folder.error();
    auto sweep = Sweep::open(sweep_plan_of(plan, cells), {folder->path(), options.with_cache});
    if (!sweep) return sweep.error();
    for (std::size_t run = 0; run < cells.size(); ++run)
      if (sweep->knows(run)) keep(*sweep, run, cells[run]);
    ExecutorOptions how;
    how.program = options.program;
    how.folder = sweep->folder();
    how.jobs = options.workers;
    how.background = options.background;
    how.interrupted = [&] { return stop.stop_requested(); };
    how.heard = [&](std::size_t run, RunNews news) {
      if (news == RunNews::begun || news == RunNews::busy) return;
      if (const Status read = sweep->refresh(); !read) return note(read.error());
      keep(*sweep, run, cells[run]);
    };
    const auto trained = train_locally(sweep->plan(), sweep->missing(), how);
    return trained ? Status() : trained.error();
  }

  void keep(const Sweep& sweep, std::size_t run, std::size_t cell) {
    const auto line = sweep.store().line_of(sweep.key(run));
    const auto outcome = line ? outcome_from_line(*line, "a cell") : Result<Outcome>(line.error());
    if (!outcome) return note(outcome.error());
    if (outcome->failed()) return note({outcome->error, outcome->blame});
    {
      const std::lock_guard lock(mutex);
      known.cells[cell] = cell_of(*outcome);
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
