#include "history/stages.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace grokscope {

namespace {

constexpr double kNear = 0.4;         // of the least change: a creep this small is still the plateau
constexpr double kNoGain = 0.2;       // of the least change
constexpr double kRestFactor = 1.25;  // a stage is over when it gains nothing while the steps grow by this
constexpr int kRestSamples = 3;       // and that many samples long

double middle_of(double a, double b, double c) {
  return std::max(std::min(a, b), std::min(std::max(a, b), c));
}

}  // namespace

/// The median of three takes out a single outlier; it is known one sample later.
void StageDetector::see(std::int64_t step, double value) {
  if (!std::isfinite(value) || (!newest_.empty() && step <= newest_.back().step)) return;
  newest_.push_back({step, value});
  if (newest_.size() > 3) newest_.erase(newest_.begin());
  if (newest_.size() == 1) {
    see_smooth(newest_.front());
  } else if (newest_.size() == 3) {
    see_smooth({newest_[1].step, middle_of(newest_[0].value, newest_[1].value, newest_[2].value)});
  }
}

void StageDetector::see_smooth(Sample now) {
  if (!any_) {
    any_ = true;
    begin_plateau(now);
  } else if (in_stage_) {
    see_stage(now);
  } else {
    see_plateau(now);
  }
}

void StageDetector::begin_plateau(Sample now) {
  in_stage_ = false;
  low_ = high_ = now.value;
  near_low_ = near_high_ = now;
}

void StageDetector::see_plateau(Sample now) {
  low_ = std::min(low_, now.value);
  high_ = std::max(high_, now.value);
  if (now.value <= low_ + kNear * least_) near_low_ = now;
  if (now.value >= high_ - kNear * least_) near_high_ = now;
  if (now.value >= low_ + least_) {
    begin(true, now);
  } else if (now.value <= high_ - least_) {
    begin(false, now);
  }
}

void StageDetector::begin(bool rises, Sample now) {
  const Sample from = rises ? near_low_ : near_high_;
  stages_.push_back({rises, from.step, -1, from.value, now.value, newest_.back().step, -1});
  in_stage_ = true;
  gain_ = now;
  without_gain_ = 0;
}

void StageDetector::see_stage(Sample now) {
  Stage& stage = stages_.back();
  const double gained = stage.rises ? now.value - gain_.value : gain_.value - now.value;
  if (stage.rises ? now.value > stage.to : now.value < stage.to) stage.to = now.value;
  if (gained >= kNoGain * least_) {
    gain_ = now;
    without_gain_ = 0;
    return;
  }
  ++without_gain_;
  const bool turned = gained <= -least_;
  const bool rests = without_gain_ >= kRestSamples &&
                     static_cast<double>(now.step) >= kRestFactor * static_cast<double>(gain_.step);
  if (!turned && !rests) return;
  stage.end_step = gain_.step;
  stage.closed_step = newest_.back().step;
  begin_plateau(gain_);
  see_plateau(now);
}

std::vector<Stage> stages_known_at(std::span<const Stage> stages, std::int64_t step) {
  std::vector<Stage> known;
  for (Stage stage : stages) {
    if (stage.known_step > step) break;
    if (stage.closed_step > step) stage.end_step = stage.closed_step = -1;
    known.push_back(stage);
  }
  return known;
}

}  // namespace grokscope
