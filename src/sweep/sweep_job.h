// SweepJob: a sweep beside everything else: trains what is missing of a plan in worker processes of the
// lowest priority, and keeps a table of what is known and the curves of one cell. Made, asked and destroyed
// on one thread (the main one); what waits for a disk or a worker is its own thread's.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sweep/sweep_folder.h"
#include "sweep/sweep_reader.h"
#include "sweep/sweep_table.h"

namespace grokscope {

enum class SweepState { reading, training, resting, failed };

struct SweepJobNews {
  SweepState state = SweepState::reading;
  std::string error;                         ///< why it failed; "" else
  std::size_t known = 0, all = 0;            ///< runs
  double runs_per_s = 0.0;                   ///< while it trains; 0: not known yet
  std::shared_ptr<const SweepTable> table;   ///< nullptr before the folder was read
  std::shared_ptr<const CellCurves> curves;  ///< of the cell that was asked for last; nullptr: not read yet
  std::size_t generation = 0;                ///< grows with everything above
};

struct SweepJobOptions {
  std::string program;         ///< that knows `sweep-worker`
  int jobs = 1;                ///< worker processes
  bool train = true;           ///< false: only looks, until go_on()
  std::function<void()> wake;  ///< any thread: there is news
};

class SweepJob {
 public:
  SweepJob(SweepPlan plan, SweepFolder folder, SweepJobOptions options);
  ~SweepJob();  ///< ends the workers; what is finished stays

  const SweepPlan& plan() const;
  const SweepFolder& folder() const;
  SweepJobNews news() const;
  void want_curves_of(std::size_t cell);
  void stop();          ///< returns at once; runs that are being trained are lost
  void go_on();         ///< trains what is missing
  void close();         ///< returns at once: ends everything; only closed() and the destructor may follow
  bool closed() const;  ///< its thread is at its end: the destructor will not wait

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope
