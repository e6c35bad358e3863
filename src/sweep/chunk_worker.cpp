#include "sweep/chunk_worker.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "sweep/outcome_shard.h"
#include "sweep/outcome_store.h"
#include "sweep/run_claims.h"
#include "sweep/train_runs.h"

namespace grokscope {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kTouchEvery = std::chrono::seconds(10);
constexpr int kLookAgain_ms = 100;  // at what another process trains

}  // namespace

struct ChunkWorker::Impl {
  const SweepPlan& plan;
  ChunkWorkerOptions options;
  RunPlans plans;
  OutcomeStore store;
  OutcomeShard own;
  std::optional<OutcomeShard> shared;
  std::optional<RunClaims> claims;
  std::vector<std::size_t> busy;
  RunRecords records = options.folder.records(plan.numbers_alone);

  std::string mark() const { return own.mark(); }
  std::string shared_mark() const { return shared ? shared->mark() : std::string(); }

  /// A run that this process is to train now, and its claim.
  struct Taken {
    std::size_t run;
    std::optional<RunClaim> claim;
  };

  /// What has been trained before goes into the sweep's own shards.
  Result<bool> found(std::size_t run, const std::string& key) {
    const auto where = store.find(key);
    if (where == OutcomeStore::Where::nowhere || store.failed(key)) return false;
    if (plan.keep_runs) {
      if (records.find(key).empty()) return false;
      if (Status brought = records.bring(key, mark()); !brought) return brought.error();
    }
    if (where == OutcomeStore::Where::shared) {
      const auto line = store.line_of(key);
      if (!line) return false;  // a cache that somebody cleans
      if (Status kept = own.append(*line); !kept) return kept.error();
    }
    options.tell(run, RunNews::found);
    return true;
  }

  /// Nothing: it is known, or somebody else's.
  Result<std::optional<Taken>> take(std::size_t run, const std::string& key) {
    auto known = found(run, key);
    if (!known) return known.error();
    if (*known) return std::optional<Taken>();
    Taken taken{run, std::nullopt};
    if (claims) {
      auto claim = claims->claim(key);
      if (!claim) return claim.error();
      if (!*claim) {
        busy.push_back(run);
        options.tell(run, RunNews::busy);
        return std::optional<Taken>();
      }
      taken.claim.emplace(std::move(**claim));
    }
    // Whoever held the claim before may have ended since the last look.
    if (Status read = store.refresh(); !read) return read.error();
    known = found(run, key);
    if (!known) return known.error();
    return *known ? std::optional<Taken>() : std::optional<Taken>(std::move(taken));
  }

  Status keep(std::size_t run, const Outcome& outcome) {
    // The record first: an outcome without one is not believed.
    if (plan.keep_runs && !outcome.failed()) {
      if (Status kept = records.keep(outcome.key, mark(), shared_mark()); !kept) return kept;
    }
    const std::string line = line_from_outcome(outcome);
    if (Status kept = own.append(line); !kept) return kept;
    // A failure may have a cause that is gone tomorrow: it is no one else's.
    if (shared && !outcome.failed()) {
      if (Status kept = shared->append(line); !kept) return kept;
    }
    options.tell(run, outcome.failed() ? RunNews::failed : RunNews::trained);
    return {};
  }

  Result<bool> train_together(std::span<const std::size_t> runs) {
    std::vector<RunPlan> wanted;
    std::vector<Taken> taken;
    for (const std::size_t run : runs) {
      RunPlan made = plans.at(run);
      auto one = take(run, made.request.key);
      if (!one) return one.error();
      if (!*one) continue;
      taken.push_back(std::move(**one));
      wanted.push_back(std::move(made));
    }
    for (const Taken& one : taken) options.tell(one.run, RunNews::begun);
    auto touched = Clock::now();
    TrainRunsOptions how;
    how.give_up = [&] {
      if (Clock::now() - touched > kTouchEvery) {
        for (const Taken& one : taken)
          if (one.claim) one.claim->touch();
        touched = Clock::now();
      }
      return options.give_up();
    };
    how.ended = [&](std::size_t place, const Outcome& outcome) { return keep(taken[place].run, outcome); };
    if (!plan.keep_runs) return train_runs(wanted, how);
    how.folder_of = [&](std::size_t place) { return records.draft(wanted[place].request.key, mark()); };
    auto trained = train_runs(wanted, how);
    for (const RunPlan& run : wanted) records.discard(run.request.key, mark());  // what has not become one
    return trained;
  }
};

ChunkWorker::ChunkWorker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ChunkWorker::ChunkWorker(ChunkWorker&& other) noexcept = default;
ChunkWorker::~ChunkWorker() = default;

Result<ChunkWorker> ChunkWorker::open(const SweepPlan& plan, std::span<const std::size_t> runs,
                                      ChunkWorkerOptions options) {
  const SweepFolder folder = options.folder;
  auto own = OutcomeShard::take_one_in(folder.shards());
  if (!own) return own.error();
  auto impl = std::make_unique<Impl>(Impl{plan,
                                          std::move(options),
                                          RunPlans(plan),
                                          OutcomeStore(folder.shards(), folder.cache(), plan.record),
                                          std::move(*own),
                                          {},
                                          {},
                                          {}});
  if (folder.with_cache) {
    auto shared = OutcomeShard::take_one_in(folder.cache());
    if (!shared) return shared.error();
    impl->shared.emplace(std::move(*shared));
    auto claims = RunClaims::in(folder.claims());
    if (!claims) return claims.error();
    impl->claims.emplace(std::move(*claims));
  }
  if (plan.keep_runs) impl->records.discard_all(impl->mark(), impl->shared_mark());
  for (const std::size_t run : runs) impl->store.want(impl->plans.at(run).request.key);
  if (Status read = impl->store.refresh(); !read) return read.error();
  return ChunkWorker(std::move(impl));
}

Result<bool> ChunkWorker::train(std::span<const std::size_t> chunk) {
  impl_->busy.clear();
  for (std::size_t begin = 0; begin < chunk.size(); begin += kRunsTogether) {
    const std::size_t count = std::min(kRunsTogether, chunk.size() - begin);
    auto trained = impl_->train_together(chunk.subspan(begin, count));
    if (!trained || !*trained) return trained;
  }
  return true;
}

Result<bool> ChunkWorker::train_and_wait(std::span<const std::size_t> chunk) {
  auto trained = train(chunk);
  while (trained && *trained && !impl_->busy.empty()) {
    ::poll(nullptr, 0, kLookAgain_ms);
    if (impl_->options.give_up()) return false;
    const std::vector<std::size_t> left = std::move(impl_->busy);
    trained = train(left);
  }
  return trained;
}

}  // namespace grokscope
