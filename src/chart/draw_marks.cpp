// Shapes of the marks: bands, grid, bars, lines, points, flags' lines, cursor. No text here.
#include <algorithm>
#include <cmath>
#include <limits>

#include "chart/draw.h"
#include "chart/reduce.h"

namespace grokscope {
namespace {

Dash dash_of_line(const LineMark& line) {
  return line.dash == Dash::automatic ? dash_of(line.role) : line.dash;
}

/// The part of [x0, x1] that lies inside the area, in pixels.
bool span_px(const PlotTransform& transform, double x0, double x1, float& left, float& right) {
  const Rect& area = transform.area_px;
  left = transform.px_from_x(std::min(x0, x1));
  right = transform.px_from_x(std::max(x0, x1));
  if (left > right) std::swap(left, right);
  left = std::max(left, area.x);
  right = std::min(right, area.x + area.width);
  return right > left;
}

/// Where a line that goes on beyond the right edge of a zoomed plot leaves it.
Point left_at(const std::vector<Point>& piece, float right) {
  for (std::size_t i = piece.size(); i-- > 1;) {
    const Point &inside = piece[i - 1], &outside = piece[i];
    if (inside.x > right) continue;
    const float share = outside.x > inside.x ? (right - inside.x) / (outside.x - inside.x) : 1.0f;
    return {right, inside.y + share * (outside.y - inside.y)};
  }
  return piece.back();
}

/// "train 100 %" -> "train": the number is that of the line's end, and that is not in sight.
std::string without_value(const std::string& label) {
  for (std::size_t at = label.find(' '); at != std::string::npos; at = label.find(' ', at + 1)) {
    if (at + 1 < label.size() && label[at + 1] >= '0' && label[at + 1] <= '9') return label.substr(0, at);
  }
  return label;
}

class MarkPainter {
 public:
  MarkPainter(Sheet& sheet, const Chart& chart, const PlotFrame& frame)
      : sheet_(sheet),
        chart_(chart),
        frame_(frame),
        transform_(frame.transform),
        area_(frame.transform.area_px) {}

  void operator()(const BandMark&) {}  // drawn below the grid
  void operator()(const NoteMark&) {}
  void operator()(const FieldMark& field) { draw_field(sheet_, field, transform_); }
  void operator()(const AreaMark& mark) { draw_area(sheet_, mark, transform_); }
  void operator()(const BarsMark& bars);
  void operator()(const LineMark& line);
  void operator()(const PointsMark& points);
  void operator()(const FlagMark& flag);
  void operator()(const MarkerMark& marker);

  PlotInk ink;

 private:
  Color color(Role role) const { return color_of(sheet_.theme(), role); }

  Sheet& sheet_;
  const Chart& chart_;
  const PlotFrame& frame_;
  const PlotTransform& transform_;
  const Rect& area_;
};

/// Bars narrower than a pixel share a column: the tallest is shown, a strong one wins.
struct BarColumn {
  float left = 0, right = 0, top = 0;
  bool strong = false;
};

void MarkPainter::operator()(const BarsMark& bars) {
  const float zero = std::clamp(transform_.px_from_y(0), area_.y, area_.y + area_.height);
  const float base = transform_.y.scale == Scale::log ? area_.y + area_.height : zero;
  std::vector<BarColumn> columns;
  for (std::size_t i = 0; i < bars.bars.size(); ++i) {
    const Sample& bar = bars.bars[i];
    BarColumn column;
    if (!std::isfinite(bar.y) ||
        !span_px(transform_, bar.x - bars.width / 2, bar.x + bars.width / 2, column.left, column.right)) {
      continue;
    }
    column.top = std::clamp(transform_.px_from_y(bar.y), area_.y, area_.y + area_.height);
    column.strong = i < bars.strong.size() && bars.strong[i] != 0;
    const bool narrow = column.right - column.left < 1;
    if (narrow) {
      column.left = std::floor(column.left);
      column.right = column.left + 1;
    }
    if (narrow && !columns.empty() && columns.back().left == column.left) {
      BarColumn& last = columns.back();
      const bool wins = column.strong != last.strong
                            ? column.strong
                            : std::abs(column.top - base) > std::abs(last.top - base);
      if (wins) last = column;
    } else {
      columns.push_back(column);
    }
  }
  const Theme& theme = sheet_.theme();
  const Color quiet = blend(with_opacity(theme.dim, 0.45), theme.panel);
  for (const BarColumn& column : columns) {
    float left = column.left, right = column.right;
    if (right - left >= 3) {
      left = std::round(left);
      right = std::max(left + 1, std::round(right));
    }
    const float top = std::min(column.top, base), height = std::abs(column.top - base);
    sheet_.rect({left, top, right - left, std::max(height, column.strong ? 1.0f : 0.5f)},
                column.strong ? theme.accent : quiet);
  }
}

void MarkPainter::operator()(const LineMark& line) {
  constexpr double kForever = std::numeric_limits<double>::infinity();
  const double until = line.ends_at_cursor ? chart_.x_until.value_or(kForever) : kForever;
  ReducedLine reduced = line.series != nullptr ? reduce_series(*line.series, transform_, until)
                                               : reduce_samples(line.samples, transform_, until);
  const bool ghost = line.run == RunTone::ghost;
  const float width = sheet_.px(line.width_px) * sheet_.theme().line_scale * width_share(line.run);
  const Color stroke = with_opacity(color_of(sheet_.theme(), line.role, line.run), line.opacity);
  const Rect clip{area_.x - width, area_.y - width, area_.width + 2 * width, area_.height + 2 * width};
  if (ghost && !line.label.empty()) {
    ink.ghosts.push_back({{}, line.label});
    for (const auto& piece : reduced.pieces)
      ink.ghosts.back().points.insert(ink.ghosts.back().points.end(), piece.begin(), piece.end());
  }
  const std::vector<Point> last_piece = reduced.pieces.empty() ? std::vector<Point>() : reduced.pieces.back();
  for (auto& piece : reduced.pieces) {
    if (!ghost && !ink.ghosts.empty()) ink.strokes.push_back(piece);
    ink.points.insert(ink.points.end(), piece.begin(), piece.end());
    if (piece.size() == 1) {
      if (clip.contains(piece[0].x, piece[0].y)) sheet_.circle(piece[0], width * 0.75f, stroke);
      continue;
    }
    sheet_.add(ScenePolyline{std::move(piece), stroke, width, dash_of_line(line), clip});
  }
  const float right = area_.x + area_.width;
  const bool leaves = chart_.zoom.x && reduced.end && reduced.end_x > *transform_.x.maximum;
  if (leaves) reduced.end = left_at(last_piece, right);
  ink.clamped = ink.clamped || !reduced.clamped.empty();
  float marked_until = -std::numeric_limits<float>::infinity();
  for (const Point& point : reduced.clamped) {
    if (!clip.contains(point.x, point.y) || point.x < marked_until) continue;
    sheet_.circle(point, width * 1.1f, stroke);
    marked_until = point.x + sheet_.px(16);
  }
  if (line.label.empty() || !reduced.end || ghost) return;
  if (chart_.zoom.x && reduced.end->x < area_.x) return;  // it ended before what is shown begins
  // A line that leaves the plot, or has only its start, which no log axis shows, keeps its label.
  const auto kept_in = [](float at, float low, float high) { return at >= low ? std::min(at, high) : low; };
  const Point end{kept_in(reduced.end->x, area_.x, right),
                  kept_in(reduced.end->y, area_.y, area_.y + area_.height)};
  ink.ends.push_back({end, leaves ? without_value(line.label) : line.label, color(line.role)});
}

void MarkPainter::operator()(const PointsMark& points) {
  const float radius = sheet_.px(points.radius_px);
  const Rect clip{area_.x - radius, area_.y - radius, area_.width + 2 * radius, area_.height + 2 * radius};
  for (std::size_t i = 0; i < points.points.size(); ++i) {
    const Point at{transform_.px_from_x(points.points[i].x), transform_.px_from_y(points.points[i].y)};
    if (!std::isfinite(at.x) || !std::isfinite(at.y) || !clip.contains(at.x, at.y)) continue;
    const bool cyclic = i < points.hue.size() && std::isfinite(points.hue[i]);
    sheet_.circle(at, radius, cyclic ? color_from_hue(sheet_.theme(), points.hue[i]) : color(points.role));
  }
}

void MarkPainter::operator()(const FlagMark& flag) {
  const float x = transform_.px_from_x(flag.x);
  if (!std::isfinite(x) || x < area_.x || x > area_.x + area_.width) return;
  const float width = sheet_.px(1) * sheet_.theme().line_scale;
  const float column = std::floor(x) + 0.5f;
  ink.strokes.push_back({{column, area_.y}, {column, area_.y + area_.height}});
  sheet_.add(ScenePolyline{{{column, area_.y}, {column, area_.y + area_.height}},
                           sheet_.theme().event,
                           width,
                           Dash::dashed,
                           area_});
}

void MarkPainter::operator()(const MarkerMark& marker) {
  const Point at{transform_.px_from_x(marker.x), transform_.px_from_y(marker.y)};
  if (!std::isfinite(at.x) || !std::isfinite(at.y)) return;
  const Rect clip = shrunk(area_, -2);
  if (!clip.contains(at.x, at.y)) return;
  sheet_.circle(at, sheet_.px(6.5f), sheet_.theme().panel);
  sheet_.circle(at, sheet_.px(5), color(marker.role));
  if (marker.hollow) sheet_.circle(at, sheet_.px(2.8f), sheet_.theme().panel);
  ink.points.push_back(at);
}

void draw_bands(Sheet& sheet, const Plot& plot, const PlotFrame& frame) {
  const Rect& area = frame.transform.area_px;
  for (const Mark& mark : plot.marks) {
    const auto* band = std::get_if<BandMark>(&mark);
    float left = 0, right = 0;
    if (band == nullptr || !span_px(frame.transform, band->x0, band->x1, left, right)) continue;
    left = std::round(left);
    right = std::round(right);
    sheet.rect({left, area.y, right - left, area.height},
               with_opacity(color_of(sheet.theme(), band->role), static_cast<double>(band->opacity)));
  }
}

}  // namespace

void draw_grid(Sheet& sheet, const PlotFrame& frame) {
  const Rect& area = frame.transform.area_px;
  const float line = sheet.hairline();
  const auto column = [&](float x) {
    sheet.rect({std::round(x - line / 2), area.y, line, area.height}, sheet.theme().grid);
  };
  const auto row = [&](float y) {
    sheet.rect({area.x, std::round(y - line / 2), area.width, line}, sheet.theme().grid);
  };
  if (frame.transform.x.hidden && frame.transform.y.hidden) {
    const float x = frame.transform.px_from_x(0), y = frame.transform.px_from_y(0);
    if (x > area.x && x < area.x + area.width) column(x);
    if (y > area.y && y < area.y + area.height) row(y);
    return;
  }
  if (!frame.transform.x.hidden) {
    for (const Tick& tick : frame.x_ticks) column(frame.transform.px_from_x(tick.value));
  }
  if (!frame.transform.y.hidden) {
    for (const Tick& tick : frame.y_ticks) row(frame.transform.px_from_y(tick.value));
  }
}

PlotInk draw_marks(Sheet& sheet, const Chart& chart, std::size_t plot, const PlotFrame& frame) {
  const Plot& source = chart.plots[plot];
  draw_bands(sheet, source, frame);
  const bool covered = std::any_of(source.marks.begin(), source.marks.end(),
                                   [](const Mark& mark) { return std::holds_alternative<FieldMark>(mark); });
  if (!covered) draw_grid(sheet, frame);
  MarkPainter painter(sheet, chart, frame);
  for (const Mark& mark : source.marks) std::visit(painter, mark);
  return std::move(painter.ink);
}

void draw_cursor(Sheet& sheet, const Chart& chart, std::size_t plot, const PlotFrame& frame) {
  if (!chart.cursor_x || !std::isfinite(*chart.cursor_x)) return;
  const PlotTransform& transform = frame.transform;
  const Rect& area = transform.area_px;
  const float x = transform.px_from_x(*chart.cursor_x);
  if (x < area.x - 0.5f || x > area.x + area.width + 0.5f) return;
  const float line = sheet.hairline();
  sheet.rect({std::round(x - line / 2), area.y, line, area.height}, with_opacity(sheet.theme().text, 0.4));
  for (const Mark& mark : chart.plots[plot].marks) {
    const auto* curve = std::get_if<LineMark>(&mark);
    if (curve == nullptr || curve->series == nullptr || curve->series->empty()) continue;
    const Sample nearest = curve->series->at(curve->series->nearest(*chart.cursor_x));
    if (!std::isfinite(nearest.y) || (chart.x_until && curve->ends_at_cursor && nearest.x > *chart.x_until))
      continue;
    const Point at{transform.px_from_x(nearest.x), transform.px_from_y(nearest.y)};
    if (!shrunk(area, -1).contains(at.x, at.y)) continue;
    sheet.circle(at, sheet.px(4.5f), sheet.theme().panel);
    sheet.circle(at, sheet.px(3.25f), color_of(sheet.theme(), curve->role, curve->run));
  }
}

}  // namespace grokscope
