#include "chart/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chart/axis_pixels.h"

namespace grokscope {
namespace {

constexpr float kFarPx = 20000;       // beyond any screen: keeps floats exact when a value leaves the axis
constexpr float kFarthestPx = 1e30f;  // a finite number

/// Where samples lie; the Pen cuts what is farther away than kFarPx.
class Places {
 public:
  explicit Places(const PlotTransform& transform)
      : area_(transform.area_px), x_(AxisPixels::along_x(transform)), y_(AxisPixels::along_y(transform)) {}

  float px_from_x(double x) const { return std::clamp(x_.px_from(x), -kFarthestPx, kFarthestPx); }
  float px_from_y(double y) const { return std::clamp(y_.px_from(y), -kFarthestPx, kFarthestPx); }
  double x_from_px(float px) const { return x_.value_from(px); }
  /// Within kFarPx of the area.
  bool is_near(const Point& at) const {
    return at.x >= area_.x - kFarPx && at.x <= area_.x + area_.width + kFarPx && at.y >= area_.y - kFarPx &&
           at.y <= area_.y + area_.height + kFarPx;
  }
  /// The part of a stroke that is near; false if none is.
  bool cut(Point& from, Point& to) const;

 private:
  const Rect area_;
  const AxisPixels x_, y_;
};

/// Liang and Barsky 1984, in float64: a slope stays what it is.
bool Places::cut(Point& from, Point& to) const {
  const double dx = static_cast<double>(to.x) - from.x, dy = static_cast<double>(to.y) - from.y;
  double enter = 0, leave = 1;
  const auto keep_side = [&](double step, double room) {  // step * share <= room
    if (step == 0) return room >= 0;
    const double share = room / step;
    if (step > 0)
      leave = std::min(leave, share);
    else
      enter = std::max(enter, share);
    return enter <= leave;
  };
  const double left = area_.x - kFarPx, right = area_.x + area_.width + kFarPx;
  const double top = area_.y - kFarPx, bottom = area_.y + area_.height + kFarPx;
  if (!keep_side(-dx, from.x - left) || !keep_side(dx, right - from.x) || !keep_side(-dy, from.y - top) ||
      !keep_side(dy, bottom - from.y)) {
    return false;
  }
  const Point start = from;
  from = {static_cast<float>(start.x + enter * dx), static_cast<float>(start.y + enter * dy)};
  to = {static_cast<float>(start.x + leave * dx), static_cast<float>(start.y + leave * dy)};
  return true;
}

class Pen {
 public:
  Pen(const PlotTransform& transform, const Places& places)
      : log_y_(transform.y.scale == Scale::log), places_(places) {}

  void add(float px, double y) {
    const Point point{px, places_.px_from_y(y)};
    if (log_y_ && y <= 0) line_.clamped.push_back(point);
    const bool near = places_.is_near(point);
    Point from = last_, to = point;
    // A stroke to or from far away: the part of it that is near, as a piece that may begin or end there.
    if (down_ && !(near && last_near_) && places_.cut(from, to)) {
      if (!last_near_) line_.pieces.push_back({from});
      push(to);
    } else if (near) {
      if (!down_ || !last_near_) line_.pieces.emplace_back();
      push(point);
    }
    down_ = true;
    last_ = point;
    last_near_ = near;
  }
  void lift() { down_ = false; }
  ReducedLine finish(double end_x) {
    if (!line_.pieces.empty()) {
      line_.end = line_.pieces.back().back();
      line_.end_x = end_x;
    }
    return std::move(line_);
  }

 private:
  void push(const Point& point) {
    auto& piece = line_.pieces.back();
    if (piece.empty() || piece.back().x != point.x || piece.back().y != point.y) piece.push_back(point);
  }

  const bool log_y_;
  const Places& places_;
  ReducedLine line_;
  bool down_ = false, last_near_ = false;
  Point last_;
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

/// The first index in [from, end) whose x is not below `value`, `end` if there is none. Every look into
/// millions of samples may miss the cache, so it looks first where the value is if x goes on at `density`
/// samples a unit (there it is when steps are an equal distance apart), and from there ever farther away.
std::size_t first_not_below(std::span<const double> x, std::size_t from, std::size_t end, double value,
                            double density) {
  if (!(x[from] < value)) return from;
  const std::size_t farthest = end - 1 - from;
  const double wanted = std::max(std::ceil((value - x[from]) * density), 1.0);
  const std::size_t offset =
      wanted < static_cast<double>(farthest) ? static_cast<std::size_t>(wanted) : farthest;
  std::size_t low = from + 1, high = from + offset, stride = 1;
  if (x[high] < value) {
    low = high + 1;
    for (; low + stride <= end && x[low + stride - 1] < value; stride *= 2) low += stride;
    high = std::min(low + stride - 1, end);
  } else {
    for (; high - from > stride && !(x[high - stride] < value); stride *= 2) high -= stride;
    if (high - from > stride) low = high - stride + 1;
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

constexpr std::size_t kAhead = 8;  // so many columns before it is read, memory is fetched

/// Where the pixel columns of the area end, in data units, each computed once.
class ColumnEnds {
 public:
  ColumnEnds(const Rect& area, const Places& places)
      : first_px_(std::floor(area.x)),
        places_(places),
        ends_(static_cast<std::size_t>(std::floor(area.x + area.width) - first_px_) + 1 + kAhead, kUnknown) {}

  double end_of(float px, std::size_t columns_ahead) {
    const std::size_t column = static_cast<std::size_t>(std::floor(px) - first_px_) + columns_ahead;
    if (std::isnan(ends_[column]))
      ends_[column] = places_.x_from_px(first_px_ + static_cast<float>(column + 1));
    return ends_[column];
  }

 private:
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const float first_px_;
  const Places& places_;
  std::vector<double> ends_;
};

/// Samples [begin, end) of one pixel column; the end is where the next one begins.
struct Column {
  std::size_t begin;
  float px;  ///< of its first sample
};

/// The columns of the samples that the axis shows and of one on either side, which keeps the line running to
/// the edge; last an end without samples of its own.
std::vector<Column> columns_of(std::span<const double> x, const PlotTransform& transform,
                               const Places& places, double until) {
  const auto index_of = [&x](auto found) { return static_cast<std::size_t>(found - x.begin()); };
  const double low = std::min(*transform.x.minimum, *transform.x.maximum);
  const double high = std::max(*transform.x.minimum, *transform.x.maximum);
  std::size_t index = index_of(std::lower_bound(x.begin(), x.end(), low));
  if (index > 0) --index;
  const std::size_t last = std::min(index_of(std::upper_bound(x.begin(), x.end(), until)),
                                    index_of(std::upper_bound(x.begin(), x.end(), high)) + 1);
  const float left = transform.area_px.x, right = left + transform.area_px.width;
  constexpr std::size_t kWide = 8;  // samples: the processor itself fetches what is as near as that
  ColumnEnds ends(transform.area_px, places);
  std::vector<Column> columns;
  double density = 0;  // samples a unit of x, in the last column
  for (std::size_t width = 0; index < last; index += width) {
    const float px = places.px_from_x(x[index]);
    columns.push_back({index, px});
    const bool inside = px >= left && px <= right;
    if (inside && width > kWide) {
      const double ahead = (ends.end_of(px, kAhead) - x[index]) * density;
      if (ahead < static_cast<double>(last - index))
        __builtin_prefetch(x.data() + index + static_cast<std::size_t>(std::max(ahead, 0.0)));
    }
    width = inside ? first_not_below(x, index, last, ends.end_of(px, 0), density) - index : 1;
    width = std::max<std::size_t>(width, 1);
    const double rise = x[index + width - 1] - x[index];
    if (rise > 0) density = static_cast<double>(width - 1) / rise;
  }
  columns.push_back({index, 0});
  return columns;
}

}  // namespace

ReducedLine reduce_series(const Series& series, const PlotTransform& transform, double until) {
  const Places places(transform);
  Pen pen(transform, places);
  // All columns are known before the first one is summarised, so that what the next ones need is on its way.
  const std::vector<Column> columns = columns_of(series.x(), transform, places, until);
  std::size_t drawn_begin = 0, drawn_end = 0;  // the last column that showed anything
  for (std::size_t i = 0; i + 1 < columns.size(); ++i) {
    if (i + kAhead < columns.size()) series.prefetch(columns[i + kAhead].begin);
    const std::size_t begin = columns[i].begin, end = columns[i + 1].begin;
    const MinMax summary = series.summarize(begin, end);
    if (!std::isfinite(series.y()[begin])) pen.lift();
    if (summary.any) {
      const float px = columns[i].px;
      if (end - begin == 1) {
        pen.add(px, summary.first);
      } else {
        add_column(pen, px, places.px_from_x(series.x()[end - 1]), summary);
      }
      drawn_begin = begin;
      drawn_end = end;
    }
    if (summary.broken) pen.lift();
  }
  return pen.finish(last_finite_x(series, drawn_begin, drawn_end));
}

ReducedLine reduce_samples(std::span<const Sample> samples, const PlotTransform& transform, double until) {
  const Places places(transform);
  Pen pen(transform, places);
  double end_x = 0;
  for (std::size_t index = 0; index < samples.size();) {
    const Sample& sample = samples[index];
    if (!std::isfinite(sample.x) || !std::isfinite(sample.y) || sample.x > until) {
      if (!(sample.x > until)) pen.lift();
      ++index;
      continue;
    }
    const float px = places.px_from_x(sample.x);
    MinMax column{sample.y, sample.y, sample.y, sample.y, 1, true, false};
    std::size_t end = index + 1;
    for (; end < samples.size(); ++end) {
      const Sample& next = samples[end];
      if (!std::isfinite(next.x) || !std::isfinite(next.y) || next.x > until) break;
      if (std::floor(places.px_from_x(next.x)) != std::floor(px)) break;
      column.minimum = std::min(column.minimum, next.y);
      column.maximum = std::max(column.maximum, next.y);
      column.last = next.y;
    }
    // Few samples in a column keep their own places: paths may turn back inside it.
    if (end - index <= 4) {
      for (std::size_t i = index; i < end; ++i) pen.add(places.px_from_x(samples[i].x), samples[i].y);
    } else {
      add_column(pen, px, places.px_from_x(samples[end - 1].x), column);
    }
    end_x = samples[end - 1].x;
    index = end;
  }
  return pen.finish(end_x);
}

}  // namespace grokscope
