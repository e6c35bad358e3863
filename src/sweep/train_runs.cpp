#include "sweep/train_runs.h"

#include <chrono>
#include <memory>
#include <utility>

#include "base/caught.h"
#include "sweep/outcome_key.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;

SessionOptions session_options(const PlannedRun& run, const std::string& folder) {
  SessionOptions options;
  options.trainer.device = Device::cpu;
  options.trainer.threads = 1;  // as many runs as cores beat one run on all of them
  options.trainer.probes = run.probes;
  options.trainer.looks_with = run.looks_with;
  options.trainer.scripted = run.events;
  if (!run.until.empty()) {
    auto until = parse_until(run.until);  // it was parsed when the plan was read
    if (until) options.trainer.until = std::move(*until);
  }
  options.run_path = folder;
  options.write_run_folder = !folder.empty();
  return options;
}

/// Why the run folder of a session that has ended is not what it should be; "" if it is.
std::string lost_from(Session& session) {
  if (const Status kept = session.flush(); !kept) return kept.error().message;
  const WriterReport report = session.record();
  if (report.frames_lost + report.checkpoints_lost + report.lines_lost == 0) return "";
  return "the run folder could not be written whole: " + report.lost_because;
}

/// Nothing: given up.
Result<std::optional<Outcome>> train_one(const RunPlan& plan, const std::string& folder,
                                         const std::function<bool()>& give_up) {
  const auto failed = [&](const Error& why) {
    return std::optional(failed_outcome(plan.request, plan.run.config, why));
  };
  auto session = Session::start(plan.run.config, session_options(plan.run, folder));
  if (!session) return failed(session.error());
  bool given_up = false;
  while (!(*session)->wait(50ms)) {
    if (given_up || !give_up()) continue;
    given_up = true;
    (*session)->request_stop();
  }
  const SessionStatus& status = (*session)->status();
  if (status.stopped == "interrupted") return std::optional<Outcome>();
  if (!status.error.empty()) return failed({status.error, status.blame});
  if (const std::string lost = folder.empty() ? "" : lost_from(**session); !lost.empty())
    return failed(failure(lost));
  return std::optional(outcome_of(plan.request, **session));
}

}  // namespace

RunPlan run_plan(const SweepPlan& plan, std::size_t run, const std::string& data) {
  RunPlan made{planned_run(plan, run), {}};
  made.request = {outcome_key(made.run, data), made.run.until, plan.record};
  for (const Event& event : made.run.events) made.request.events.push_back(json_from_event(event));
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
    const std::string folder = options.folder_of ? options.folder_of(place) : std::string();
    const RunPlan& run = runs[place];
    auto outcome = caught("train a run of a sweep", [&] { return train_one(run, folder, options.give_up); });
    if (!outcome) outcome = std::optional(failed_outcome(run.request, run.run.config, outcome.error()));
    if (!*outcome) return false;
    if (Status kept = options.ended(place, std::move(**outcome)); !kept) return kept.error();
  }
  return true;
}

}  // namespace grokscope
