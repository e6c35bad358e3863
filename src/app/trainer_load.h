// TrainerLoad: which share of the time the shown training computes rather than waits for its pace. The
// trainer's own clock (Evaluation::elapsed_s) stands still while it waits; ours does not. Main thread.
#pragma once

#include <algorithm>

namespace grokscope {

class TrainerLoad {
 public:
  /// After every look at the history: `elapsed_s` of its last evaluation, 0 without one.
  void seen(double now_s, double elapsed_s) {
    if (elapsed_s < elapsed_s_) *this = TrainerLoad();  // another run
    if (elapsed_s == elapsed_s_ || now_s - since_s_ < kWindow_s) return;
    if (elapsed_s_ > 0.0) share_ = std::min(1.0, (elapsed_s - elapsed_s_) / (now_s - since_s_));
    since_s_ = now_s;
    elapsed_s_ = elapsed_s;
  }
  /// 1: flat out, or not known yet.
  double share() const { return share_; }

 private:
  static constexpr double kWindow_s = 1.0;
  double since_s_ = 0.0, elapsed_s_ = 0.0, share_ = 1.0;
};

}  // namespace grokscope
