// Interrupt: while it lives, the first SIGINT, SIGTERM or SIGHUP, and what else is named, is remembered
// instead of ending the program; a second one of the same kind ends it. A SIGHUP that was to be ignored
// (nohup) stays ignored. Main thread; at most one at a time.
#pragma once

#include <csignal>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

namespace grokscope {

class Interrupt {
 public:
  /// `wake` is called on a thread of its own when a signal has come, since a handler may call nothing; empty:
  /// whoever asks requested() looks often enough.
  explicit Interrupt(std::function<void()> wake = {}, const std::vector<int>& also = {});
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  bool requested() const;

 private:
  void wait_for_signal(const std::function<void()>& wake) const;

  std::vector<std::pair<int, struct sigaction>> before_;  ///< signal, what it did
  int descriptor_ = -1;                                   // an eventfd, written by the handler
  std::jthread thread_;
};

}  // namespace grokscope
