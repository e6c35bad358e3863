#include "claims/check.h"

#include <utility>
#include <vector>

#include "history/run_folder.h"

namespace grokscope {
namespace {

/// What a claim says that could not be checked at all.
Judgement unchecked(const std::string& error) {
  Judgement judgement;
  judgement.measured = "nothing: the runs could not be trained";
  judgement.explanation = error;
  return judgement;
}

/// Why the run ended, as its record says; "" if it does not.
std::string stopped_in(const History& history) {
  std::string stopped;
  for (const Event& event : history.events()) {
    const auto reason = event.detail.find("reason");
    if (event.kind == "stopped" && reason != event.detail.end() && reason->is_string())
      stopped = reason->get<std::string>();
  }
  return stopped;
}

/// Nothing that is not whole is judged.
Result<TrainedRun> trained_run(const PlannedRun& run, const std::string& record) {
  auto opened = open_run(record, false, RunParts::numbers);
  if (!opened) return opened.error();
  if (!opened->repairs.empty()) return failure(opened->repairs.front() + ": " + record);
  TrainedRun trained{run, std::move(opened->history), {}};
  trained.stopped = stopped_in(trained.history);
  if (trained.stopped.empty() || trained.history.last() == nullptr)
    return failure("a run ended without a record: " + record);
  return trained;
}

}  // namespace

CheckedClaim judge_claim(const Claim& claim, ClaimSize size, std::span<const PlannedRun> runs,
                         std::span<const RunEnd> ends) {
  CheckedClaim checked;
  checked.runs = runs.size();
  for (const RunEnd& end : ends) {
    if (end.error.empty()) continue;
    checked.judgement = unchecked(end.error);
    return checked;
  }
  std::vector<TrainedRun> trained;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto run = trained_run(runs[i], ends[i].record);
    if (!run) {
      checked.judgement = unchecked(run.error().message + "; delete that folder, and it is trained again");
      return checked;
    }
    checked.training_seconds += run->history.last()->elapsed_s;
    trained.push_back(std::move(*run));
  }
  checked.judgement = claim.judge(trained, size);
  return checked;
}

}  // namespace grokscope
