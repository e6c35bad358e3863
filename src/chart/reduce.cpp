#include "chart/reduce.h"

#include <algorithm>
#include <cmath>

namespace grokscope {
namespace {

constexpr float kFarPx = 20000;  // beyond any screen: keeps floats exact when a value leaves the axis

class Pen {
 public:
  explicit Pen(const PlotTransform& transform) : transform_(transform) {}

  void add(float px, double y) {
    const bool clamped = transform_.y.scale == Scale::log && y <= 0;
    const float low = transform_.area_px.y - kFarPx,
                high = transform_.area_px.y + transform_.area_px.height + kFarPx;
    const Point point{px, std::clamp(transform_.px_from_y(y), low, high)};
    if (clamped) line_.clamped.push_back(point);
    if (!open_) line_.pieces.emplace_back();
    open_ = true;
    auto& piece = line_.pieces.back();
    if (piece.empty() || piece.back().x != point.x || piece.back().y != point.y) piece.push_back(point);
  }
  void lift() { open_ = false; }
  ReducedLine finish(double end_x) {
    if (!line_.pieces.empty()) {
      line_.end = line_.pieces.back().back();
      line_.end_x = end_x;
    }
    return std::move(line_);
  }

 private:
  const PlotTransform& transform_;
  ReducedLine line_;
  bool open_ = false;
};

/// What lies in one pixel column, in the order it is drawn. First and last keep their own places, so that a
/// smooth line stays smooth; the extremes stand between them unless they are first or last themselves.
void add_column(Pen& pen, float first_px, float last_px, const MinMax& column) {
  if (!column.any) return;
  const bool rising = std::abs(column.first - column.minimum) <= std::abs(column.first - column.maximum);
  const float middle_px = (first_px + last_px) / 2;
  pen.add(first_px, column.first);
  for (const double extreme :
       {rising ? column.minimum : column.maximum, rising ? column.maximum : column.minimum}) {
    if (extreme != column.first && extreme != column.last) pen.add(middle_px, extreme);
  }
  pen.add(last_px, column.last);
}

float far_clamped(const PlotTransform& transform, double x) {
  const float px = transform.px_from_x(x);
  return std::clamp(px, transform.area_px.x - kFarPx, transform.area_px.x + transform.area_px.width + kFarPx);
}

/// The first index in [from, end) whose x is not below `value`, `end` if there is none. Looks near `from` +
/// `guess` first: neighbouring columns hold about as many samples, and a search over millions would miss the
/// cache at every turn.
std::size_t first_not_below(std::span<const double> x, std::size_t from, std::size_t end, double value,
                            std::size_t guess) {
  std::size_t low = from, high = end, stride = std::max<std::size_t>(guess, 1);
  for (std::size_t probe = from + stride; probe < end; probe = low + stride) {
    if (!(x[probe - 1] < value)) {
      high = probe;
      break;
    }
    low = probe;
    stride = low == from + guess ? std::max<std::size_t>(guess / 16, 1) : 2 * stride;
  }
  return static_cast<std::size_t>(std::lower_bound(x.begin() + static_cast<std::ptrdiff_t>(low),
                                                   x.begin() + static_cast<std::ptrdiff_t>(high), value) -
                                  x.begin());
}

/// The last finite sample of [begin, end) has this x; 0 if there is none.
double last_finite_x(const Series& series, std::size_t begin, std::size_t end) {
  for (std::size_t i = end; i-- > begin;) {
    if (std::isfinite(series.y()[i])) return series.x()[i];
  }
  return 0.0;
}

}  // namespace

ReducedLine reduce_series(const Series& series, const PlotTransform& transform, double until) {
  Pen pen(transform);
  const auto x = series.x();
  const auto y = series.y();
  const auto begin_of = [&](double value) {
    return static_cast<std::size_t>(std::lower_bound(x.begin(), x.end(), value) - x.begin());
  };
  const auto stop = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), until) - x.begin());
  const double low = std::min(*transform.x.minimum, *transform.x.maximum);
  const double high = std::max(*transform.x.minimum, *transform.x.maximum);
  // One sample on either side of the axis keeps the line running to the edge.
  std::size_t index = begin_of(low);
  if (index > 0) --index;
  const std::size_t last =
      std::min(stop, static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), high) - x.begin()) + 1);
  std::size_t guess = 1, drawn_begin = 0, drawn_end = 0;  // the last column that showed anything
  while (index < last) {
    const float px = far_clamped(transform, x[index]);
    const double column = std::floor(px);
    std::size_t end =
        std::max(index + 1,
                 first_not_below(x, index, last, transform.x_from_px(static_cast<float>(column + 1)), guess));
    if (px < transform.area_px.x || px > transform.area_px.x + transform.area_px.width) end = index + 1;
    if (!std::isfinite(y[index])) pen.lift();
    bool drawn = end - index == 1 && std::isfinite(y[index]);
    if (end - index == 1) {
      if (drawn) pen.add(px, y[index]);
    } else {
      const MinMax summary = series.summarize(index, end);
      add_column(pen, px, far_clamped(transform, x[end - 1]), summary);
      if (summary.broken) pen.lift();
      drawn = summary.any;
    }
    if (drawn) {
      drawn_begin = index;
      drawn_end = end;
    }
    guess = end - index;
    index = end;
  }
  return pen.finish(last_finite_x(series, drawn_begin, drawn_end));
}

ReducedLine reduce_samples(std::span<const Sample> samples, const PlotTransform& transform, double until) {
  Pen pen(transform);
  double end_x = 0;
  for (std::size_t index = 0; index < samples.size();) {
    const Sample& sample = samples[index];
    if (!std::isfinite(sample.x) || !std::isfinite(sample.y) || sample.x > until) {
      if (!(sample.x > until)) pen.lift();
      ++index;
      continue;
    }
    const float px = far_clamped(transform, sample.x);
    MinMax column{sample.y, sample.y, sample.y, sample.y, 1, true, false};
    std::size_t end = index + 1;
    for (; end < samples.size(); ++end) {
      const Sample& next = samples[end];
      if (!std::isfinite(next.x) || !std::isfinite(next.y) || next.x > until) break;
      if (std::floor(far_clamped(transform, next.x)) != std::floor(px)) break;
      column.minimum = std::min(column.minimum, next.y);
      column.maximum = std::max(column.maximum, next.y);
      column.last = next.y;
    }
    // Few samples in a column keep their own places: paths may turn back inside it.
    if (end - index <= 4) {
      for (std::size_t i = index; i < end; ++i) pen.add(far_clamped(transform, samples[i].x), samples[i].y);
    } else {
      add_column(pen, px, far_clamped(transform, samples[end - 1].x), column);
    }
    end_x = samples[end - 1].x;
    index = end;
  }
  return pen.finish(end_x);
}

}  // namespace grokscope
