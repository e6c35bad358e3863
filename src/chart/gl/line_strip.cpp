#include "chart/gl/line_strip.h"

#include <algorithm>
#include <cmath>

namespace grokscope::gl {
namespace {

constexpr float kBorder = 1.0f;  // pixels of anti-aliasing outside the line

/// No overflow to fear among pixels: hypot() without its care.
float length_of(float dx, float dy) {
  return static_cast<float>(std::sqrt(static_cast<double>(dx) * dx + static_cast<double>(dy) * dy));
}

/// Tangent of half the angle between two unit directions, signed (positive: turns right with y down); huge
/// when it folds back.
float half_turn(Point a, Point b) {
  const float dot = a.x * b.x + a.y * b.y, cross = a.x * b.y - a.y * b.x;
  return 1 + dot < 0.05f ? 1e6f : cross / (1 + dot);
}

/// Mitres fit when the corner moves by less than the segments are long, and are not spiky.
bool is_gentle(float turn, float shorter_px, float reach_px) {
  turn = std::abs(turn);
  return turn < 0.7f && turn * reach_px < 0.9f * shorter_px;
}

}  // namespace

void LineStrip::trace(std::span<const Point> points, float scale, float half_px) {
  segments_.clear();
  reach_px_ = half_px + kBorder;
  if (points.empty()) return;
  const auto scaled = [scale](const Point& point) { return Point{point.x * scale, point.y * scale}; };
  float along = 0;
  Point from = scaled(points[0]);
  for (const Point& point : points.subspan(1)) {
    const Point to = scaled(point);
    const float dx = to.x - from.x, dy = to.y - from.y, length = length_of(dx, dy);
    if (length < 0.02f) continue;
    Segment segment{from, dx / length, dy / length, length, along, 0, false, along, 0};
    if (!segments_.empty()) {
      const Segment& before = segments_.back();
      segment.half_turn = half_turn({before.dx, before.dy}, {segment.dx, segment.dy});
      segment.joined = is_gentle(segment.half_turn, std::min(before.length, length), reach_px_);
      if (segment.joined) segment.run_begin = before.run_begin;
    }
    segments_.push_back(segment);
    along += length;
    from = to;
  }
  // Where a run ends is known at its last segment only.
  for (std::size_t i = segments_.size(); i-- > 0;) {
    const bool joins = i + 1 < segments_.size() && segments_[i + 1].joined;
    Segment& segment = segments_[i];
    segment.run_end = joins ? segments_[i + 1].run_end : segment.begin + segment.length;
  }
}

LineQuad LineStrip::quad(std::size_t index) const {
  const Segment& s = segments_[index];
  const bool joins = index + 1 < segments_.size() && segments_[index + 1].joined;
  const float end_turn = joins ? segments_[index + 1].half_turn : 0;
  LineQuad quad;
  quad.run_begin = s.run_begin;
  quad.run_end = s.run_end;
  for (int side = 0; side < 2; ++side) {
    const float across = side == 0 ? -reach_px_ : reach_px_;  // y down: negative is left
    // Shift of the corners along the segment: mitre where joined, room for a cap where not.
    const float at_begin = s.joined ? across * s.half_turn : -reach_px_;
    const float at_end = s.length + (joins ? -across * end_turn : reach_px_);
    quad.corner[side] = {s.from.x + s.dx * at_begin - s.dy * across,
                         s.from.y + s.dy * at_begin + s.dx * across};
    quad.corner[side + 2] = {s.from.x + s.dx * at_end - s.dy * across,
                             s.from.y + s.dy * at_end + s.dx * across};
    quad.along[side] = s.joined ? s.begin : s.begin - reach_px_;
    quad.along[side + 2] = joins ? s.begin + s.length : s.begin + s.length + reach_px_;
    quad.across[side] = quad.across[side + 2] = across;
  }
  return quad;
}

}  // namespace grokscope::gl
