// A display to open the window on: the one that is there, or an X server of its own without a screen. Main
// thread.
#pragma once

#include <optional>
#include <string>

#include "base/child_process.h"
#include "base/result.h"

namespace grokscope::bench {

class BenchDisplay {
 public:
  /// Error: there is no display and no Xvfb.
  static Result<BenchDisplay> find();
  /// "DISPLAY=:99", to start a program with; empty when it is this process's own.
  std::vector<std::string> environment() const;
  std::string description() const;  ///< "Xvfb, software OpenGL" or "display :0"

 private:
  std::optional<BackgroundChild> server_;
  std::string name_;
};

}  // namespace grokscope::bench
