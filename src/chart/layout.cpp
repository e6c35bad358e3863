// lay_out: a chart becomes a scene. Title, frame, shapes, then texts by importance: what does not fit is left
// out.
#include <algorithm>
#include <cmath>

#include "chart/draw.h"

namespace grokscope {
namespace {

/// Title left, remark right; returns what is left below them.
Rect place_header(Sheet& sheet, const Chart& chart, Rect inner) {
  if (chart.title.empty() && chart.remark.empty()) return inner;
  const float height = sheet.px(20) + (sheet.size_px(TextSize::title) - sheet.px(13)) * 1.3f;
  if (inner.height < height) return inner;
  const float middle = inner.y + sheet.px(5);
  const TextStyle title{Face::semibold, TextSize::title, sheet.theme().text};
  const std::string shown = sheet.fitted(chart.title, Face::semibold, TextSize::title, inner.width);
  sheet.place(shown, title, inner.x, middle, 0);
  const float used = sheet.width(shown, Face::semibold, TextSize::title) + sheet.px(16);
  if (inner.width - used >= sheet.width(chart.remark, Face::regular, TextSize::small)) {
    sheet.place(chart.remark, {Face::regular, TextSize::small, sheet.theme().faint}, inner.x + inner.width,
                middle, 1);
  }
  return {inner.x, inner.y + height, inner.width, inner.height - height};
}

/// What the chart says, wrapped below its title; at most half of the room. Returns what is left below it.
Rect place_sentence(Sheet& sheet, const std::string& sentence, Rect inner) {
  if (sentence.empty()) return inner;
  const float line = sheet.line_height(TextSize::title);
  auto lines = sheet.wrapped(sentence, Face::regular, TextSize::title, inner.width);
  const auto most = static_cast<std::size_t>(std::max(0.0f, inner.height / 2 / line));
  if (lines.size() > most) return inner;
  float middle = inner.y + line / 2;
  for (const std::string& text : lines) {
    sheet.place(text, {Face::regular, TextSize::title, sheet.theme().text}, inner.x, middle, 0);
    middle += line;
  }
  const float used = line * static_cast<float>(lines.size()) + sheet.px(6);
  return {inner.x, inner.y + used, inner.width, inner.height - used};
}

void place_empty(Sheet& sheet, const std::string& sentence, Rect inner) {
  const float line = sheet.line_height(TextSize::title);
  auto lines = sheet.wrapped(sentence, Face::regular, TextSize::title, std::min(inner.width, sheet.px(420)));
  const auto most = static_cast<std::size_t>(std::max(0.0f, inner.height / line));
  if (lines.size() > most) lines.resize(most);
  const float top = inner.y + (inner.height - line * static_cast<float>(lines.size())) / 2;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    sheet.place(lines[i], {Face::regular, TextSize::title, sheet.theme().dim}, inner.x + inner.width / 2,
                top + line * (static_cast<float>(i) + 0.5f), 0.5f);
  }
}

void place_caption(Sheet& sheet, const ChartFrame& frame) {
  const TextStyle style{Face::regular, TextSize::small, sheet.theme().dim};
  const float under_plot = frame.plots.front().transform.area_px.x;
  for (std::size_t i = 0; i < frame.caption.size(); ++i) {
    const float middle = frame.caption_y + sheet.line_height(TextSize::small) * static_cast<float>(i);
    const std::string& line = frame.caption[i];
    const bool fits =
        under_plot + sheet.width(line, Face::regular, TextSize::small) <= frame.inner.x + frame.inner.width;
    const bool one = frame.caption.size() == 1;
    if (one && fits && sheet.place(line, style, under_plot, middle, 0)) continue;
    sheet.place(line, style, frame.inner.x, middle, 0);
  }
}

Chart without_lowest(Chart chart) {
  const bool ticks = !chart.plots.back().x.hidden;
  chart.plots.pop_back();
  if (ticks) chart.plots.back().x.hidden = false;
  return chart;
}

void paint_panel(Sheet& sheet, const Rect& bounds) {
  const float line = sheet.hairline();
  sheet.rect(bounds, sheet.theme().line, sheet.px(8));
  sheet.rect(shrunk(bounds, line), sheet.theme().panel, sheet.px(8) - line);
}

void draw_plots(Sheet& sheet, const Chart& chart, const ChartFrame& frame) {
  std::vector<PlotInk> inks;
  for (std::size_t i = 0; i < frame.plots.size(); ++i) {
    inks.push_back(draw_marks(sheet, chart, i, frame.plots[i]));
    draw_cursor(sheet, chart, i, frame.plots[i]);
  }
  for (const PlotFrame& plot : frame.plots) draw_key(sheet, plot);
  label_axes(sheet, chart, frame, inks);
  for (std::size_t i = 0; i < frame.plots.size(); ++i) label_line_ends(sheet, frame, frame.plots[i], inks[i]);
  label_flags_and_bands(sheet, chart, frame);
  for (std::size_t i = 0; i < frame.plots.size(); ++i) label_ghosts(sheet, frame.plots[i], inks[i]);
  for (std::size_t i = 0; i < frame.plots.size(); ++i)
    label_marks(sheet, chart.plots[i], frame.plots[i], inks[i]);
  draw_legend(sheet, frame.legend, frame.inner.x, frame.legend_y);
  place_caption(sheet, frame);
}

}  // namespace

Scene lay_out(const Chart& chart, const LayoutOptions& options, const Theme& theme,
              const MeasureText& measure) {
  Sheet sheet(options, theme, measure);
  if (options.with_panel) paint_panel(sheet, options.bounds);
  const float pad = sheet.px(12);
  Rect inner =
      shrunk(options.bounds, std::min(pad, std::min(options.bounds.width, options.bounds.height) / 8));
  if (options.with_title) inner = place_header(sheet, chart, inner);
  if (!chart.empty.empty() || chart.plots.empty()) {
    place_empty(sheet, chart.empty, inner);
    return std::move(sheet.scene());
  }
  inner = place_sentence(sheet, chart.sentence, inner);
  std::string caption = chart.caption;
  if (options.with_hint && !chart.hint.empty()) caption += (caption.empty() ? "" : " ") + chart.hint;
  const ChartFrame frame = frame_of(chart, caption, sheet, inner);
  // Lines that cannot be told apart say less than no lines: the lowest plot goes.
  if (frame.labels_lost && chart.plots.size() > 1)
    return lay_out(without_lowest(chart), options, theme, measure);
  draw_plots(sheet, chart, frame);
  for (const PlotFrame& plot : frame.plots) sheet.scene().plots.push_back(plot.transform);
  return std::move(sheet.scene());
}

}  // namespace grokscope
