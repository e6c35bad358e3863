// The flags of interventions. None hides another.
#include <algorithm>
#include <cmath>
#include <set>

#include "chart/strip.h"

namespace grokscope {
namespace {

/// Flags that stand as one.
struct FlagGroup {
  float first_px = 0, last_px = 0;
  std::vector<std::string> texts;

  std::string text() const {
    return texts.size() == 1 ? texts.front() : std::to_string(texts.size()) + " changes";
  }
};

struct PlacedFlag {
  std::string text;
  Rect box;
};

/// From left to right, as pixels of the uppermost plot; what falls on one pixel is one group from the start.
std::vector<FlagGroup> groups_of(const Chart& chart, const PlotTransform& transform) {
  std::set<std::pair<double, std::string>> seen;
  for (const Plot& plot : chart.plots) {
    for (const Mark& mark : plot.marks) {
      const auto* flag = std::get_if<FlagMark>(&mark);
      if (flag != nullptr && !flag->text.empty()) seen.insert({flag->x, flag->text});
    }
  }
  std::vector<FlagGroup> groups;
  for (const auto& [at, text] : seen) {
    const float x = transform.px_from_x(at);
    if (!std::isfinite(x) || !in_area(transform, x)) continue;
    if (groups.empty() || x - groups.back().first_px >= 1.0f) groups.push_back({x, x, {}});
    groups.back().last_px = x;
    groups.back().texts.push_back(text);
  }
  return groups;
}

float padded_width(const Sheet& sheet, const std::string& text) {
  return sheet.width(text, Face::regular, TextSize::small) + 2 * sheet.px(5);
}

constexpr float kWidestFlag = 0.4f, kWidestSingle = 0.75f;  // of the chart

/// Where the flag of a group stands: to the right of its first line, to the left of its last one where the
/// chart ends. Free of every other text and of those in `others`; not wider than `widest_px`.
std::optional<PlacedFlag> place_of(const Sheet& sheet, const ChartFrame& frame, const FlagGroup& group,
                                   const std::vector<PlacedFlag>& others, float widest_px) {
  const PlotFrame& top = frame.plots.front();
  const float height = sheet.line_height(TextSize::small);
  const std::string text = sheet.fitted(group.text(), Face::regular, TextSize::small, widest_px);
  if (text.empty()) return std::nullopt;
  const float width = padded_width(sheet, text);
  for (int row = 0; row < strip_rows(sheet, top); ++row) {
    for (const float left : {std::floor(group.first_px), std::floor(group.last_px) + 1 - width}) {
      const Rect box{left, strip_row(sheet, top, row) - height / 2, width, height};
      const bool inside = left >= frame.inner.x && left + width <= frame.inner.x + frame.inner.width;
      const bool clear = std::none_of(others.begin(), others.end(), [&](const PlacedFlag& other) {
        return touches(shrunk(box, -sheet.px(1)), other.box);
      });
      if (inside && clear && sheet.is_free(shrunk(box, -1))) return PlacedFlag{text, box};
    }
  }
  return std::nullopt;
}

/// The neighbour of `index` that lies nearer.
std::size_t nearest_to(const std::vector<FlagGroup>& groups, std::size_t index) {
  if (index == 0) return 1;
  if (index + 1 == groups.size()) return index - 1;
  return groups[index].first_px - groups[index - 1].last_px <=
                 groups[index + 1].first_px - groups[index].last_px
             ? index - 1
             : index + 1;
}

/// Places for all groups; as long as one finds none, it joins its nearest neighbour and all are placed anew.
std::vector<PlacedFlag> places_for(const Sheet& sheet, const ChartFrame& frame,
                                   std::vector<FlagGroup>& groups) {
  for (;;) {
    const float widest_px = frame.inner.width * (groups.size() == 1 ? kWidestSingle : kWidestFlag);
    std::vector<PlacedFlag> placed;
    std::size_t failed = groups.size();
    for (std::size_t i = groups.size(); i-- > 0 && failed == groups.size();) {  // the newest first
      if (const auto place = place_of(sheet, frame, groups[i], placed, widest_px))
        placed.push_back(*place);
      else
        failed = i;
    }
    if (failed == groups.size()) {
      std::reverse(placed.begin(), placed.end());
      return placed;
    }
    if (groups.size() < 2) return {};
    const std::size_t other = nearest_to(groups, failed);
    FlagGroup &into = groups[std::min(failed, other)], &from = groups[std::max(failed, other)];
    into.last_px = from.last_px;
    into.texts.insert(into.texts.end(), from.texts.begin(), from.texts.end());
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(std::max(failed, other)));
  }
}

}  // namespace

bool in_area(const PlotTransform& transform, float x) {
  return x >= transform.area_px.x && x <= transform.area_px.x + transform.area_px.width;
}

float strip_row(const Sheet& sheet, const PlotFrame& frame, int row) {
  const float line = sheet.line_height(TextSize::small) + sheet.px(3);
  return frame.strip.y + frame.strip.height - line * (static_cast<float>(row) + 0.5f);
}

int strip_rows(const Sheet& sheet, const PlotFrame& frame) {
  return static_cast<int>(frame.strip.height / (sheet.line_height(TextSize::small) + sheet.px(3)) + 0.01f);
}

void label_flags(Sheet& sheet, const Chart& chart, const ChartFrame& frame) {
  const PlotFrame& top = frame.plots.front();
  std::vector<FlagGroup> groups = groups_of(chart, top.transform);
  const std::vector<PlacedFlag> placed = places_for(sheet, frame, groups);
  const Color fill = sheet.theme().event;
  const float line = sheet.px(1) * sheet.theme().line_scale;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const Rect& box = placed[i].box;
    const float foot = box.y + box.height;
    const float first = std::floor(groups[i].first_px), last = std::floor(groups[i].last_px);
    const float stem = top.transform.area_px.y - foot;
    for (const float x : {first, last}) {
      const bool seen = stem > sheet.px(2) && (x == first || last > first);
      if (seen) sheet.rect({x + 0.5f - line / 2, foot, line, stem}, fill);
      if (last == first) break;
    }
    sheet.rect(box, fill, sheet.px(2));
    sheet.place(placed[i].text, {Face::regular, TextSize::small, text_on(fill)}, box.x + sheet.px(5),
                box.y + box.height / 2, 0);
    sheet.take(box);
  }
}

}  // namespace grokscope
