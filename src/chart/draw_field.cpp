// Fields as pixels: exact reduction when cells are smaller than pixels, gaps and signs when they are large.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "chart/draw.h"

namespace grokscope {
namespace {

constexpr std::int64_t kSoftGapFromCell = 3, kGapFromCell = 4, kSignFromCell = 6;  // pixels
constexpr float kMostPixels = 16384;
constexpr double kLeastOnLog = 1e-12;

std::uint32_t packed(Color c) {
  return static_cast<std::uint32_t>(c.r) | static_cast<std::uint32_t>(c.g) << 8 |
         static_cast<std::uint32_t>(c.b) << 16 | static_cast<std::uint32_t>(c.a) << 24;
}

/// Quiet roles become quiet cells: as text they need contrast, as thousands of squares they would shout.
Color cell_color(const Theme& theme, Role role) {
  const bool quiet = role == Role::faint || role == Role::dim;
  return quiet ? blend(with_opacity(theme.faint, role == Role::dim ? 0.5 : 0.3), theme.panel)
               : color_of(theme, role);
}

class FieldPainter {
 public:
  FieldPainter(const FieldMark& field, const Theme& theme) : field_(field) {
    for (const Role role : field.categories) colors_.push_back(packed(cell_color(theme, role)));
    if (colors_.empty()) build_ramp();
    counts_.assign(colors_.size(), 0);
    if (field.categories.empty()) return;
    for (const float value : field.values) {
      if (const int category = category_of(value); category >= 0)
        ++counts_[static_cast<std::size_t>(category)];
    }
  }

  std::uint32_t color_at(std::int64_t row, std::int64_t column) const {
    return color_of_value(value_at(row, column));
  }

  /// The extremes of a block of cells; of categories the one that is rarest in the whole field, twice.
  std::array<std::uint32_t, 2> extremes(std::int64_t row0, std::int64_t row1, std::int64_t column0,
                                        std::int64_t column1) const {
    float low = std::numeric_limits<float>::quiet_NaN(), high = low;
    int rarest = -1;
    for (std::int64_t row = row0; row < row1; ++row) {
      for (std::int64_t column = column0; column < column1; ++column) {
        const float value = value_at(row, column);
        if (!std::isfinite(value)) continue;
        low = std::isnan(low) ? value : std::min(low, value);
        high = std::isnan(high) ? value : std::max(high, value);
        const int category = field_.categories.empty() ? -1 : category_of(value);
        if (category >= 0 && (rarest < 0 || counts_[category] < counts_[rarest])) rarest = category;
      }
    }
    if (rarest >= 0) return {colors_[rarest], colors_[rarest]};
    return {color_of_value(high), color_of_value(low)};
  }

 private:
  float value_at(std::int64_t row, std::int64_t column) const {
    const auto index = static_cast<std::size_t>(row * field_.columns + column);
    return index < field_.values.size() ? field_.values[index] : std::numeric_limits<float>::quiet_NaN();
  }
  int category_of(float value) const {
    if (!std::isfinite(value) || value < 0 || value >= static_cast<float>(colors_.size())) return -1;
    return static_cast<int>(value);
  }
  std::uint32_t color_of_value(float value) const {
    if (!std::isfinite(value)) return 0;
    if (!field_.categories.empty()) {
      const int category = category_of(value);
      return category < 0 ? 0 : colors_[static_cast<std::size_t>(category)];
    }
    double low = field_.low, high = field_.high, at = static_cast<double>(value);
    if (field_.log) {
      low = std::log10(std::max(low, kLeastOnLog));
      high = std::log10(std::max(high, kLeastOnLog));
      at = std::log10(std::max(at, kLeastOnLog));
    }
    if (field_.map == ColorMap::rdbu && !field_.grayscale) {
      high = std::max(std::abs(low), std::abs(high));
      low = -high;
    }
    double share = high > low ? (at - low) / (high - low) : 0.5;
    if (!std::isfinite(share)) share = 0.5;  // the ends themselves are no numbers
    if (field_.bright_low) share = 1.0 - share;
    const auto index = std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(colors_.size() - 1));
    return colors_[static_cast<std::size_t>(index)];
  }
  void build_ramp() {
    constexpr int kShades = 256;
    for (int i = 0; i < kShades; ++i) {
      const auto gray = static_cast<std::uint8_t>(i);
      colors_.push_back(packed(field_.grayscale ? Color{gray, gray, gray}
                                                : color_from_map(field_.map, i / (kShades - 1.0))));
    }
  }

  const FieldMark& field_;
  std::vector<std::uint32_t> colors_;
  std::vector<std::int64_t> counts_;
};

std::uint32_t half_of(std::uint32_t color) {
  return (color & 0xffffffu) | (color >> 25) << 24;
}

void paint_reduced(const FieldPainter& painter, const FieldMark& field, SceneImage& image) {
  image.rgba.resize(static_cast<std::size_t>(image.width * image.height));
  for (std::int64_t row = 0; row < image.height; row += 2) {
    const bool paired = row + 1 < image.height;
    const std::int64_t end_row = paired ? row + 2 : row + 1;
    const std::int64_t row0 = row * field.rows / image.height;
    const std::int64_t row1 = std::max(row0 + 1, end_row * field.rows / image.height);
    for (std::int64_t column = 0; column < image.width; ++column) {
      const std::int64_t column0 = column * field.columns / image.width;
      const std::int64_t column1 = std::max(column0 + 1, (column + 1) * field.columns / image.width);
      const auto extremes =
          painter.extremes(row0, std::min(row1, field.rows), column0, std::min(column1, field.columns));
      image.rgba[static_cast<std::size_t>(row * image.width + column)] = extremes[0];
      if (paired) image.rgba[static_cast<std::size_t>((row + 1) * image.width + column)] = extremes[1];
    }
  }
}

/// What a sign or a text is drawn with: near black or white, as reads better.
Color ink_color_on(std::uint32_t fill) {
  return text_on({static_cast<std::uint8_t>(fill), static_cast<std::uint8_t>(fill >> 8),
                  static_cast<std::uint8_t>(fill >> 16)});
}
std::uint32_t ink_on(std::uint32_t fill) {
  return packed(ink_color_on(fill));
}

/// A hatched cell keeps its colour, and its text can be read.
std::uint32_t mixed(std::uint32_t over, std::uint32_t under) {
  std::uint32_t out = under & 0xff000000u;
  for (int shift = 0; shift < 24; shift += 8)
    out |= ((over >> shift & 255u) * 2 + (under >> shift & 255u) * 3) / 5 << shift;
  return out;
}

/// One cell, `cell` pixels wide: its colour but for the gap on the right and below, and its sign.
void paint_cells(const FieldPainter& painter, const FieldMark& field, std::int64_t cell_width,
                 std::int64_t cell_height, SceneImage& image) {
  const std::int64_t cell = std::min(cell_width, cell_height);
  const std::int64_t gap =
      cell >= kGapFromCell && !field.grayscale ? std::max<std::int64_t>(1, cell / 10) : 0;
  const bool soft = cell == kSoftGapFromCell && !field.grayscale;
  const std::int64_t dot = cell >= kSignFromCell ? std::max<std::int64_t>(2, (cell - gap) / 3) : 0;
  const bool with_signs =
      dot > 0 && field.signs.size() == static_cast<std::size_t>(field.rows * field.columns);
  image.width = cell_width * field.columns;
  image.height = cell_height * field.rows;
  image.rgba.assign(static_cast<std::size_t>(image.width * image.height), 0);
  const auto fill = [&](std::int64_t x0, std::int64_t y0, std::int64_t width, std::int64_t height,
                        std::uint32_t color) {
    for (std::int64_t y = y0; y < y0 + height; ++y) {
      std::fill_n(image.rgba.begin() + static_cast<std::ptrdiff_t>(y * image.width + x0), width, color);
    }
  };
  for (std::int64_t row = 0; row < field.rows; ++row) {
    for (std::int64_t column = 0; column < field.columns; ++column) {
      const std::uint32_t color = painter.color_at(row, column);
      if (color >> 24 == 0) continue;
      const std::int64_t x = column * cell_width, y = row * cell_height;
      fill(x, y, cell_width - gap, cell_height - gap, color);
      if (soft) {  // too small for a whole pixel of gap: half of one
        fill(x + cell_width - 1, y, 1, cell_height, half_of(color));
        fill(x, y + cell_height - 1, cell_width, 1, half_of(color));
      }
      if (!with_signs) continue;
      const std::uint8_t sign = field.signs[static_cast<std::size_t>(row * field.columns + column)];
      const std::uint32_t ink = ink_on(color);
      if (sign == dot_sign)
        fill(x + (cell_width - gap - dot) / 2, y + (cell_height - gap - dot) / 2, dot, dot, ink);
      if (sign == cross_sign) {
        const std::int64_t arm = cell - gap - 2 * (cell / 5), thick = std::max<std::int64_t>(1, cell / 10);
        for (std::int64_t i = 0; i + thick <= arm; ++i) {
          const std::int64_t left = x + (cell_width - gap - arm) / 2, top = y + (cell_height - gap - arm) / 2;
          fill(left + i, top + i, thick, thick, ink);
          fill(left + arm - thick - i, top + i, thick, thick, ink);
        }
      }
    }
  }
}

/// What one pixel column (or row) of the plot shows of a field: cells [first, last), none where they are
/// equal.
struct CellSpan {
  std::int64_t first = 0, last = 0;
  bool gap = false;  ///< the line between this cell and the next
};

/// `begin_px`: where cell 0 begins; `cell_px`: how long a cell is.
std::vector<CellSpan> cells_along(float area_px, std::int64_t pixels, double begin_px, double cell_px,
                                  std::int64_t cells) {
  std::vector<CellSpan> spans(static_cast<std::size_t>(pixels));
  const double gap = cell_px >= kGapFromCell ? std::max(1.0, std::floor(cell_px / 10)) : 0;
  for (std::int64_t i = 0; i < pixels; ++i) {
    const double from = (area_px + static_cast<double>(i) - begin_px) / cell_px, to = from + 1 / cell_px;
    const double cell = std::floor((from + to) / 2);
    if (cell < 0 || cell >= static_cast<double>(cells)) continue;
    CellSpan& span = spans[static_cast<std::size_t>(i)];
    span.first = static_cast<std::int64_t>(cell);
    span.last = span.first + 1;
    if (cell_px < 1) {  // several cells a pixel: none is left out
      span.first = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(from)), 0, cells - 1);
      span.last = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(to)), span.first + 1, cells);
    }
    // The gap lies right of a cell and below it, as in paint_cells().
    span.gap = (cell + 1 - to) * cell_px < gap - 0.5;
  }
  return spans;
}

/// Whether the sign of a cell covers the place (x, y) in it, from its middle in shares of its shorter side.
bool sign_covers(std::uint8_t sign, double x, double y) {
  constexpr double kDotHalf = 0.15, kArm = 0.3, kThick = 0.09, kHatch = 0.34, kHatchThick = 0.07;
  if (sign == hatch_sign) return std::abs(std::remainder(x + y, kHatch)) <= kHatchThick;
  if (sign == dot_sign) return std::abs(x) <= kDotHalf && std::abs(y) <= kDotHalf;
  if (sign != cross_sign || std::abs(x) > kArm || std::abs(y) > kArm) return false;
  return std::abs(x - y) <= kThick || std::abs(x + y) <= kThick;
}

/// Dots and crosses of large cells; `whole` is the field in pixels of the image, which may show a part of it.
void paint_signs(const FieldPainter& painter, const FieldMark& field, const Rect& whole, SceneImage& image) {
  const double cell_width = static_cast<double>(whole.width) / static_cast<double>(field.columns);
  const double cell_height = static_cast<double>(whole.height) / static_cast<double>(field.rows);
  const bool with_signs = field.signs.size() == static_cast<std::size_t>(field.rows * field.columns);
  const double shorter = std::min(cell_width, cell_height);
  // A hatched cell keeps its middle clear for its text, in shares of its shorter side.
  constexpr double kTextRoomX = 0.4, kTextRoomY = 0.24;
  const bool with_texts = field.texts.size() == field.signs.size();
  if (!with_signs || shorter < kSignFromCell) return;
  for (std::int64_t y = 0; y < image.height; ++y) {
    const double row_at = (static_cast<double>(y) + 0.5 - static_cast<double>(whole.y)) / cell_height;
    if (row_at < 0.0 || row_at >= static_cast<double>(field.rows)) continue;
    const auto row = static_cast<std::int64_t>(row_at);
    for (std::int64_t x = 0; x < image.width; ++x) {
      const double column_at = (static_cast<double>(x) + 0.5 - static_cast<double>(whole.x)) / cell_width;
      if (column_at < 0.0 || column_at >= static_cast<double>(field.columns)) continue;
      const auto column = static_cast<std::int64_t>(column_at);
      const std::uint8_t sign = field.signs[static_cast<std::size_t>(row * field.columns + column)];
      const double in_x = (column_at - static_cast<double>(column) - 0.5) * cell_width / shorter,
                   in_y = (row_at - static_cast<double>(row) - 0.5) * cell_height / shorter;
      const bool below_text = with_texts && std::abs(in_x) < kTextRoomX && std::abs(in_y) < kTextRoomY;
      if (!sign_covers(sign, in_x, in_y) || (sign == hatch_sign && below_text)) continue;
      std::uint32_t& pixel = image.rgba[static_cast<std::size_t>(y * image.width + x)];
      const std::uint32_t ink = ink_on(painter.color_at(row, column));
      const bool quiet = sign == hatch_sign || field.apart;  // large cells, with texts of their own
      if (pixel >> 24 != 0) pixel = quiet ? mixed(ink, pixel) : ink;
    }
  }
}

/// A zoomed field, pixel by pixel of the plot: cells need not end with pixels, and what lies outside is cut.
SceneImage visible_field(const FieldPainter& painter, const FieldMark& field, const PlotTransform& transform,
                         const Rect& whole) {
  const Rect& area = transform.area_px;
  SceneImage image;
  image.width = std::max<std::int64_t>(1, std::lround(area.width));
  image.height = std::max<std::int64_t>(1, std::lround(area.height));
  image.rect = {area.x, area.y, static_cast<float>(image.width), static_cast<float>(image.height)};
  image.rgba.assign(static_cast<std::size_t>(image.width * image.height), 0);
  const double cell_width = static_cast<double>(whole.width) / static_cast<double>(field.columns);
  const double cell_height = static_cast<double>(whole.height) / static_cast<double>(field.rows);
  const auto columns = cells_along(area.x, image.width, whole.x, cell_width, field.columns);
  const auto rows = cells_along(area.y, image.height, whole.y, cell_height, field.rows);
  // Square cells are to be told apart; others share their axes with lines, and have no gaps without zoom
  // either.
  const bool gaps =
      !field.grayscale && (field.apart || std::abs(cell_width - cell_height) < 0.01 * cell_width);
  for (std::int64_t y = 0; y < image.height; ++y) {
    const CellSpan& row = rows[static_cast<std::size_t>(y)];
    if (row.first == row.last || (gaps && row.gap)) continue;
    std::uint32_t* out = image.rgba.data() + y * image.width;
    for (std::int64_t x = 0; x < image.width; ++x) {
      const CellSpan& column = columns[static_cast<std::size_t>(x)];
      if (column.first == column.last || (gaps && column.gap)) continue;
      const bool one = row.last - row.first == 1 && column.last - column.first == 1;
      out[x] = one ? painter.color_at(row.first, column.first)
                   : painter.extremes(row.first, row.last, column.first, column.last)[0];
    }
  }
  paint_signs(painter, field, {whole.x - image.rect.x, whole.y - image.rect.y, whole.width, whole.height},
              image);
  return image;
}

bool sticks_out(const Rect& inner, const Rect& outer) {
  return inner.x < outer.x - 0.5f || inner.y < outer.y - 0.5f ||
         inner.x + inner.width > outer.x + outer.width + 0.5f ||
         inner.y + inner.height > outer.y + outer.height + 0.5f;
}

}  // namespace

void label_field(Sheet& sheet, const FieldMark& field, const PlotTransform& transform) {
  const auto cells = static_cast<std::size_t>(std::max<std::int64_t>(field.rows * field.columns, 0));
  if (cells == 0 || field.texts.size() != cells || field.values.size() != cells) return;
  const float x0 = transform.px_from_x(field.x0), y1 = transform.px_from_y(field.y1);
  const float width = (transform.px_from_x(field.x1) - x0) / static_cast<float>(field.columns);
  const float height = (transform.px_from_y(field.y0) - y1) / static_cast<float>(field.rows);
  const float line = sheet.size_px(TextSize::small) * 1.1f;
  if (std::abs(height) < line || std::abs(width) < line) return;
  const FieldPainter painter(field, sheet.theme());
  const Rect& area = transform.area_px;
  for (std::int64_t row = 0; row < field.rows; ++row) {
    for (std::int64_t column = 0; column < field.columns; ++column) {
      const std::string& text = field.texts[static_cast<std::size_t>(row * field.columns + column)];
      const std::uint32_t fill = painter.color_at(row, column);
      const float x = x0 + (static_cast<float>(column) + 0.5f) * width;
      const float y = y1 + (static_cast<float>(row) + 0.5f) * height;
      if (text.empty() || fill >> 24 == 0 || !area.contains(x, y)) continue;
      if (sheet.width(text, Face::semibold, TextSize::small) > std::abs(width) - sheet.px(3)) continue;
      sheet.place(text, {Face::semibold, TextSize::small, ink_color_on(fill)}, x, y, 0.5f);
    }
  }
}

void draw_field(Sheet& sheet, const FieldMark& field, const PlotTransform& transform) {
  if (field.rows < 1 || field.columns < 1) return;
  const float x0 = transform.px_from_x(field.x0), x1 = transform.px_from_x(field.x1);
  const float y0 = transform.px_from_y(field.y0), y1 = transform.px_from_y(field.y1);
  const Rect rect{std::min(x0, x1), std::min(y0, y1), std::abs(x1 - x0), std::abs(y1 - y0)};
  if (!(rect.width >= 1) || !(rect.height >= 1)) return;
  const FieldPainter painter(field, sheet.theme());
  const Rect& area = transform.area_px;
  const double shorter = std::min(static_cast<double>(rect.width) / static_cast<double>(field.columns),
                                  static_cast<double>(rect.height) / static_cast<double>(field.rows));
  const bool pixel_by_pixel = sticks_out(rect, area) || (field.apart && shorter >= kGapFromCell);
  if (pixel_by_pixel && area.width <= kMostPixels && area.height <= kMostPixels)
    return sheet.add(visible_field(painter, field, transform, rect));
  if (rect.width > kMostPixels || rect.height > kMostPixels) return;
  SceneImage image;
  image.rect = rect;
  const double cell_width = static_cast<double>(rect.width) / static_cast<double>(field.columns);
  const double cell_height = static_cast<double>(rect.height) / static_cast<double>(field.rows);
  if (cell_width < 1 || cell_height < 1) {
    image.width = std::min<std::int64_t>(field.columns, std::max<std::int64_t>(1, std::lround(rect.width)));
    image.height =
        std::min<std::int64_t>(2 * field.rows, std::max<std::int64_t>(1, std::lround(rect.height)));
    paint_reduced(painter, field, image);
  } else {
    const auto whole = [](double cell) {
      return cell >= kSoftGapFromCell && std::abs(cell - std::round(cell)) < 1e-3;
    };
    const bool large = whole(cell_width) && whole(cell_height) && rect.width * rect.height < 16e6f;
    paint_cells(painter, field, large ? std::lround(cell_width) : 1, large ? std::lround(cell_height) : 1,
                image);
  }
  sheet.add(std::move(image));
}

}  // namespace grokscope
