// RunHolder: the run in the window, live or recorded, and the ones that are still ending. The window keeps
// drawing while an old trainer joins. Main thread.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "app/background_work.h"
#include "session/session.h"
#include "sweep/landscape_job.h"
#include "ui/view_state.h"

namespace grokscope {

class RunHolder {
 public:
  /// `wake`: any thread, something arrived. `files` does what may wait for a disk, and is there longer.
  RunHolder(TrainerOptions trainer, BackgroundWork& files, std::function<void()> wake)
      : trainer_(std::move(trainer)), files_(&files), wake_(std::move(wake)) {}
  ~RunHolder();

  /// Starts a new run; the one before is asked to stop. On error the one before goes on.
  Status start(const RunConfig& config, const std::string& run_path, double steps_per_second,
               std::vector<Event> scripted, LoadTimes load = {});
  /// Goes on with the run of that folder where continue_run() left it; the one before is asked to stop.
  Status go_on(ContinuedRun run, const std::string& path, double steps_per_second);
  /// Shows what was read from the run folder `path`; the run before is asked to stop.
  void show_recorded(OpenedRun run, const std::string& path);
  bool pump(std::chrono::microseconds budget);  ///< true if there is something new to draw
  void send(Command command);
  /// Trains the reduced landscape of the shown run behind it, or stops doing so. It goes on when the run is
  /// paused, reset or ends; a run of other settings ends it. What was measured before is not measured again.
  Status toggle_landscape();
  RunView view() const;
  const std::string& started_utc() const { return started_utc_; }
  const Session* session() const { return session_.get(); }

 private:
  void retire();
  SessionOptions options_of_next(double steps_per_second) const;
  int threads_of_next(const RunConfig& next) const;
  const History& shown_history() const;
  void add(FramePtr frame);
  bool show_landscape();

  void learn_from_ended();

  TrainerOptions trainer_;
  BackgroundWork* files_;
  std::function<void()> wake_;
  std::unique_ptr<Session> session_;
  std::vector<std::unique_ptr<Session>> ending_;
  std::vector<OtherRun> others_;  // beside session_
  std::string started_utc_;
  bool learned_ = false;  // what session_, which has ended, teaches
  std::unique_ptr<LandscapeJob> landscape_;
  std::size_t landscape_shown_ = 0;           // cells
  const void* landscape_shown_in_ = nullptr;  // which run's history holds them
  bool landscape_over_ = false;
};

}  // namespace grokscope
