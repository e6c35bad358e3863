// A polyline as quads: gentle joins share their mitred corners, sharp ones end and begin with a round cap.
// Pixels only.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "chart/scene.h"

namespace grokscope::gl {

/// One quad of a line. Corners: left and right of the begin, left and right of the end (looking along the
/// line).
struct LineQuad {
  Point corner[4];
  float along[4];            ///< arc length from the line's first point
  float across[4];           ///< signed distance from the centre line
  float run_begin, run_end;  ///< arc length where this unbroken run starts and ends: its caps
};

/// One line after the other, in the same memory.
class LineStrip {
 public:
  /// `scale`: pixels a unit of the points. `half_px`: half the width, without the border for anti-aliasing
  /// that this adds.
  void trace(std::span<const Point> points, float scale, float half_px);
  std::size_t size() const { return segments_.size(); }
  LineQuad quad(std::size_t index) const;

 private:
  struct Segment {
    Point from;
    float dx, dy, length, begin;  ///< unit direction; arc length at `from`
    float half_turn;              ///< at `from`: the tangent of half the angle from the one before it
    bool joined;                  ///< with the one before it
    float run_begin, run_end;
  };

  std::vector<Segment> segments_;
  float reach_px_ = 0;  ///< from the centre line to the edge of the border
};

}  // namespace grokscope::gl
