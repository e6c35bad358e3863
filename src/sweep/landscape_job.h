// LandscapeJob: trains the cells of a landscape behind a live run, at the lowest priority, and keeps what is
// known so far. Pausing, resetting or ending the live run does not touch it; destroying it asks its runs to
// stop and waits. Made, asked and destroyed on one thread (the main one); its workers are its own.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "sweep/landscape.h"

namespace grokscope {

struct LandscapeJobOptions {
  int workers = 1;             ///< cells at once
  bool background = true;      ///< lowest priority: for the window
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
