#include "ui/layout.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "ui/panel.h"

namespace grokscope {
namespace {

struct Share {
  std::string_view panel;
  std::string_view chart;
  float width;
};

using Shares = std::vector<Share>;

/// One row of tiles over the whole width; edges on whole pixels.
void add_row(std::vector<Tile>& tiles, const Rect& row, float gap, const Shares& shares) {
  const float room = row.width - gap * static_cast<float>(shares.size() - 1);
  float total = 0.0f, done = 0.0f;
  for (const Share& share : shares) total += share.width;
  std::size_t index = 0;
  for (const Share& share : shares) {
    const float left = std::round(row.x + room * done / total + gap * static_cast<float>(index));
    done += share.width;
    const float right = std::round(row.x + room * done / total + gap * static_cast<float>(index));
    tiles.push_back(
        {std::string(share.panel), std::string(share.chart), {left, row.y, right - left, row.height}});
    ++index;
  }
}

/// The tiles that the panels have in that row, from left to right, without those that have nothing to show.
Shares shares_of(const LayoutRequest& request, TileRow row) {
  std::vector<std::pair<int, Share>> placed;
  for (const Panel& panel : panels()) {
    for (const TilePlace& tile : panel.tiles) {
      const bool shown = !request.shows || request.shows(panel.name, tile.chart);
      if (tile.row == row && shown) placed.push_back({tile.place, {panel.name, tile.chart, tile.width}});
    }
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Shares shares;
  for (const auto& [place, share] : placed) shares.push_back(share);
  return shares;
}

/// What the rows below the first show: at most four of a row, and where several do not apply, more of the
/// others.
std::vector<Shares> lower_rows(const LayoutRequest& request, bool two) {
  Shares upper = shares_of(request, TileRow::middle), lower = shares_of(request, TileRow::lower);
  while (!lower.empty() && (upper.size() < 3 || upper.size() + lower.size() <= 4)) {
    upper.push_back(lower.back());
    lower.pop_back();
  }
  if (!two || lower.empty()) return {upper};
  return {upper, lower};
}

void add_tiles(DashboardLayout& layout, const LayoutRequest& request, bool large) {
  const float gap = std::round(10.0f * request.scale);
  const Rect area = {layout.main.x + gap, layout.main.y + gap, layout.main.width - 2 * gap,
                     layout.main.height - 2 * gap};
  const std::vector<Shares> rows = lower_rows(request, large);
  const bool three = rows.size() > 1;
  const float height = area.height - gap * static_cast<float>(rows.size());
  const float first = std::round(height * (three ? 0.43f : 0.603f));
  add_row(layout.tiles, {area.x, area.y, area.width, first}, gap, shares_of(request, TileRow::top));
  float y = area.y + first + gap;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool last = i + 1 == rows.size();
    const float tall = last ? area.y + area.height - y : std::round(height * 0.295f);
    if (!rows[i].empty()) add_row(layout.tiles, {area.x, y, area.width, tall}, gap, rows[i]);
    y += tall + gap;
  }
}

}  // namespace

DashboardLayout dashboard_layout(const LayoutRequest& request) {
  const float scale = request.scale, width = request.width, height = request.height;
  const auto px = [&](float at_scale_1) { return std::round(at_scale_1 * scale); };
  DashboardLayout layout;
  const float top = px(44), foot = std::min(px(36), height * 0.12f);
  const float rail = request.rail_hidden ? 0.0f : std::min(px(248), std::round(width * 0.45f));
  const float middle = std::max(1.0f, height - top - foot);
  layout.top = {0, 0, width, top};
  layout.rail = {0, top, rail, middle};
  layout.scrubber = {0, height - foot, width, foot};
  layout.main = {rail, top, std::max(1.0f, width - rail), middle};
  const float logical_width = layout.main.width / scale, logical_height = layout.main.height / scale;
  layout.compact = logical_width < 760.0f || logical_height < 460.0f;
  if (request.one_panel || layout.compact) {
    const float strip = px(38);
    layout.tabs = {layout.main.x, layout.main.y, layout.main.width, strip};
    layout.main.y += strip;
    layout.main.height = std::max(1.0f, layout.main.height - strip);
    return layout;
  }
  add_tiles(layout, request, logical_width >= 1400.0f && logical_height >= 860.0f);
  return layout;
}

}  // namespace grokscope
