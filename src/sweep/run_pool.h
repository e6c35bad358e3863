// Many runs, a few at a time, without a window: what landscapes, claims and sweeps are made of. Every run
// gets one thread of its own and leaves no run folder unless asked. Not for the run that a person watches.
// Any one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "contract/until.h"
#include "history/event.h"
#include "session/session.h"

namespace grokscope {

struct PoolRun {
  RunConfig config;
  std::optional<Until> until;           ///< stop at the first evaluation for which it holds
  std::vector<Event> scripted;          ///< interventions, sorted by step
  std::string run_path;                 ///< "" = nothing is written
  bool probes = false;                  ///< look inside as well (frames and probe series)
  std::vector<std::string> looks_with;  ///< only these probes; empty: all
};

struct PoolOptions {
  int workers = 0;          ///< runs at once; 0 = one a core
  bool background = false;  ///< lowest priority: beside a live run that must not feel it
  std::stop_token stop;     ///< asks every run to end; those that have not begun never do
};

/// Trains all of `runs`, in order, `workers` at a time. `ended` is called once a run, on a worker but never
/// twice at once, with the run's place and its session: history, config, status (a run that could not start
/// or was interrupted says so there). Returns when all have ended; an error if the pool was stopped.
Status train_all(std::span<const PoolRun> runs, const PoolOptions& options,
                 const std::function<void(std::size_t place, const Session& session)>& ended);

}  // namespace grokscope
