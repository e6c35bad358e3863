// AxisPixels: one axis of a plot as a map between data and pixels, with what depends on the axis alone (its
// logarithm, above all) computed once: for code that converts every sample of a line. Internal to the chart.
#pragma once

#include <cmath>

#include "chart/scene.h"

namespace grokscope {

class AxisPixels {
 public:
  static AxisPixels along_x(const PlotTransform& transform);
  static AxisPixels along_y(const PlotTransform& transform);

  /// A real logarithm on a log axis; values <= 0 stand on its minimum.
  float px_from(double value) const {
    const double share = share_from(value);
    return static_cast<float>(begin_px_ + length_px_ * (upwards_ ? 1 - share : share));
  }
  double value_from(float px) const;

 private:
  AxisPixels(const Axis& axis, double begin_px, double length_px, bool upwards);
  double share_from(double value) const {
    if (!log_) return (value - low_) / (high_ - low_);
    return value > 0 ? std::log10(value / low_) / decades_ : 0;
  }

  double begin_px_, length_px_;
  bool upwards_;  ///< the axis grows against the pixels
  bool log_;
  double low_, high_;
  double decades_;  ///< of a log axis
};

}  // namespace grokscope
