// ShownSweep: the folder of a sweep, read at once, as pictures show it: without a window, without a job
// beside it. Main thread.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "ui/view_state.h"

namespace grokscope {

class ShownSweep {
 public:
  /// `view`: which of its cells is looked at. Errors: it is no sweep, is damaged, was written by another
  /// version.
  static Result<ShownSweep> read(const std::string& folder, const ViewState& view);
  ShownSweep(ShownSweep&& other) noexcept;
  ~ShownSweep();
  /// Borrowed. A run of the sweep that has not begun, and the sweep beside it.
  RunView view() const;

 private:
  struct Impl;
  explicit ShownSweep(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The folder of a sweep, as far as its names say.
bool is_sweep_folder(const std::string& path);

}  // namespace grokscope
