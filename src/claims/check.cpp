#include "claims/check.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace grokscope {
namespace {

/// What the runs left, by place; the first run that could not be trained.
struct Collected {
  std::vector<std::optional<TrainedRun>> runs;
  std::string error;
  double training_seconds = 0.0;
};

void collect(Collected& collected, const PoolRun& run, std::size_t place, const Session& session) {
  const SessionStatus& status = session.status();
  if (!status.error.empty()) {
    if (collected.error.empty()) collected.error = status.error;
    return;
  }
  if (const Evaluation* last = session.history().last()) collected.training_seconds += last->elapsed_s;
  collected.runs[place] = TrainedRun{run, session.history(), status.stopped};
}

/// What a claim says that could not be checked at all.
Judgement unchecked(const std::string& error) {
  Judgement judgement;
  judgement.measured = "nothing: the runs could not be trained";
  judgement.explanation = error;
  return judgement;
}

Judgement judge(const Claim& claim, ClaimSize size, Collected collected) {
  if (!collected.error.empty()) return unchecked(collected.error);
  std::vector<TrainedRun> trained;
  for (std::optional<TrainedRun>& run : collected.runs) {
    if (!run) return unchecked("a run ended without a record");
    trained.push_back(std::move(*run));
  }
  return claim.judge(trained, size);
}

}  // namespace

Result<CheckedClaim> check_claim(const Claim& claim, const CheckOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  CheckedClaim checked;
  const std::vector<PoolRun> runs = claim.runs(options.size);
  Collected collected;
  collected.runs.resize(runs.size());
  std::size_t ended = 0;
  // A run that cannot be trained fails the whole claim: the others need not be waited for.
  std::stop_source enough;
  const std::stop_callback passes_on(options.stop, [&] { enough.request_stop(); });
  const PoolOptions pool{.workers = options.workers, .stop = enough.get_token()};
  const Status status = train_all(runs, pool, [&](std::size_t place, const Session& session) {
    collect(collected, runs[place], place, session);
    if (!collected.error.empty()) enough.request_stop();
    if (options.progress) options.progress(++ended, runs.size());
  });
  if (options.stop.stop_requested())
    return failure("interrupted: '" + std::string(claim.name) + "' was not checked");
  if (!status && collected.error.empty()) collected.error = status.error().message;
  checked.runs = runs.size();
  checked.training_seconds = collected.training_seconds;
  checked.judgement = judge(claim, options.size, std::move(collected));
  checked.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return checked;
}

}  // namespace grokscope
