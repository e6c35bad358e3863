// CapturedWork: work that launches dozens of small kernels with the same shapes and addresses every time is
// recorded once as a CUDA graph and then replayed with one call. It decides when; how is the recorder's
// (cuda_recorder.h, and a fake one in the tests). Torch-free. Stepping thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace grokscope {

class GraphRecorder {
 public:
  virtual ~GraphRecorder() = default;
  /// Runs the work where it will be recorded: libraries allocate what they need at first use.
  virtual void warm_up(const std::function<void()>& work) = 0;
  /// Records the work without running it, in place of what was recorded before. Throws when it cannot be
  /// recorded; nothing is recorded then.
  virtual void record(const std::function<void()>& work) = 0;
  /// Runs what was recorded last.
  virtual void replay() = 0;
};

class CapturedWork {
 public:
  /// nullptr: the work is always run as it is.
  explicit CapturedWork(std::unique_ptr<GraphRecorder> recorder) : recorder_(std::move(recorder)) {}
  /// Does the work. `shape` names its sizes: another shape is warmed up and recorded anew. Work that cannot
  /// be recorded is run as it is from then on.
  void run(std::int64_t shape, const std::function<void()>& work);

 private:
  std::unique_ptr<GraphRecorder> recorder_;
  std::int64_t shape_ = -1;
  int warm_ups_ = 0;
  bool is_recorded_ = false;
};

}  // namespace grokscope
