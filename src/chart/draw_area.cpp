// The area between two curves, pixel by pixel: half transparent, so that what overlaps is seen.
#include <algorithm>
#include <cmath>

#include "chart/draw.h"

namespace grokscope {
namespace {

constexpr float kMostPixels = 16384;

std::uint32_t rgba_of(Color c) {
  return static_cast<std::uint32_t>(c.r) | static_cast<std::uint32_t>(c.g) << 8 |
         static_cast<std::uint32_t>(c.b) << 16 | static_cast<std::uint32_t>(c.a) << 24;
}

}  // namespace

void draw_area(Sheet& sheet, const AreaMark& mark, const PlotTransform& transform) {
  const std::size_t count = std::min({mark.x.size(), mark.low.size(), mark.high.size()});
  const Rect& area = transform.area_px;
  if (count < 2 || area.width < 1 || area.height < 1 || area.width > kMostPixels || area.height > kMostPixels)
    return;
  SceneImage image;
  image.width = std::lround(area.width);
  image.height = std::lround(area.height);
  image.rect = {area.x, area.y, static_cast<float>(image.width), static_cast<float>(image.height)};
  image.rgba.assign(static_cast<std::size_t>(image.width * image.height), 0);
  const std::uint32_t color = rgba_of(with_opacity(color_of(sheet.theme(), mark.role), mark.opacity));
  const auto row_of = [&](double value) {
    const float y = std::clamp(transform.px_from_y(value) - area.y, 0.0f, area.height);
    return static_cast<std::int64_t>(std::clamp<long>(std::lround(y), 0, static_cast<long>(image.height)));
  };
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const float left = transform.px_from_x(mark.x[i]) - area.x,
                right = transform.px_from_x(mark.x[i + 1]) - area.x;
    const double ends = mark.low[i] + mark.low[i + 1] + mark.high[i] + mark.high[i + 1];
    if (!std::isfinite(ends) || !std::isfinite(left) || !(right > left)) continue;
    const auto first = static_cast<std::int64_t>(std::ceil(std::max(left - 0.5f, 0.0f)));
    for (std::int64_t x = first; x < image.width && static_cast<float>(x) + 0.5f <= right; ++x) {
      // Straight on the screen, as the lines at its edges are.
      const float share = (static_cast<float>(x) + 0.5f - left) / (right - left);
      const auto between = [&](double a, double b) {
        const auto from = static_cast<float>(row_of(a)), to = static_cast<float>(row_of(b));
        return static_cast<std::int64_t>(std::lround(from + share * (to - from)));
      };
      const std::int64_t top = between(mark.high[i], mark.high[i + 1]),
                         bottom = between(mark.low[i], mark.low[i + 1]);
      for (std::int64_t y = std::min(top, bottom); y < std::max(top, bottom) && y < image.height; ++y)
        image.rgba[static_cast<std::size_t>(y * image.width + x)] = color;
    }
  }
  sheet.add(std::move(image));
}

}  // namespace grokscope
