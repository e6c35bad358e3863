// SweepHolder: the sweep beside the run in the window, begun here or opened from its folder. Main thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sweep/sweep_job.h"
#include "ui/sweep_view.h"

namespace grokscope {

class SweepHolder {
 public:
  /// `wake`: any thread, something arrived.
  explicit SweepHolder(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Trains the plan in a new folder among the user's sweeps. The one before ends; what it finished stays.
  void begin(SweepPlan plan, const std::string& name);
  /// Shows what is known in that folder, without training.
  void open(SweepPlan plan, const std::string& folder);
  /// Stops it, or goes on. False: there is none.
  bool toggle();
  bool pump();  ///< true if there is something new to draw
  /// Its curves are read.
  void look_at_cell(std::size_t cell);
  const SweepView* view() const { return job_ == nullptr ? nullptr : &view_; }
  const std::string& folder() const { return folder_; }

 private:
  void make(SweepPlan plan, std::string folder, const std::string& name, bool train);

  std::function<void()> wake_;
  std::unique_ptr<SweepJob> job_;
  std::vector<std::unique_ptr<SweepJob>> ending_;  // their workers may take a moment
  std::string folder_;
  std::optional<std::size_t> cell_;  // whose curves were asked for
  SweepView view_;
};

}  // namespace grokscope
