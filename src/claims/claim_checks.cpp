#include "claims/claim_checks.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/caught.h"
#include "base/threads.h"
#include "sweep/local_executor.h"
#include "sweep/outcome.h"

namespace grokscope {
namespace {

/// "3 of 24 runs".
std::string share_text(std::size_t some, std::size_t all) {
  return std::to_string(some) + " of " + std::to_string(all) + " runs";
}

/// Why a run failed, as its outcome says.
std::string error_of(const Sweep& sweep, std::size_t run) {
  const auto line = sweep.store().line_of(sweep.key(run));
  const auto outcome = line ? outcome_from_line(*line, "an outcome") : Result<Outcome>(line.error());
  if (!outcome) return outcome.error().message;
  return outcome->failed() ? outcome->error : "";
}

}  // namespace

ClaimChecks::ClaimChecks(std::vector<const Claim*> claims, ClaimChecksOptions options)
    : claims_(std::move(claims)),
      options_(std::move(options)),
      runs_(claim_runs(claims_, options_.size)),
      progress_(claims_.size()),
      waiting_for_(runs_.plan.runs()) {
  auto started = start_thread("claims", [this](const std::stop_token& stop) { work(stop); });
  if (started) {
    thread_ = std::move(*started);
  } else {
    for (std::size_t place = 0; place < claims_.size(); ++place) hand_over({place, {}, started.error()});
  }
}

ClaimChecks::~ClaimChecks() = default;

std::optional<FinishedClaim> ClaimChecks::wait(std::chrono::milliseconds budget) {
  Ready ready;
  {
    std::unique_lock lock(mutex_);
    if (!ended_.wait_for(lock, budget, [this] { return !ready_.empty(); })) return std::nullopt;
    ready = std::move(ready_.front());
    ready_.pop_front();
  }
  const std::size_t place = ready.place;
  if (!ready.status) return FinishedClaim{place, ready.status.error()};
  const auto begin = Clock::now();
  auto checked = caught("judge the claim", [&]() -> Result<CheckedClaim> {
    return judge_claim(*claims_[place], options_.size, runs_.runs[place], ready.ends);
  });
  if (checked) {
    const Progress& progress = progress_[place];
    const Clock::time_point since = progress.missing.empty() ? begin : progress.begin;
    checked->known = checked->runs - progress.missing.size();
    checked->seconds = std::chrono::duration<double>(Clock::now() - since).count();
  }
  return FinishedClaim{place, std::move(checked)};
}

void ClaimChecks::work(const std::stop_token& stop) {
  const Status trained = caught("check the claims", [&] { return train(stop); });
  for (std::size_t place = 0; place < claims_.size(); ++place) {
    if (progress_[place].ready) continue;
    const std::string name(claims_[place]->name);
    hand_over({place, {}, trained ? failure("interrupted: '" + name + "' was not checked") : trained});
  }
}

Status ClaimChecks::train(const std::stop_token& stop) {
  // A plan of no runs would be one of the defaults: claims that are computed need none.
  if (std::all_of(runs_.runs.begin(), runs_.runs.end(), [](const auto& runs) { return runs.empty(); })) {
    for (std::size_t place = 0; place < claims_.size(); ++place) {
      progress_[place].ready = true;
      hand_over({place, {}, {}});
    }
    return {};
  }
  auto folder = WorkFolder::make();
  if (!folder) return folder.error();
  folder_.emplace(std::move(*folder));
  auto sweep = Sweep::open(runs_.plan, {folder_->path(), options_.with_cache});
  if (!sweep) return sweep.error();
  const std::vector<std::size_t> missing = sweep->missing();
  begin_all(missing);
  for (std::size_t place = 0; place < claims_.size(); ++place)
    if (progress_[place].missing.empty()) make_ready(*sweep, place);
  ExecutorOptions how;
  how.program = options_.program;
  how.folder = sweep->folder();
  how.jobs = options_.jobs > 0 ? options_.jobs : usable_cores();
  how.interrupted = [&] { return stop.stop_requested() || (options_.interrupted && options_.interrupted()); };
  how.heard = [&](std::size_t run, RunNews news) { hear(*sweep, run, news); };
  how.wanted = [&](std::size_t run) { return wanted(run); };
  const auto trained = train_locally(sweep->plan(), missing, how);
  return trained ? Status() : trained.error();
}

/// Which claim waits for which run.
void ClaimChecks::begin_all(const std::vector<std::size_t>& missing) {
  const std::set<std::size_t> to_train(missing.begin(), missing.end());
  for (std::size_t place = 0; place < claims_.size(); ++place) {
    Progress& progress = progress_[place];
    for (const std::size_t run : std::set(runs_.of[place].begin(), runs_.of[place].end())) {
      if (!to_train.contains(run)) continue;
      progress.missing.push_back(run);
      waiting_for_[run].push_back(place);
    }
    const std::size_t all = runs_.of[place].size(), known = all - progress.missing.size();
    if (known > 0) tell(place, share_text(known, all) + " from the cache");
  }
}

void ClaimChecks::hear(Sweep& sweep, std::size_t run, RunNews news) {
  if (news == RunNews::busy) return;
  for (const std::size_t place : waiting_for_[run]) {
    Progress& progress = progress_[place];
    if (progress.ready) continue;
    if (!std::exchange(progress.begun, true)) {
      progress.begin = Clock::now();
      tell(place, "begins");
    }
    if (news == RunNews::begun) continue;
    ++progress.ended;
    const std::size_t all = runs_.of[place].size();
    tell(place, share_text(all - progress.missing.size() + progress.ended, all));
    // A run that cannot be trained fails the whole claim: the others need not be waited for.
    if (news == RunNews::failed) static_cast<void>(sweep.refresh());
    if (news == RunNews::failed || progress.ended == progress.missing.size()) make_ready(sweep, place);
  }
}

bool ClaimChecks::wanted(std::size_t run) const {
  const auto& waiting = waiting_for_[run];
  return std::any_of(waiting.begin(), waiting.end(),
                     [&](std::size_t place) { return !progress_[place].ready; });
}

void ClaimChecks::make_ready(const Sweep& sweep, std::size_t place) {
  Ready ready{place, {}, {}};
  for (const std::size_t run : runs_.of[place])
    ready.ends.push_back(
        {sweep.record_of(run), sweep.store().failed(sweep.key(run)) ? error_of(sweep, run) : ""});
  progress_[place].ready = true;
  hand_over(std::move(ready));
}

void ClaimChecks::hand_over(Ready ready) {
  {
    const std::lock_guard lock(mutex_);
    ready_.push_back(std::move(ready));
  }
  ended_.notify_one();
}

void ClaimChecks::tell(std::size_t place, const std::string& what) const {
  if (options_.progress) options_.progress(std::string(claims_[place]->name) + ": " + what);
}

}  // namespace grokscope
