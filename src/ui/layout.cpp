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

// All at scale 1.
constexpr float kGap = 10.0f;
constexpr float kRailWidth = 248.0f;
constexpr float kRailFromWidth = 760.0f,
                kRailFromHeight = 350.0f;  // of the window, and of what is below its top
constexpr float kLeastMain = 180.0f;       // beside an opened rail
constexpr float kWholeFromWidth = 860.0f, kWholeFromHeight = 460.0f;  // of the main area
constexpr float kSomeFromWidth = 540.0f, kSomeFromHeight = 200.0f;
constexpr float kTwoRowsFrom = 380.0f, kTopPairFrom = 735.0f;
constexpr float kLeastShare = 0.76f;  // of a tile's width on the whole dashboard
constexpr float kFirstRowMore = 0.45f,
                kFirstOfTwoMore = 0.25f;  // how much taller the timeline's row is, with one row below
constexpr float kSmallestType = 12.0f;    // of the charts and of the controls
constexpr float kLinesOfType = 40.0f;     // that fill a projected picture

/// What the projector theme does not go below.
float least_scale(const Theme& theme, int width, int height) {
  if (theme.kind != ThemeKind::projector) return 0.0f;
  const float lines = std::min(static_cast<float>(height), static_cast<float>(width) * 0.75f);
  return lines / kLinesOfType / (kSmallestType + theme.type_step_px);
}

Rect inner_of(const DashboardLayout& layout, float gap) {
  return {layout.main.x + gap, layout.main.y + gap, layout.main.width - 2 * gap,
          layout.main.height - 2 * gap};
}

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

/// The whole dashboard: no tile that applies is left out.
void add_tiles(DashboardLayout& layout, const LayoutRequest& request, bool large) {
  const float gap = std::round(kGap * request.scale);
  const Rect area = inner_of(layout, gap);
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

/// In a row as many as stay legible: more than three quarters of the width that they have on the whole
/// dashboard.
std::vector<Shares> filled_rows(const Shares& all, float width, std::size_t most_rows) {
  std::vector<Shares> rows;
  float used = 0;
  for (const Share& share : all) {
    const float needed = share.width * kLeastShare + (used > 0 ? kGap : 0.0f);
    if (rows.empty() || used + needed > width) {
      if (rows.size() == most_rows) break;
      rows.emplace_back();
      used = 0;
    }
    used += share.width * kLeastShare + (used > 0 ? kGap : 0.0f);
    rows.back().push_back(share);
  }
  return rows;
}

/// Between the whole dashboard and one panel: the tiles that have room, in the order in which the story is
/// told; the other panels are behind their tabs.
void add_some_tiles(DashboardLayout& layout, const LayoutRequest& request) {
  const float scale = request.scale, gap = std::round(kGap * scale);
  const Rect area = inner_of(layout, gap);
  const float width = area.width / scale, height = area.height / scale;
  Shares first = shares_of(request, TileRow::top), others;
  for (const TileRow row : {TileRow::middle, TileRow::lower}) {
    for (const Share& share : shares_of(request, row)) others.push_back(share);
  }
  std::size_t most =
      height < kTwoRowsFrom ? 1 : std::max<std::size_t>(2, static_cast<std::size_t>(height / 205.0f));
  while (most > 1 && first.size() > 1 && width < kTopPairFrom) {
    others.insert(others.begin(), first.back());
    first.pop_back();
  }
  std::vector<Shares> rows = filled_rows(others, width, most - 1);
  rows.insert(rows.begin(), first);
  const auto count = static_cast<float>(rows.size());
  const float room = area.height - gap * (count - 1.0f),
              more = rows.size() == 2 ? kFirstOfTwoMore : kFirstRowMore;
  const float part = room / (count + more);
  float y = area.y;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float end =
        i + 1 == rows.size() ? area.y + area.height : std::round(y + part * (i == 0 ? 1.0f + more : 1.0f));
    add_row(layout.tiles, {area.x, y, area.width, end - y}, gap, rows[i]);
    y = end + gap;
  }
}

/// Rail, bar and what they leave to the panels.
void place_controls(DashboardLayout& layout, const LayoutRequest& request, float top, float middle) {
  const float scale = request.scale;
  const auto px = [&](float at_scale_1) { return std::round(at_scale_1 * scale); };
  const bool small = request.width / scale < kRailFromWidth || middle / scale < kRailFromHeight;
  float left = 0;
  const bool hidden = request.rail_hidden || request.tiles_only;
  if (small && !hidden) {
    layout.bar = {0, top, std::min(px(52), std::round(request.width * 0.25f)), middle};
    left = layout.bar.width;
  }
  if (!hidden && (!small || request.rail_open)) {
    float rail = std::min(px(kRailWidth), request.width - left);
    // What would be left to the panels shows nothing any more: the controls take it.
    if (small && request.width - left - rail < px(kLeastMain)) rail = request.width - left;
    layout.rail = {left, top, rail, middle};
    left += rail;
  }
  layout.main = {left, top, request.width - left, middle};
}

/// Without a rail its verdict stands below the panels, where that leaves them room.
void place_story(DashboardLayout& layout, const LayoutRequest& request) {
  constexpr float kHeight = 46.0f, kLeastLeft = 240.0f;
  if (layout.bar.width <= 0.0f || layout.rail.width > 0.0f) return;
  if (layout.main.height / request.scale < kLeastLeft + kHeight) return;
  const float gap = std::round(kGap * request.scale), height = std::round(kHeight * request.scale);
  layout.main.height -= height + gap;
  layout.story = {layout.main.x + gap, layout.main.y + layout.main.height, layout.main.width - 2 * gap,
                  height};
}

}  // namespace

DashboardLayout dashboard_layout(const LayoutRequest& request) {
  const float scale = request.scale, width = request.width, height = request.height;
  const auto px = [&](float at_scale_1) { return std::round(at_scale_1 * scale); };
  DashboardLayout layout;
  const bool bars = !request.tiles_only;
  const float top = bars ? std::min(px(44), std::round(height * 0.25f)) : 0.0f;
  const float foot = bars ? std::min(px(36), height * 0.12f) : 0.0f;
  layout.top = {0, 0, width, top};
  layout.scrubber = {0, height - foot, width, foot};
  place_controls(layout, request, top, std::max(1.0f, height - top - foot));
  if (layout.main.width < 1.0f) return layout;
  const float main_width = layout.main.width / scale, main_height = layout.main.height / scale;
  const bool whole = main_width >= kWholeFromWidth && main_height >= kWholeFromHeight;
  layout.compact = !whole && (main_width < kSomeFromWidth || main_height < kSomeFromHeight);
  if (whole && !request.one_panel) {
    add_tiles(layout, request, main_width >= 1400.0f && main_height >= 860.0f);
    return layout;
  }
  const float strip = bars ? std::min(px(36), std::round(layout.main.height * 0.25f)) : 0.0f;
  layout.tabs = {layout.main.x, layout.main.y, layout.main.width, strip};
  layout.main.y += strip;
  layout.main.height = std::max(1.0f, layout.main.height - strip);
  place_story(layout, request);
  if (!request.one_panel && !layout.compact) add_some_tiles(layout, request);
  return layout;
}

float scale_for_size(int width, int height) {
  const float lines = std::min(static_cast<float>(height), static_cast<float>(width) * 9.0f / 16.0f);
  return std::clamp(std::floor(lines / 540.0f) / 2.0f, 1.0f, 4.0f);
}

float automatic_scale(const Theme& theme, int width, int height, float system_scale) {
  const bool silent = system_scale <= 1.01f;  // most systems say 1 when they do not know
  const float by_size = silent ? std::max(system_scale, scale_for_size(width, height)) : system_scale;
  return std::max(by_size, least_scale(theme, width, height));
}

float zoomed_scale(const Theme& theme, int width, int height, float system_scale, float zoom) {
  const float wanted = automatic_scale(theme, width, height, system_scale) * zoom;
  const float least = least_scale(theme, width, height);
  if (least <= 0.0f) return wanted;
  // The projector's type is large already: beyond this a zoom leaves room for nothing but itself.
  const float most = std::min(static_cast<float>(width) / 440.0f, static_cast<float>(height) / 250.0f);
  return std::max(std::min(wanted, most), least);
}

}  // namespace grokscope
