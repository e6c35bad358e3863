// Stages: the lasting rises and falls of one measured number, with the plateaus between them, found while it
// is measured. Not the phases of a run (phase_detector.h), which have fixed meanings. Each decision is taken
// from what was known then and is never taken back. A value; main thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace grokscope {

/// From one plateau to the next.
struct Stage {
  bool rises = true;
  std::int64_t begin_step = 0;    ///< the last step of the plateau before
  std::int64_t end_step = -1;     ///< where the next plateau begins; -1: it goes on
  double from = 0.0, to = 0.0;    ///< the levels; of one that goes on, what it has reached
  std::int64_t known_step = 0;    ///< the step at which it was known to be one
  std::int64_t closed_step = -1;  ///< the step at which its end was known
};

class StageDetector {
 public:
  /// `least`: a smaller change of level is none.
  explicit StageDetector(double least) : least_(least) {}

  /// Steps ascend; what does not, and what is not finite, is passed over. A single outlier changes nothing.
  void see(std::int64_t step, double value);
  std::span<const Stage> stages() const { return stages_; }

 private:
  struct Sample {
    std::int64_t step = 0;
    double value = 0.0;
  };
  void see_smooth(Sample now);
  void see_plateau(Sample now);
  void see_stage(Sample now);
  void begin(bool rises, Sample now);
  void begin_plateau(Sample now);

  double least_;
  std::vector<Sample> newest_;  // the last three, as measured
  std::vector<Stage> stages_;
  // of a plateau: its extremes, and the last samples that were still near them
  bool in_stage_ = false, any_ = false;
  double low_ = 0.0, high_ = 0.0;
  Sample near_low_, near_high_;
  // of a stage: when it last gained, how much it had then, and how often it did not since
  Sample gain_;
  int without_gain_ = 0;
};

/// As it was known at `step`: later ones are not there, and what ended later goes on.
std::vector<Stage> stages_known_at(std::span<const Stage> stages, std::int64_t step);

}  // namespace grokscope
