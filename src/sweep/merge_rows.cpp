#include "sweep/merge_rows.h"

#include <algorithm>
#include <utility>

#include "base/caught.h"
#include "base/threads.h"
#include "sweep/merge.h"

namespace grokscope {
namespace {

constexpr std::size_t kRowsOfABlock = 1024, kRowsWorthAThread = 128;
constexpr std::size_t kMostHelpers = 8;

}  // namespace

MergeRows::MergeRows(const SweepPlan& plan, const std::vector<std::string>& keys, const OutcomeStore& store)
    : plan_(plan), keys_(keys), store_(store) {
  for (std::size_t run = 0; run < keys_.size(); ++run) {
    if (store_.find(keys_[run]) != OutcomeStore::Where::nowhere) runs_.push_back(run);
  }
  begin(ahead_);
}

Result<MergedRow> MergeRows::prepare(std::size_t run, OutcomeStore::OpenShards& open) const {
  auto line = store_.line_of(keys_[run], &open);
  if (!line) return line.error();
  auto read = outcome_and_points(*line, "an outcome of the key " + keys_[run]);
  if (!read) return read.error();
  read->outcome.settings = Json();
  std::vector<std::string> cells = result_cells(plan_, run, read->outcome);
  return MergedRow{std::move(*line), std::move(cells), std::move(*read)};
}

/// Every n-th row is one thread's; what could not be started is done here.
void MergeRows::begin(Block& block) {
  const std::size_t count = std::min(kRowsOfABlock, runs_.size() - begun_), first = begun_;
  begun_ += count;
  block.slots.resize(count, Slot(MergedRow{}));  // what is in them is given up where it was made
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostHelpers);
  const std::size_t threads = std::clamp<std::size_t>(count / kRowsWorthAThread, 1, cores);
  Slot* const slots = block.slots.data();
  for (std::size_t thread = 0; thread < threads; ++thread) {
    const auto work = [this, slots, count, first, thread, threads] {
      OutcomeStore::OpenShards open;
      for (std::size_t i = thread; i < count; i += threads)
        slots[i] = caught("read an outcome", [&] { return prepare(runs_[first + i], open); });
    };
    auto started =
        count < kRowsWorthAThread ? Result<std::jthread>(failure("few")) : start_thread("merge", work);
    if (started)
      block.helpers.push_back(std::move(*started));
    else
      work();
  }
}

std::span<const Result<MergedRow>> MergeRows::next() {
  for (std::jthread& helper : ahead_.helpers) helper.join();
  ahead_.helpers.clear();
  std::swap(ahead_, ready_);
  begin(ahead_);
  return ready_.slots;
}

}  // namespace grokscope
