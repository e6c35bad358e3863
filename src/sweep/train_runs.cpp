#include "sweep/train_runs.h"

#include <chrono>
#include <memory>
#include <utility>

#include "base/caught.h"
#include "sweep/outcome_key.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;

SessionOptions session_options(const RunPlan& run) {
  SessionOptions options;
  options.trainer.device = Device::cpu;
  options.trainer.threads = 1;  // as many runs as cores beat one run on all of them
  options.trainer.probes = false;
  if (!run.request.until.empty()) {
    auto until = parse_until(run.request.until);  // it was parsed when the plan was read
    if (until) options.trainer.until = std::move(*until);
  }
  options.write_run_folder = false;
  return options;
}

/// Nothing: given up.
Result<std::optional<Outcome>> train_one(const RunPlan& run, const std::function<bool()>& give_up) {
  auto session = Session::start(run.config, session_options(run));
  if (!session) return std::optional(failed_outcome(run.request, run.config, session.error().message));
  bool given_up = false;
  while (!(*session)->wait(50ms)) {
    if (given_up || !give_up()) continue;
    given_up = true;
    (*session)->request_stop();
  }
  const SessionStatus& status = (*session)->status();
  if (status.stopped == "interrupted") return std::optional<Outcome>();
  if (!status.error.empty()) return std::optional(failed_outcome(run.request, run.config, status.error));
  return std::optional(outcome_of(run.request, **session));
}

}  // namespace

RunPlan run_plan(const SweepPlan& plan, std::size_t run, const std::string& data) {
  RunPlan made{config_of(plan, run), {}};
  made.request = {outcome_key(made.config, plan.until, data), plan.until, plan.record};
  return made;
}

RunPlan RunPlans::at(std::size_t run) {
  const std::string path = config_of(plan_, run).task.path;
  if (path != path_) {
    path_ = path;
    data_ = fingerprint_of_data(path);
  }
  return run_plan(plan_, run, data_);
}

Result<bool> train_runs(std::span<const RunPlan> runs, const TrainRunsOptions& options) {
  for (std::size_t place = 0; place < runs.size(); ++place) {
    if (options.give_up()) return false;
    auto outcome = caught("train a run of a sweep", [&] { return train_one(runs[place], options.give_up); });
    if (!outcome)
      outcome =
          std::optional(failed_outcome(runs[place].request, runs[place].config, outcome.error().message));
    if (!*outcome) return false;
    if (Status kept = options.ended(place, std::move(**outcome)); !kept) return kept.error();
  }
  return true;
}

}  // namespace grokscope
