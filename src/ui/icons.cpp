// Icons as rectangles, circles and strokes.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/painter.h"

namespace grokscope {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

/// A filled triangle from horizontal or vertical slices, one a pixel: the scene has no polygons.
void wedge_right(Painter& painter, float x, float y, float width, float height, Color color) {
  const int slices = std::max(2, static_cast<int>(std::lround(width)));
  for (int i = 0; i < slices; ++i) {
    const float share = 1.0f - (static_cast<float>(i) + 0.5f) / static_cast<float>(slices);
    painter.rect({x + width * static_cast<float>(i) / static_cast<float>(slices),
                  y + height * (1.0f - share) / 2.0f, width / static_cast<float>(slices), height * share},
                 color);
  }
}

void wedge_down(Painter& painter, float x, float y, float width, float height, Color color) {
  const int slices = std::max(2, static_cast<int>(std::lround(height)));
  for (int i = 0; i < slices; ++i) {
    const float share = 1.0f - (static_cast<float>(i) + 0.5f) / static_cast<float>(slices);
    painter.rect(
        {x + width * (1.0f - share) / 2.0f, y + height * static_cast<float>(i) / static_cast<float>(slices),
         width * share, height / static_cast<float>(slices)},
        color);
  }
}

void arc(Painter& painter, float x, float y, float radius, float from, float to, Color color, float width) {
  std::vector<Point> points;
  for (int i = 0; i <= 28; ++i) {
    const float angle = from + (to - from) * static_cast<float>(i) / 28.0f;
    points.push_back({x + radius * std::cos(angle), y + radius * std::sin(angle)});
  }
  painter.line(std::move(points), color, width);
}

void paint_dice(Painter& painter, float x, float y, float unit, Color color) {
  const float half = 6.5f * unit;
  painter.line({{x - half, y - half},
                {x + half, y - half},
                {x + half, y + half},
                {x - half, y + half},
                {x - half, y - half - 0.7f * unit}},
               color, 1.5f * unit);
  for (const auto& [dx, dy] : {std::pair{-3.0f, -3.0f}, std::pair{0.0f, 0.0f}, std::pair{3.0f, 3.0f}}) {
    painter.circle(x + dx * unit, y + dy * unit, 1.4f * unit, color);
  }
}

void paint_reset(Painter& painter, float x, float y, float unit, Color color) {
  const float radius = 6.0f * unit;
  arc(painter, x, y, radius, -0.35f * kPi, 1.25f * kPi, color, 1.7f * unit);
  const float tip_x = x + radius * std::cos(-0.35f * kPi), tip_y = y + radius * std::sin(-0.35f * kPi);
  painter.line({{tip_x + 3.4f * unit, tip_y - 2.2f * unit},
                {tip_x - 0.4f * unit, tip_y - 0.2f * unit},
                {tip_x + 2.6f * unit, tip_y + 3.0f * unit}},
               color, 1.7f * unit);
}

void paint_sun(Painter& painter, float x, float y, float unit, Color color) {
  painter.circle(x, y, 3.4f * unit, color);
  for (int ray = 0; ray < 8; ++ray) {
    const float angle = kPi / 4.0f * static_cast<float>(ray);
    painter.line({{x + 5.0f * unit * std::cos(angle), y + 5.0f * unit * std::sin(angle)},
                  {x + 7.2f * unit * std::cos(angle), y + 7.2f * unit * std::sin(angle)}},
                 color, 1.5f * unit);
  }
}

void paint_moon(Painter& painter, float x, float y, float unit, Color color) {
  arc(painter, x, y, 5.8f * unit, 0.05f * kPi, 1.45f * kPi, color, 1.6f * unit);
  arc(painter, x + 3.2f * unit, y - 2.6f * unit, 4.4f * unit, 0.32f * kPi, 1.18f * kPi, color, 1.6f * unit);
}

void paint_screen(Painter& painter, float x, float y, float unit, Color color) {
  painter.line({{x - 7 * unit, y - 5 * unit},
                {x + 7 * unit, y - 5 * unit},
                {x + 7 * unit, y + 3 * unit},
                {x - 7 * unit, y + 3 * unit},
                {x - 7 * unit, y - 5.7f * unit}},
               color, 1.5f * unit);
  painter.line({{x - 3 * unit, y + 6.5f * unit}, {x, y + 3.5f * unit}, {x + 3 * unit, y + 6.5f * unit}},
               color, 1.5f * unit);
}

void paint_sliders(Painter& painter, float x, float y, float unit, Color color) {
  const float knobs[] = {-3.0f, 3.5f, -1.0f};
  for (int row = 0; row < 3; ++row) {
    const float at = y + (static_cast<float>(row) - 1.0f) * 5.5f * unit;
    painter.line({{x - 7.5f * unit, at}, {x + 7.5f * unit, at}}, color, 1.5f * unit);
    painter.circle(x + knobs[row] * unit, at, 2.4f * unit, color);
  }
}

}  // namespace

void paint_icon(Painter& painter, Icon icon, const Rect& rect, Color color) {
  const float x = rect.x + rect.width / 2.0f, y = rect.y + rect.height / 2.0f, unit = painter.scale();
  switch (icon) {
    case Icon::play:
      wedge_right(painter, x - 4.5f * unit, y - 6.0f * unit, 10.0f * unit, 12.0f * unit, color);
      break;
    case Icon::pause:
      painter.rect({x - 5.0f * unit, y - 6.0f * unit, 3.6f * unit, 12.0f * unit}, color, unit);
      painter.rect({x + 1.4f * unit, y - 6.0f * unit, 3.6f * unit, 12.0f * unit}, color, unit);
      break;
    case Icon::step:
      wedge_right(painter, x - 5.0f * unit, y - 5.5f * unit, 8.0f * unit, 11.0f * unit, color);
      painter.rect({x + 4.0f * unit, y - 5.5f * unit, 2.2f * unit, 11.0f * unit}, color, unit);
      break;
    case Icon::reset:
      paint_reset(painter, x, y, unit, color);
      break;
    case Icon::dice:
      paint_dice(painter, x, y, unit, color);
      break;
    case Icon::down:
      wedge_down(painter, x - 4.0f * unit, y - 2.5f * unit, 8.0f * unit, 5.5f * unit, color);
      break;
    case Icon::right:
      wedge_right(painter, x - 2.5f * unit, y - 4.0f * unit, 5.5f * unit, 8.0f * unit, color);
      break;
    case Icon::close:
      painter.line({{x - 4 * unit, y - 4 * unit}, {x + 4 * unit, y + 4 * unit}}, color, 1.6f * unit);
      painter.line({{x - 4 * unit, y + 4 * unit}, {x + 4 * unit, y - 4 * unit}}, color, 1.6f * unit);
      break;
    case Icon::moon:
      paint_moon(painter, x, y, unit, color);
      break;
    case Icon::sun:
      paint_sun(painter, x, y, unit, color);
      break;
    case Icon::screen:
      paint_screen(painter, x, y, unit, color);
      break;
    case Icon::sliders:
      paint_sliders(painter, x, y, unit, color);
      break;
  }
}

}  // namespace grokscope
