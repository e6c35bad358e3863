#include "sweep/sweep.h"

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "sweep/outcome_shard.h"
#include "sweep/plan_json.h"
#include "sweep/train_runs.h"

namespace grokscope {

Sweep::Sweep(SweepPlan plan, SweepFolder folder)
    : plan_(std::move(plan)),
      folder_(std::move(folder)),
      store_(folder_.shards(), folder_.cache(), plan_.record) {
  RunPlans plans(plan_);
  keys_.reserve(plan_.runs());
  for (std::size_t run = 0; run < plan_.runs(); ++run) {
    keys_.push_back(plans.at(run).request.key);
    store_.want(keys_.back());
  }
}

Result<Sweep> Sweep::look_at(SweepPlan plan, SweepFolder folder) {
  Sweep sweep(std::move(plan), std::move(folder));
  if (Status possible = check_results(sweep.folder_); !possible) return possible.error();
  if (Status read = sweep.refresh(); !read) return read.error();
  return sweep;
}

Result<Sweep> Sweep::open(SweepPlan plan, SweepFolder folder) {
  auto lock = lock_sweep_folder(folder);
  if (!lock) return lock.error();
  auto sweep = look_at(std::move(plan), std::move(folder));
  if (!sweep) return sweep;
  sweep->lock_.emplace(std::move(*lock));
  const std::string text = text_from_json(json_from_plan(sweep->plan_), 1) + "\n";
  if (Status kept = write_file_atomic(sweep->folder_.plan(), text); !kept) return kept.error();
  return sweep;
}

bool Sweep::knows(std::size_t run) const {
  const std::string& key = keys_[run];
  return store_.find(key) != OutcomeStore::Where::nowhere && !store_.failed(key) &&
         (!plan_.keep_runs || !record_of(run).empty());
}

std::string Sweep::record_of(std::size_t run) const {
  return folder_.records(plan_.numbers_alone).find(keys_[run]);
}

std::vector<std::size_t> Sweep::missing() const {
  std::vector<std::size_t> runs = coarse_to_fine(plan_);
  std::erase_if(runs, [&](std::size_t run) { return knows(run); });
  return runs;
}

Status Sweep::keep_what_is_known() {
  std::optional<OutcomeShard> shard;
  for (std::size_t run = 0; run < keys_.size(); ++run) {
    const std::string& key = keys_[run];
    const bool line_is_there = store_.find(key) != OutcomeStore::Where::shared;
    if (!knows(run) || (line_is_there && !plan_.keep_runs)) continue;
    if (!shard) {
      auto taken = OutcomeShard::take_one_in(folder_.shards());
      if (!taken) return taken.error();
      shard.emplace(std::move(*taken));
    }
    if (plan_.keep_runs) {
      if (Status brought = folder_.records(plan_.numbers_alone).bring(key, shard->mark()); !brought)
        return brought;
    }
    if (line_is_there) continue;
    const auto line = store_.line_of(key);
    if (!line) return line.error();
    if (Status kept = shard->append_unsynced(*line); !kept) return kept;
  }
  if (!shard) return {};
  if (Status synced = shard->sync(); !synced) return synced;
  return refresh();
}

}  // namespace grokscope
