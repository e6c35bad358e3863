// A recorded run as the dashboard wants to see it: what a live run knows from its trainer, worked out from
// the files. Main thread.
#pragma once

#include "history/run_folder.h"
#include "ui/view_state.h"

namespace grokscope {

/// Owns what a RunView borrows.
class RecordedView {
 public:
  RecordedView(OpenedRun run, std::string path);
  RunView view() const;
  const History& history() const { return history_; }
  /// Something seen only now (a landscape): kept in the run's folder too, if that can be written.
  Status add(FramePtr frame);

 private:
  History history_;
  RunConfig config_;
  SessionStatus status_;
  RunFacts facts_;
  std::string path_;
};

/// "a + b mod 53", from the settings alone.
std::string task_title(const RunConfig& config);

}  // namespace grokscope
