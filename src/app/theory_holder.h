// TheoryHolder: what the panel Theory shows in the window: asks for it when a slider has moved or the run has
// gone on, and hands over what has come. Main thread.
#pragma once

#include <functional>
#include <memory>

#include "theory/study_job.h"
#include "ui/view_state.h"

namespace grokscope {

/// The training library's reader of MNIST: on a thread that may wait.
Result<theory::LabelledImages> read_mnist();

class TheoryHolder {
 public:
  /// `wake`: any thread, something arrived.
  explicit TheoryHolder(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// While its panel is shown: asks for what `view` has chosen, unless that is known or being computed. Puts
  /// the values of a fit that has come into `view`. True if there is something new to draw.
  bool pump(const RunView& run, ViewState& view);
  void fit(const RunView& run, const ViewState& view);
  const TheoryView* view() const { return job_ == nullptr ? nullptr : &view_; }

 private:
  theory::StudyJob& job();
  void ask(const RunView& run, const ViewState& view);

  std::function<void()> wake_;
  std::unique_ptr<theory::StudyJob> job_;
  theory::StudyRequest asked_;
  std::shared_ptr<const theory::RunCurves> curves_;  // of the run as it was when last asked
  const History* curves_of_ = nullptr;
  std::int64_t curves_step_ = -1;
  std::shared_ptr<const theory::StudyFit> fit_;  // whose values stand in the view
  TheoryView view_;
};

}  // namespace grokscope
