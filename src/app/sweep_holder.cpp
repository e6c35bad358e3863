#include "app/sweep_holder.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/child_process.h"
#include "base/files.h"
#include "base/utc_time.h"
#include "sweep/local_executor.h"

namespace grokscope {
namespace {

/// "2026-03-01T12-00-00Z-weight-decay" in the user's sweeps, which nobody else has.
std::string new_folder(const std::string& name) {
  std::string stamp = utc_now() + "-" + name;
  std::replace(stamp.begin(), stamp.end(), ':', '-');
  const std::string path = data_folder() + "/sweeps/" + stamp;
  std::error_code ignored;
  for (int i = 2;; ++i) {
    std::string with_number = i == 2 ? path : path + "-" + std::to_string(i - 1);
    if (!std::filesystem::exists(with_number, ignored)) return with_number;
  }
}

}  // namespace

void SweepHolder::make(SweepPlan plan, std::string folder, const std::string& name, bool train) {
  if (job_ != nullptr) {
    job_->close();
    ending_.push_back(std::move(job_));
  }
  folder_ = std::move(folder);
  cell_.reset();
  SweepJobOptions options;
  options.program = this_program();
  options.jobs = std::max(1, usable_cores() - 1);  // one core is the live run's
  options.train = train;
  options.wake = wake_;
  job_ = std::make_unique<SweepJob>(std::move(plan), SweepFolder{folder_, true}, std::move(options));
  view_ = {&job_->plan(), name, job_->news()};
}

void SweepHolder::begin(SweepPlan plan, const std::string& name) {
  make(std::move(plan), new_folder(name), name, true);
}

void SweepHolder::open(SweepPlan plan, const std::string& folder) {
  make(std::move(plan), folder, std::filesystem::path(folder).filename().string(), false);
}

bool SweepHolder::toggle() {
  if (job_ == nullptr) return false;
  if (view_.news.state == SweepState::training)
    job_->stop();
  else
    job_->go_on();
  return true;
}

bool SweepHolder::pump() {
  std::erase_if(ending_, [](const std::unique_ptr<SweepJob>& old) { return old->closed(); });
  if (job_ == nullptr) return false;
  SweepJobNews news = job_->news();
  if (news.generation == view_.news.generation) return false;
  view_.news = std::move(news);
  return true;
}

void SweepHolder::look_at_cell(std::size_t cell) {
  if (job_ == nullptr || view_.news.table == nullptr || cell == cell_) return;
  cell_ = cell;
  job_->want_curves_of(cell);
}

}  // namespace grokscope
