#include "chart/frame_of.h"

#include <algorithm>
#include <cmath>

#include "chart/fit_axes.h"

namespace grokscope {
namespace {

constexpr int kMostNames = 24;  // of an axis with names
constexpr float kTickGap = 6, kRowGap = 3, kLabelGap = 8, kNameGap = 24, kSquareNameGap = 10;

/// Which rows of text a chart of this height can afford.
struct Rows {
  bool ticks = false;
  bool name_beside = false, name = false;  ///< the x axis' name: right of the ticks, or below them
  float name_gap = 0;
  bool shared = false;  ///< name and caption in one row
  int strip = 0;        ///< band names and flags above the first plot
  std::vector<std::string> caption;
  LegendRows legend;
};

struct Asked {
  const Chart& chart;
  const std::string& caption;
  const Sheet& sheet;
  Rect inner;
};

bool has_band_names(const Plot& plot) {
  return std::any_of(plot.marks.begin(), plot.marks.end(), [](const Mark& mark) {
    const auto* band = std::get_if<BandMark>(&mark);
    return band != nullptr && !band->label.empty();
  });
}

int flag_count(const Plot& plot) {
  return static_cast<int>(std::count_if(plot.marks.begin(), plot.marks.end(), [](const Mark& mark) {
    const auto* flag = std::get_if<FlagMark>(&mark);
    return flag != nullptr && !flag->text.empty();
  }));
}

std::vector<const LineMark*> labelled_lines(const Plot& plot) {
  std::vector<const LineMark*> lines;
  for (const Mark& mark : plot.marks) {
    const auto* line = std::get_if<LineMark>(&mark);
    if (line != nullptr && is_labelled(*line)) lines.push_back(line);
  }
  return lines;
}

/// The labels of a plot's lines in as few rows as hold them.
std::vector<std::vector<const LineMark*>> key_of(const Plot& plot, const Sheet& sheet, float width) {
  std::vector<std::vector<const LineMark*>> rows;
  float used = width;
  for (const LineMark* line : labelled_lines(plot)) {
    const float needed = sheet.px(kKeyLine + kKeyGap + kKeyBetween) +
                         sheet.width(line->label, Face::semibold, TextSize::small);
    if (rows.empty() || used + needed - sheet.px(kKeyBetween) > width) {
      rows.emplace_back();
      used = 0;
    }
    rows.back().push_back(line);
    used += needed;
  }
  return rows;
}

/// Room right of the plot for the longest line-end label; in steps, so that "99 %" -> "100 %" moves nothing.
float label_reserve(const Chart& chart, const Sheet& sheet) {
  float widest = 0;
  for (const Plot& plot : chart.plots) {
    for (const Mark& mark : plot.marks) {
      const auto* line = std::get_if<LineMark>(&mark);
      if (line == nullptr || !is_labelled(*line)) continue;
      widest = std::max(widest, sheet.width(line->label, Face::semibold, TextSize::small));
    }
  }
  const float step = sheet.px(8);
  return widest > 0 ? std::ceil((widest + sheet.px(kLabelGap)) / step) * step : 0;
}

const std::string& x_name(const Chart& chart) {
  return chart.plots.back().x.label.empty() ? chart.plots.front().x.label : chart.plots.back().x.label;
}

bool is_named(const Axis& axis) {
  return !axis.label.empty() && !axis.hidden;
}

int wanted_strip_rows(const Chart& chart) {
  int wanted = is_named(chart.plots.front().y) ? 1 : 0;
  for (const Plot& plot : chart.plots) {
    wanted = std::max(wanted, (has_band_names(plot) ? 1 : 0) + std::min(flag_count(plot), 2));
  }
  return wanted;
}

/// Hands out rows in the order in which a reader misses them: ticks, axis name, names above, caption.
Rows rows_for(const Asked& asked, float right, std::size_t key_rows, int most_strip) {
  const auto& [chart, caption_text, sheet, inner] = asked;
  Rows rows;
  const float line = sheet.line_height(TextSize::small);
  // Below a key a plot is still one at three quarters of its height.
  float left = inner.height - sheet.px(key_rows > 0 ? 33 : 44) * static_cast<float>(chart.plots.size());
  left -= line * static_cast<float>(key_rows);
  const auto afford = [&](float needed) {
    if (left < needed) return false;
    left -= needed;
    return true;
  };
  const bool hidden = chart.plots.back().x.hidden;
  const float name = sheet.width(x_name(chart), Face::regular, TextSize::small);
  rows.ticks = !hidden && afford(line + sheet.px(kTickGap));
  // A square plot leaves room at its side: it is as wide as it is high, below header rows and above ticks and
  // key.
  const float side = inner.height - 4 * line, beside = inner.width - sheet.px(46) - side;
  const bool spare = chart.plots.back().equal_aspect && beside > sheet.px(kSquareNameGap) + name;
  rows.name_gap = sheet.px(spare ? kSquareNameGap : kNameGap);
  rows.name_beside = rows.ticks && name > 0 && (spare || sheet.px(kNameGap) + name <= right);
  rows.name = rows.ticks && name > 0 && !rows.name_beside && afford(line);
  for (auto& row : legend_of(chart, sheet, inner.width)) {
    if (afford(line)) rows.legend.push_back(std::move(row));
  }
  const int wanted = std::min(wanted_strip_rows(chart), most_strip);
  while (rows.strip < wanted && afford(line + sheet.px(kRowGap))) ++rows.strip;
  if (caption_text.empty() || (!rows.ticks && !hidden)) return rows;
  auto caption = sheet.wrapped(caption_text, Face::regular, TextSize::small, inner.width);
  const float width = sheet.width(caption_text, Face::regular, TextSize::small);
  rows.shared = rows.name && width + sheet.px(16) + name <= inner.width;
  if (rows.shared) {
    rows.caption = {caption_text};
    return rows;
  }
  constexpr std::size_t kMostLines = 2;
  const bool two = caption.size() >= kMostLines && inner.height > sheet.px(150) && afford(2 * line);
  if (two) {
    caption.resize(kMostLines);
  } else if (afford(line)) {
    caption = {sheet.fitted(caption_text, Face::regular, TextSize::small, inner.width)};
  } else {
    caption.clear();
  }
  rows.caption = caption;
  return rows;
}

/// Heights and strips, from top to bottom.
void stack_plots(const Asked& asked, const Rows& rows, ChartFrame& frame) {
  const auto& [chart, caption, sheet, inner] = asked;
  const float line = sheet.line_height(TextSize::small);
  float bottom = inner.y + inner.height;
  frame.legend = rows.legend;
  if (!rows.legend.empty()) {
    bottom -= line * static_cast<float>(rows.legend.size());
    frame.legend_y = bottom + line / 2;
  }
  frame.caption = rows.caption;
  frame.name_beside = rows.name_beside;
  frame.name_gap_px = rows.name_gap;
  if (!rows.caption.empty()) {
    bottom -= line * static_cast<float>(rows.caption.size());
    frame.caption_y = bottom + line / 2;
  }
  if (rows.name) {
    if (!rows.shared) bottom -= line;
    frame.name_row_y = bottom + line / 2;
  }
  if (rows.ticks) {
    frame.tick_row_y = bottom - line / 2;
    bottom -= line + sheet.px(kTickGap);
  }
  const float first_strip = static_cast<float>(rows.strip) * (line + sheet.px(kRowGap));
  // The topmost tick label reaches above the area: the axis' name keeps clear of it.
  const float name_room = rows.strip > 0 && is_named(chart.plots.front().y) ? sheet.px(2) : 0;
  std::vector<float> strips(chart.plots.size(), 0.0f);
  float shares = 0, fixed = 0;
  for (std::size_t i = 0; i < chart.plots.size(); ++i) {
    const bool roomy = inner.height > sheet.px(110) * static_cast<float>(chart.plots.size());
    const float gap = is_named(chart.plots[i].y) && roomy ? line + sheet.px(15) : line * 0.4f + sheet.px(12);
    strips[i] = i == 0 ? std::max(first_strip + name_room, sheet.px(4)) : gap;
    if (!frame.plots[i].key.empty())
      strips[i] += line * static_cast<float>(frame.plots[i].key.size()) + sheet.px(5);
    fixed += strips[i];
    shares += static_cast<float>(std::max(chart.plots[i].height_share, 0.01));
  }
  // In a tile too small for both, the gaps give way before the plots do.
  const float height = std::max(bottom - inner.y, 1.0f),
              least = sheet.px(12) * static_cast<float>(chart.plots.size());
  if (height - fixed < least && fixed > 0) {
    const float kept = std::clamp((height - least) / fixed, 0.0f, 1.0f);
    for (float& strip : strips) strip *= kept;
    fixed *= kept;
  }
  const float room = std::max(height - fixed, 1.0f);
  float top = inner.y;
  for (std::size_t i = 0; i < chart.plots.size(); ++i) {
    PlotFrame& plot = frame.plots[i];
    plot.strip = {inner.x, top, inner.width, strips[i]};
    top += strips[i];
    const float share = static_cast<float>(std::max(chart.plots[i].height_share, 0.01)) / shares;
    Rect& area = plot.transform.area_px;
    area.y = std::round(top);
    area.height = std::max(1.0f, std::floor(room * share));
    top += room * share;
  }
}

std::vector<Tick> fitting_y_ticks(const Sheet& sheet, const PlotTransform& transform) {
  const float rows = transform.area_px.height / (sheet.line_height(TextSize::small) * 1.4f);
  const int most = transform.y.names.empty() ? 5 : kMostNames;
  return ticks_of(transform.y, std::clamp(static_cast<int>(rows) + 1, 2, most));
}

float choose_y_ticks(const Sheet& sheet, float most_width, ChartFrame& frame) {
  float widest = 0;
  for (PlotFrame& plot : frame.plots) {
    plot.y_labelled = !plot.transform.y.hidden;
    if (!plot.y_labelled) continue;
    plot.y_ticks = fitting_y_ticks(sheet, plot.transform);
    widest = std::max(widest, sheet.width(plot.lowest, Face::regular, TextSize::small));
    for (const Tick& tick : plot.y_ticks) {
      widest = std::max(widest, sheet.width(tick.label, Face::regular, TextSize::small));
    }
  }
  if (widest > most_width) {
    for (PlotFrame& plot : frame.plots) plot.y_labelled = false;
    return 0;
  }
  return widest > 0 ? widest + sheet.px(kTickGap) : 0;
}

/// The most ticks whose labels keep a distance.
std::vector<Tick> fitting_x_ticks(const Sheet& sheet, const PlotTransform& transform) {
  for (int most = transform.x.names.empty() ? 5 : kMostNames; most >= 1; --most) {
    auto ticks = ticks_of(transform.x, most);
    bool fits = true;
    float reached = -1e9f;
    for (const Tick& tick : ticks) {
      const float half = sheet.width(tick.label, Face::regular, TextSize::small) / 2;
      const float at = transform.px_from_x(tick.value);
      fits = fits && at - half >= reached;
      reached = at + half + sheet.px(10);
    }
    if (fits) return ticks;
  }
  return {};
}

/// Whether the labels of every plot can stand under each other beside it.
bool ends_fit(const Chart& chart, const Sheet& sheet, const ChartFrame& frame) {
  for (std::size_t i = 0; i < chart.plots.size(); ++i) {
    const auto count = static_cast<float>(labelled_lines(chart.plots[i]).size());
    const float line = sheet.line_height(TextSize::small);
    if (count * line > frame.plots[i].transform.area_px.height + 0.7f * line) return false;
  }
  return true;
}

/// Heights, with the lines' labels at their ends; where those would take too much of the plot, in rows above
/// it. Returns which rows there are and leaves in `right` the room at the ends.
Rows place_labels(const Asked& asked, ChartFrame& frame, float& right) {
  const auto& [chart, caption, sheet, inner] = asked;
  constexpr float kMostForLabels = 0.56f;
  const float wanted = label_reserve(chart, sheet);
  right = wanted < inner.width * kMostForLabels ? wanted : 0;
  constexpr int kAllRows = 3;
  Rows rows;
  for (const int strip : {kAllRows, 1}) {  // flags can stand closer together, labels cannot
    rows = rows_for(asked, right, 0, strip);
    stack_plots(asked, rows, frame);
    if (wanted > 0 && !(right > 0 && ends_fit(chart, sheet, frame))) continue;
    for (PlotFrame& plot : frame.plots) plot.end_labels = right > 0;
    return rows;
  }
  // Where not even the rows have room, the last of each plot go: a key does not lie on its lines.
  const float line = sheet.line_height(TextSize::small), spare = inner.height - line - sheet.px(22);
  const float for_each = spare / static_cast<float>(chart.plots.size()) - sheet.px(22);
  const auto most = static_cast<std::size_t>(std::max(0.0f, for_each / line));
  std::size_t key_rows = 0;
  for (std::size_t i = 0; i < chart.plots.size(); ++i) {
    frame.plots[i].key = key_of(chart.plots[i], sheet, inner.width);
    frame.labels_lost = frame.labels_lost || frame.plots[i].key.size() > most;
    if (frame.plots[i].key.size() > most) frame.plots[i].key.resize(most);
    key_rows += frame.plots[i].key.size();
  }
  right = 0;
  rows = rows_for(asked, right, key_rows, kAllRows);
  stack_plots(asked, rows, frame);
  return rows;
}

}  // namespace

bool is_labelled(const LineMark& line) {
  return !line.label.empty() && line.run != RunTone::ghost;
}

ChartFrame frame_of(const Chart& chart, const std::string& caption, Sheet& sheet, Rect inner) {
  ChartFrame frame;
  frame.inner = inner;
  frame.plots.resize(chart.plots.size());
  std::vector<PlotExtent> extents;
  fit_axes(chart, frame.plots, extents);
  float right = 0;
  const Rows rows = place_labels({chart, caption, sheet, inner}, frame, right);
  const float left = choose_y_ticks(sheet, inner.width * 0.35f, frame);
  frame.label_right = inner.x + inner.width;
  if (rows.ticks) right = std::max(right, sheet.px(14));
  for (std::size_t i = 0; i < frame.plots.size(); ++i) {
    PlotFrame& plot = frame.plots[i];
    Rect& area = plot.transform.area_px;
    area.x = std::round(inner.x + left);
    area.width = std::max(1.0f, std::floor(inner.x + inner.width - right - area.x));
    const bool shaped = keeps_shape(chart.plots[i], plot.transform);
    if (shaped) keep_aspect(plot.transform, extents[i].tight);
    if (chart.plots[i].equal_aspect) snap_cells(chart.plots[i], plot.transform);
    if (shaped) {
      zoom_in(chart.zoom, i, plot.transform);
      if (plot.y_labelled) plot.y_ticks = fitting_y_ticks(sheet, plot.transform);
    }
    plot.x_ticks = fitting_x_ticks(sheet, plot.transform);
    plot.x_labelled = rows.ticks && i + 1 == frame.plots.size();
  }
  // Rows of text follow an area that gave up height.
  const Rect& last = frame.plots.back().transform.area_px;
  const float row = sheet.line_height(TextSize::small);
  const float first_row = rows.ticks              ? frame.tick_row_y
                          : !rows.caption.empty() ? frame.caption_y
                          : !rows.legend.empty()  ? frame.legend_y
                                                  : 0;
  const float lifted = first_row - (last.y + last.height + sheet.px(kTickGap) + row / 2);
  if (extents.back().tight && first_row > 0 && lifted > sheet.px(2)) {
    for (float* y : {&frame.tick_row_y, &frame.name_row_y, &frame.caption_y, &frame.legend_y}) *y -= lifted;
    if (!rows.name) frame.name_row_y = 0;
  }
  return frame;
}

}  // namespace grokscope
