// Labels of axes, line ends and bands. Everything goes through Sheet::place, most important first.
#include <algorithm>
#include <cmath>
#include <set>

#include "chart/draw.h"
#include "chart/strip.h"

namespace grokscope {
namespace {

struct EndLabel {
  std::string text;
  Color color;
  float x = 0, y = 0, width = 0;
};

/// Least movement that separates labels which share columns: neighbours that touch form a block around their
/// mean.
void spread(std::vector<EndLabel>& labels, float height, float top, float bottom) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
  struct Block {
    std::size_t begin, end;
    float middle;
  };
  std::vector<Block> blocks;
  const auto half = [&](const Block& block) {
    return static_cast<float>(block.end - block.begin) * height / 2;
  };
  const auto keep_inside = [&](Block& block) {
    const float low = top + half(block), high = std::max(low, bottom - half(block));
    block.middle = std::clamp(block.middle, low, high);
  };
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Block block{i, i + 1, labels[i].y};
    keep_inside(block);
    while (!blocks.empty() &&
           blocks.back().middle + half(blocks.back()) > block.middle - half(block) + 1e-3f) {
      const Block& above = blocks.back();
      const auto n = static_cast<float>(above.end - above.begin),
                 m = static_cast<float>(block.end - block.begin);
      block = {above.begin, block.end, (above.middle * n + block.middle * m) / (n + m)};
      keep_inside(block);
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  for (const Block& block : blocks) {
    const float first = block.middle - half(block) + height / 2;
    for (std::size_t i = block.begin; i < block.end; ++i)
      labels[i].y = first + static_cast<float>(i - block.begin) * height;
  }
}

void label_y_axis(Sheet& sheet, const Plot& plot, const PlotFrame& frame, bool clamped) {
  const Rect& area = frame.transform.area_px;
  const TextStyle style{Face::regular, TextSize::small, sheet.theme().dim};
  if (frame.y_labelled) {
    for (std::size_t i = 0; i < frame.y_ticks.size(); ++i) {
      const Tick& tick = frame.y_ticks[i];
      const float y = frame.transform.px_from_y(tick.value);
      const bool lowest = clamped && i == 0 && y >= area.y + area.height - 1;
      if (!lowest || !sheet.place("≤ " + tick.label, style, area.x - sheet.px(6), y, 1)) {
        sheet.place(tick.label, style, area.x - sheet.px(6), y, 1);
      }
    }
    if (clamped) sheet.place(frame.lowest, style, area.x - sheet.px(6), area.y + area.height, 1);
  }
  if (plot.y.label.empty() || plot.y.hidden) return;
  const float middle =
      frame.strip.y + frame.strip.height - sheet.line_height(TextSize::small) * 0.5f - sheet.px(6);
  const float left = frame.strip.x;
  const float room = frame.strip.width;
  const std::string name = sheet.fitted(plot.y.label, Face::regular, TextSize::small, room);
  if (sheet.place(name, style, left, middle, 0)) return;
  // Between the tick labels of two plots there is no room: behind them there is.
  const float half = sheet.line_height(TextSize::small) / 2;
  const float behind = frame.strip.y + frame.strip.height - std::max(half, frame.strip.height / 2);
  if (!sheet.place(name, style, area.x + sheet.px(2), behind, 0))
    sheet.place(name, style, area.x + sheet.px(2), area.y + half, 0);
}

void label_x_axis(Sheet& sheet, const Chart& chart, const ChartFrame& frame) {
  const PlotFrame& plot = frame.plots.back();
  const Rect& area = plot.transform.area_px;
  const TextStyle style{Face::regular, TextSize::small, sheet.theme().dim};
  const float right = frame.inner.x + frame.inner.width;
  if (!plot.x_labelled) return;
  for (const Tick& tick : plot.x_ticks) {
    const float half = sheet.width(tick.label, Face::regular, TextSize::small) / 2;
    const float middle = std::clamp(plot.transform.px_from_x(tick.value), frame.inner.x + half,
                                    std::max(frame.inner.x + half, right - half));
    sheet.place(tick.label, style, middle, frame.tick_row_y, 0.5f);
  }
  const std::string& name =
      chart.plots.back().x.label.empty() ? chart.plots.front().x.label : chart.plots.back().x.label;
  if (name.empty()) return;
  const float width = sheet.width(name, Face::regular, TextSize::small);
  if (frame.name_beside) {
    sheet.place(name, style, area.x + area.width + frame.name_gap_px, frame.tick_row_y, 0);
    return;
  }
  if (frame.name_row_y <= 0) {  // no row for it: inside the plot, where there is room
    sheet.place(name, style, area.x + area.width - sheet.px(2),
                area.y + area.height - sheet.line_height(TextSize::small) / 2, 1);
    return;
  }
  const float end = std::min(right, std::max(area.x + area.width, frame.inner.x + width));
  sheet.place(sheet.fitted(name, Face::regular, TextSize::small, frame.inner.width), style, end,
              frame.name_row_y, 1);
}

/// In the band's middle, or where else there is room beside a flag with most of the name in its band. A name
/// in the middle may be longer than its band.
void place_band_name(Sheet& sheet, const ChartFrame& frame, const std::string& name, const Color& color,
                     float left, float right) {
  const PlotFrame& top = frame.plots.front();
  const TextStyle style{Face::regular, TextSize::small, color};
  const float half = sheet.width(name, style.face, style.size) / 2, gap = sheet.px(4);
  const float low = frame.inner.x + half, high = frame.inner.x + frame.inner.width - half;
  if (high < low) return;
  for (int row = strip_rows(sheet, top) - 1; row >= 0; --row) {
    const float y = strip_row(sheet, top, row);
    const bool narrow = right - left < 2 * half;  // then it may also begin or end with its band
    for (int aside = 0; aside < (narrow ? 33 : 31);
         ++aside) {  // 0, then left and right in turn, by 1/32 of the band
      const int steps = (aside + 1) / 2;
      const float away = static_cast<float>(steps) / 32.0f;
      float x = left + (0.5f + (aside % 2 == 0 ? away : -away)) * (right - left);
      if (aside >= 31) x = aside == 31 ? right - half : left + half;
      if (aside > 0 && aside < 31 && (x - half / 2 < left || x + half / 2 > right)) continue;
      const float middle = std::clamp(x, low, high);
      const Rect box = sheet.text_box(name, style, middle, y, 0.5f);
      if (sheet.is_free({box.x - gap, box.y, box.width + 2 * gap, box.height}) &&
          sheet.place(name, style, middle, y, 0.5f))
        return;
    }
  }
}

void label_bands(Sheet& sheet, const Chart& chart, const ChartFrame& frame) {
  const PlotFrame& top = frame.plots.front();
  const Rect& area = top.transform.area_px;
  std::set<std::string> seen;
  std::vector<const BandMark*> bands;
  for (const Plot& plot : chart.plots) {
    for (const Mark& mark : plot.marks) {
      const auto* band = std::get_if<BandMark>(&mark);
      if (band == nullptr || band->label.empty()) continue;
      if (seen.insert(band->label + "@" + std::to_string(band->x0)).second) bands.push_back(band);
    }
  }
  std::reverse(bands.begin(), bands.end());  // the present phase first
  for (const BandMark* band : bands) {
    const float left = std::max(area.x, top.transform.px_from_x(std::min(band->x0, band->x1)));
    const float right = std::min(area.x + area.width, top.transform.px_from_x(std::max(band->x0, band->x1)));
    if (!(right > left)) continue;
    const Color color = band->role == Role::accent ? sheet.theme().accent : sheet.theme().dim;
    place_band_name(sheet, frame, band->label, color, left, right);
  }
}

}  // namespace

void draw_key(Sheet& sheet, const PlotFrame& frame) {
  const float line = sheet.line_height(TextSize::small);
  for (std::size_t row = 0; row < frame.key.size(); ++row) {
    float x = frame.strip.x;
    const float y = frame.strip.y + line * (static_cast<float>(row) + 0.5f);
    for (const LineMark* mark : frame.key[row]) {
      const Color color = color_of(sheet.theme(), mark->role);
      const float width = sheet.px(mark->width_px) * sheet.theme().line_scale;
      const float text = x + sheet.px(kKeyLine + kKeyGap);
      if (sheet.place(mark->label, {Face::semibold, TextSize::small, color}, text, y, 0)) {
        sheet.add(ScenePolyline{{{x, y}, {x + sheet.px(kKeyLine), y}},
                                color,
                                width,
                                mark->dash == Dash::automatic ? dash_of(mark->role) : mark->dash,
                                {x, y - width, sheet.px(kKeyLine), 2 * width}});
      }
      x = text + sheet.width(mark->label, Face::semibold, TextSize::small) + sheet.px(kKeyBetween);
    }
  }
}

void label_axes(Sheet& sheet, const Chart& chart, const ChartFrame& frame, const std::vector<PlotInk>& inks) {
  for (std::size_t i = 0; i < frame.plots.size(); ++i)
    label_y_axis(sheet, chart.plots[i], frame.plots[i], inks[i].clamped);
  label_x_axis(sheet, chart, frame);
}

void label_line_ends(Sheet& sheet, const ChartFrame& chart_frame, const PlotFrame& frame,
                     const PlotInk& ink) {
  if (!frame.end_labels) return;
  const Rect& area = frame.transform.area_px;
  std::vector<EndLabel> labels;
  for (const LineEnd& end : ink.ends) {
    EndLabel label{end.label, end.color, end.at.x + sheet.px(8), end.at.y};
    label.width = sheet.width(label.text, Face::semibold, TextSize::small);
    label.x = std::min(label.x, chart_frame.label_right - label.width);
    labels.push_back(label);
  }
  const float height = sheet.line_height(TextSize::small) * 0.98f;
  spread(labels, height, area.y - height / 2, area.y + area.height + height * 0.2f);
  for (const EndLabel& label : labels) {
    const TextStyle style{Face::semibold, TextSize::small, label.color};
    const Rect box = sheet.text_box(label.text, style, label.x, label.y, 0);
    if (!sheet.is_free(box)) continue;
    const Rect chip = shrunk(box, -sheet.px(2));
    if (chip.x < area.x + area.width) sheet.rect(chip, with_opacity(sheet.theme().panel, 0.8), sheet.px(3));
    sheet.place(label.text, style, label.x, label.y, 0);
  }
}

void label_flags_and_bands(Sheet& sheet, const Chart& chart, const ChartFrame& frame) {
  label_flags(sheet, chart, frame);
  label_bands(sheet, chart, frame);
}

}  // namespace grokscope
