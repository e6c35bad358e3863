// Labels inside the plot: strong bars, points, markers, notes.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "chart/draw.h"

namespace grokscope {
namespace {

bool inside(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

void label_bars(Sheet& sheet, const BarsMark& bars, const PlotTransform& transform) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < std::min(bars.strong.size(), bars.bars.size()); ++i) {
    if (bars.strong[i] != 0 && i < bars.labels.size() && std::isfinite(bars.bars[i].y)) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return bars.bars[a].y > bars.bars[b].y; });
  const Rect& area = transform.area_px;
  for (const std::size_t i : order) {
    const float x = transform.px_from_x(bars.bars[i].x), top = transform.px_from_y(bars.bars[i].y);
    if (x < area.x || x > area.x + area.width) continue;
    const float y =
        std::clamp(top, area.y, area.y + area.height) - sheet.px(4) - sheet.size_px(TextSize::small) * 0.364f;
    sheet.place(bars.labels[i], {Face::semibold, TextSize::small, sheet.theme().text}, x, y, 0.5f);
  }
}

/// 0, n/2, n/4, 3n/4, ...: whatever fits of a ring of labels is spread evenly.
std::vector<std::size_t> spread_order(std::size_t count) {
  std::vector<std::size_t> order;
  std::vector<bool> used(count, false);
  std::size_t stride = 1;
  while (stride * 2 < count) stride *= 2;
  for (; stride >= 1; stride /= 2) {
    for (std::size_t i = 0; i < count; i += stride) {
      if (!used[i]) order.push_back(i);
      used[i] = true;
    }
    if (stride == 1) break;
  }
  return order;
}

void label_points(Sheet& sheet, const PointsMark& points, const PlotTransform& transform) {
  if (points.labels.empty() || points.points.empty()) return;
  std::vector<Point> at;
  Point middle;
  for (const Sample& point : points.points) {
    at.push_back({transform.px_from_x(point.x), transform.px_from_y(point.y)});
    middle.x += at.back().x / static_cast<float>(points.points.size());
    middle.y += at.back().y / static_cast<float>(points.points.size());
  }
  constexpr std::size_t kMostLabels = 24;
  const float radius = sheet.px(points.radius_px), size = sheet.size_px(TextSize::small);
  const auto covers_dot = [&](const Rect& box) {
    const Rect grown = shrunk(box, -radius);
    return std::any_of(at.begin(), at.end(), [&](const Point& dot) { return grown.contains(dot.x, dot.y); });
  };
  std::size_t placed = 0;
  for (const std::size_t i : spread_order(std::min(points.labels.size(), at.size()))) {
    if (points.labels[i].empty() || placed >= kMostLabels || !std::isfinite(at[i].x + at[i].y)) continue;
    const float dx = at[i].x - middle.x, dy = at[i].y - middle.y;
    const float distance = std::max(std::hypot(dx, dy), 1e-3f);
    const TextStyle style{Face::regular, TextSize::small, sheet.theme().dim};
    const float half = sheet.width(points.labels[i], Face::regular, TextSize::small) / 2;
    // Outwards, away from the middle, by as much as the label is deep in that direction.
    const float depth =
        radius + sheet.px(3) + std::abs(dx / distance) * half + std::abs(dy / distance) * size * 0.45f;
    const float x = at[i].x + dx / distance * depth, y = at[i].y + dy / distance * depth;
    const Rect box = sheet.text_box(points.labels[i], style, x, y, 0.5f);
    if (!inside(box, shrunk(transform.area_px, -sheet.px(8))) || covers_dot(shrunk(box, sheet.px(2))))
      continue;
    if (!sheet.is_free(shrunk(box, -sheet.px(6)))) continue;
    if (sheet.place(points.labels[i], style, x, y, 0.5f)) ++placed;
  }
}

void label_marker(Sheet& sheet, const MarkerMark& marker, const PlotTransform& transform,
                  const PlotInk& ink) {
  const Point at{transform.px_from_x(marker.x), transform.px_from_y(marker.y)};
  const Rect& area = transform.area_px;
  if (marker.label.empty() || !shrunk(area, -2).contains(at.x, at.y)) return;
  const TextStyle style{Face::semibold, TextSize::small, sheet.theme().text};
  const float side = sheet.px(11), above = sheet.px(9) + sheet.size_px(TextSize::small) * 0.5f;
  struct Candidate {
    float x, y, anchor;
  };
  const std::array<Candidate, 8> candidates{{{at.x + side, at.y, 0},
                                             {at.x - side, at.y, 1},
                                             {at.x, at.y - above, 0.5f},
                                             {at.x, at.y + above, 0.5f},
                                             {at.x + side, at.y - above, 0},
                                             {at.x + side, at.y + above, 0},
                                             {at.x - side, at.y - above, 1},
                                             {at.x - side, at.y + above, 1}}};
  const Candidate* best = nullptr;
  long fewest = 0;
  for (const Candidate& candidate : candidates) {
    const Rect box = sheet.text_box(marker.label, style, candidate.x, candidate.y, candidate.anchor);
    if (!inside(box, area) || !sheet.is_free(box)) continue;
    const long hits = std::count_if(ink.points.begin(), ink.points.end(), [&](const Point& point) {
      return shrunk(box, -3).contains(point.x, point.y);
    });
    if (best == nullptr || hits < fewest) {
      best = &candidate;
      fewest = hits;
    }
  }
  if (best == nullptr) return;
  const Rect box = sheet.text_box(marker.label, style, best->x, best->y, best->anchor);
  sheet.rect(shrunk(box, -sheet.px(2)), with_opacity(sheet.theme().panel, 0.8), sheet.px(3));
  sheet.place(marker.label, style, best->x, best->y, best->anchor);
}

/// A share of the whole axis as a share of the part that is shown.
double share_on_screen(const Axis& axis, const AxisRange& home, double share) {
  const double low = *axis.minimum, high = *axis.maximum;
  if (low == home.first && high == home.last) return share;
  if (axis.scale == Scale::linear)
    return (home.first + (home.last - home.first) * share - low) / (high - low);
  return std::log(home.first * std::pow(home.last / home.first, share) / low) / std::log(high / low);
}

void label_note(Sheet& sheet, const NoteMark& note, const PlotTransform& transform) {
  const Rect room = shrunk(transform.area_px, sheet.px(4));
  const auto lines = sheet.wrapped(note.text, Face::regular, TextSize::small, room.width);
  const float line = sheet.line_height(TextSize::small), height = line * static_cast<float>(lines.size());
  if (lines.empty() || height > room.height) return;
  // Where a note stands belongs to the whole plot; a zoomed one may not show that place.
  const double share_x = share_on_screen(transform.x, transform.home_x, note.x),
               share_y = share_on_screen(transform.y, transform.home_y, note.y);
  if (share_x < 0 || share_x > 1 || share_y < 0 || share_y > 1) return;
  const float x = room.x + room.width * static_cast<float>(share_x);
  const float top = std::clamp(room.y + room.height * static_cast<float>(1 - share_y) - height / 2, room.y,
                               room.y + room.height - height);
  const Color color = color_of(sheet.theme(), note.role);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto anchor = static_cast<float>(note.anchor);
    const float width = sheet.width(lines[i], Face::regular, TextSize::small);
    // Beside another label there may still be room for it.
    for (const float shift : {0.0f, -0.25f, 0.25f, -0.5f, 0.5f, -1.0f, 1.0f}) {
      const float left =
          std::clamp(x + (shift - anchor) * width, room.x, std::max(room.x, room.x + room.width - width));
      const TextStyle style{Face::regular, TextSize::small, color};
      const Rect box = sheet.text_box(lines[i], style, left, top + line * (static_cast<float>(i) + 0.5f), 0);
      const float gap = sheet.px(4);  // or two notes would read as one
      if (!sheet.is_free({box.x - gap, box.y, box.width + 2 * gap, box.height})) continue;
      if (sheet.place(lines[i], {Face::regular, TextSize::small, color}, left + anchor * width,
                      top + line * (static_cast<float>(i) + 0.5f), anchor)) {
        break;
      }
    }
  }
}

}  // namespace

void label_marks(Sheet& sheet, const Plot& plot, const PlotFrame& frame, const PlotInk& ink) {
  for (const bool hollow : {true, false}) {  // what is now before what was
    for (const Mark& mark : plot.marks) {
      const auto* marker = std::get_if<MarkerMark>(&mark);
      if (marker != nullptr && marker->hollow == hollow) label_marker(sheet, *marker, frame.transform, ink);
    }
  }
  for (const Mark& mark : plot.marks) {
    if (const auto* bars = std::get_if<BarsMark>(&mark)) label_bars(sheet, *bars, frame.transform);
    if (const auto* field = std::get_if<FieldMark>(&mark)) label_field(sheet, *field, frame.transform);
    if (const auto* points = std::get_if<PointsMark>(&mark)) label_points(sheet, *points, frame.transform);
    if (const auto* note = std::get_if<NoteMark>(&mark)) label_note(sheet, *note, frame.transform);
  }
}

}  // namespace grokscope
