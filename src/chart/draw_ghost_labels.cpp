// Labels of ghosts: each beside its own line, where it covers nothing of the shown run.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "chart/draw.h"

namespace grokscope {
namespace {

/// Whether the segment from a to b touches the box (Liang and Barsky 1984).
bool crosses(const Rect& box, Point a, Point b) {
  float from = 0, to = 1;
  const float dx = b.x - a.x, dy = b.y - a.y;
  const auto clip = [&](float by, float room) {
    if (by == 0) return room >= 0;
    const float at = room / by;
    if (by < 0)
      from = std::max(from, at);
    else
      to = std::min(to, at);
    return from <= to;
  };
  return clip(-dx, a.x - box.x) && clip(dx, box.x + box.width - a.x) && clip(-dy, a.y - box.y) &&
         clip(dy, box.y + box.height - a.y);
}

bool crosses(const Rect& box, const std::vector<Point>& line) {
  if (line.size() == 1) return box.contains(line[0].x, line[0].y);
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (crosses(box, line[i - 1], line[i])) return true;
  }
  return false;
}

bool lies_inside(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

struct Place {
  float x = 0, y = 0, anchor = 0;
};

/// Beside the line, from its end backwards; the first that covers neither the shown run nor another text, and if
/// possible no ghost either.
bool find_place(const Sheet& sheet, const Rect& area, const GhostLine& ghost, const PlotInk& ink,
                const TextStyle& style, Place& found) {
  const float away = sheet.line_height(style.size) * 0.75f, least = sheet.px(14);
  const Rect room = shrunk(area, sheet.px(2));
  const auto free_of_runs = [&](const Rect& box) {
    return std::none_of(ink.strokes.begin(), ink.strokes.end(),
                        [&](const std::vector<Point>& stroke) { return crosses(box, stroke); });
  };
  const auto free_of_ghosts = [&](const Rect& box) {
    return std::none_of(ink.ghosts.begin(), ink.ghosts.end(),
                        [&](const GhostLine& other) { return crosses(box, other.points); });
  };
  for (const bool alone : {true, false}) {
    Point last{1e9f, 1e9f};
    for (auto at = ghost.points.rbegin(); at != ghost.points.rend(); ++at) {
      if (std::hypot(at->x - last.x, at->y - last.y) < least || !shrunk(area, -1).contains(at->x, at->y)) continue;
      last = *at;
      for (const Place place : {Place{at->x + sheet.px(6), at->y, 0}, Place{at->x, at->y - away, 1},
                                Place{at->x, at->y + away, 1}, Place{at->x, at->y - away, 0},
                                Place{at->x, at->y + away, 0}, Place{at->x - sheet.px(8), at->y, 1}}) {
        const Rect box = sheet.text_box(ghost.label, style, place.x, place.y, place.anchor);
        const Rect clear = shrunk(box, -sheet.px(3));
        if (!lies_inside(box, room) || !sheet.is_free(box) || !free_of_runs(clear)) continue;
        if (alone && !free_of_ghosts(clear)) continue;
        found = place;
        return true;
      }
    }
  }
  return false;
}

}  // namespace

void label_ghosts(Sheet& sheet, const PlotFrame& frame, const PlotInk& ink) {
  const TextStyle style{Face::regular, TextSize::small, sheet.theme().dim};
  for (const GhostLine& ghost : ink.ghosts) {
    GhostLine shown = ghost;
    shown.label = sheet.fitted(ghost.label, style.face, style.size, frame.transform.area_px.width * 0.8f);
    Place place;
    if (shown.label.empty() || !find_place(sheet, frame.transform.area_px, shown, ink, style, place)) continue;
    sheet.place(shown.label, style, place.x, place.y, place.anchor);
  }
}

}  // namespace grokscope
