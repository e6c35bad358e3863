// LandscapeJob: a landscape as a sweep behind a live run, in worker processes at the lowest priority; keeps
// what is known so far. Pausing, resetting or ending the live run does not touch it; destroying it asks its
// workers to stop and waits. Made, asked and destroyed on one thread (the main one).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "sweep/landscape.h"

namespace grokscope {

struct LandscapeJobOptions {
  std::string program;         ///< that knows `sweep-worker`
  int workers = 1;             ///< cells at once, a process each
  bool background = true;      ///< lowest priority: for the window
  bool with_cache = true;      ///< what was trained before is not trained again, and the other way round
  std::function<void()> wake;  ///< any thread: there is something new
};

class LandscapeJob {
 public:
  /// Goes on where `begun` stopped (cells that are done are not trained again).
  LandscapeJob(Landscape begun, LandscapeJobOptions options);
  ~LandscapeJob();

  const LandscapePlan& plan() const;
  Landscape landscape() const;  ///< a copy of what is known
  std::size_t done() const;     ///< cells known; grows
  bool ended() const;           ///< all done, cancelled or failed
  Status status() const;        ///< the first error
  void cancel();                ///< returns at once; what is known stays

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope
