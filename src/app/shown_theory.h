// ShownTheory: a study computed at once, as pictures and the command line show it: without a window, without
// a job beside it. Main thread.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ui/view_state.h"

namespace grokscope {

class ShownTheory {
 public:
  /// Computes what `view` has chosen, over `run` where the study reads one. Errors: what its values cannot be
  /// computed with.
  static Result<ShownTheory> compute(const ViewState& view, const RunView& run);
  /// The same beside a run that has not begun.
  static Result<ShownTheory> compute(const ViewState& view);
  ShownTheory(ShownTheory&& other) noexcept;
  ~ShownTheory();

  /// Borrowed: the run with the study beside it.
  RunView view() const;
  const theory::StudyNews& news() const;

 private:
  struct Impl;
  explicit ShownTheory(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope
