// PlotTransform: pixels from data and back, an axis at a time.
#include <cmath>

#include "chart/axis_pixels.h"

namespace grokscope {

AxisPixels::AxisPixels(const Axis& axis, double begin_px, double length_px, bool upwards)
    : begin_px_(begin_px),
      length_px_(length_px),
      upwards_(upwards),
      log_(axis.scale == Scale::log),
      low_(axis.minimum.value_or(0)),
      high_(axis.maximum.value_or(1)),
      decades_(log_ ? std::log10(high_ / low_) : 0) {}

AxisPixels AxisPixels::along_x(const PlotTransform& transform) {
  return {transform.x, transform.area_px.x, transform.area_px.width, false};
}

AxisPixels AxisPixels::along_y(const PlotTransform& transform) {
  return {transform.y, transform.area_px.y, transform.area_px.height, true};
}

double AxisPixels::value_from(float px) const {
  double share = 0;
  if (length_px_ > 0) {
    share = (px - begin_px_) / length_px_;
    if (upwards_) share = 1 - share;
  }
  return log_ ? low_ * std::pow(high_ / low_, share) : low_ + (high_ - low_) * share;
}

float PlotTransform::px_from_x(double x_value) const {
  return AxisPixels::along_x(*this).px_from(x_value);
}

float PlotTransform::px_from_y(double y_value) const {
  return AxisPixels::along_y(*this).px_from(y_value);
}

double PlotTransform::x_from_px(float px) const {
  return AxisPixels::along_x(*this).value_from(px);
}

double PlotTransform::y_from_px(float px) const {
  return AxisPixels::along_y(*this).value_from(px);
}

}  // namespace grokscope
