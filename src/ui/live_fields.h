// What the live sliders ask of the running training: at most about eight changes a second while a knob moves,
// and the last value for certain when it is let go. Main thread.
#pragma once

#include <map>
#include <string>

#include "ui/view_state.h"

namespace grokscope {

class LiveFields {
 public:
  /// After every frame: turns view.pending into interventions, forgets what the trainer has answered, and
  /// that a knob was held (view.moving). Returns when to look again.
  double update(ViewState& view, const RunConfig& config, double now_s, Actions& actions);

 private:
  struct Sent {
    double value = 0.0, at_s = -1e9;
  };
  std::map<std::string, Sent> sent_;
};

}  // namespace grokscope
