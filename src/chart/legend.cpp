#include "chart/legend.h"

#include <algorithm>
#include <cmath>

namespace grokscope {
namespace {

constexpr float kSquare = 11, kGap = 5, kBetween = 14, kBar = 64;  // at scale 1

/// That of its cells; where there is none just now, that of its role.
std::uint8_t sign_of(const FieldMark& field, std::size_t category) {
  for (std::size_t i = 0; i < std::min(field.values.size(), field.signs.size()); ++i) {
    if (field.values[i] == static_cast<float>(category)) return field.signs[i];
  }
  const Role role = field.categories[category];
  return role == Role::cell_wrong                              ? cross_sign
         : role == Role::cell_train || role == Role::cell_once ? dot_sign
                                                               : no_sign;
}

std::vector<LegendItem> items_of(const Chart& chart) {
  std::vector<LegendItem> items;
  for (const Plot& plot : chart.plots) {
    if (plot.colors) items.push_back({plot.colors->name, Role::text, no_sign, plot.colors});
    for (const Mark& mark : plot.marks) {
      const auto* field = std::get_if<FieldMark>(&mark);
      if (field == nullptr) continue;
      for (std::size_t i = 0; i < std::min(field->categories.size(), field->category_names.size()); ++i) {
        if (!field->category_names[i].empty())
          items.push_back({field->category_names[i], field->categories[i], sign_of(*field, i), std::nullopt});
      }
    }
  }
  return items;
}

float width_of(const LegendItem& item, const Sheet& sheet) {
  const auto text = [&](const std::string& words) {
    return words.empty() ? 0.0f : sheet.width(words, Face::regular, TextSize::small);
  };
  if (!item.scale) return sheet.px(kSquare + kGap) + text(item.text);
  return text(item.scale->low) + text(item.scale->high) + sheet.px(kBar + 2 * kGap) +
         (item.text.empty() ? 0.0f : sheet.px(kGap) + text(item.text));
}

void draw_square(Sheet& sheet, const LegendItem& item, float left, float middle) {
  const float side = sheet.px(kSquare);
  const Color fill = color_of(sheet.theme(), item.role), ink = text_on(fill);
  const Rect square{left, middle - side / 2, side, side};
  sheet.rect(square, fill);
  const float inner = side / 4, right = left + side, top = square.y, bottom = square.y + side;
  if (item.sign == dot_sign) sheet.rect(shrunk(square, side / 3), ink);
  if (item.sign != cross_sign) return;
  for (const bool falls : {true, false}) {
    sheet.add(ScenePolyline{{{left + inner, falls ? top + inner : bottom - inner},
                             {right - inner, falls ? bottom - inner : top + inner}},
                            ink,
                            std::max(1.0f, sheet.px(1.3f)),
                            Dash::solid,
                            square});
  }
}

void draw_bar(Sheet& sheet, const ColorScale& scale, const Rect& bar) {
  constexpr int kShades = 64;
  SceneImage image;
  image.rect = bar;
  image.width = kShades;
  image.height = 1;
  for (int i = 0; i < kShades; ++i) {
    const double share = i / (kShades - 1.0);
    const Color c = scale.hues ? color_from_hue(sheet.theme(), share) : color_from_map(scale.map, share);
    image.rgba.push_back(static_cast<std::uint32_t>(c.r) | static_cast<std::uint32_t>(c.g) << 8 |
                         static_cast<std::uint32_t>(c.b) << 16 | static_cast<std::uint32_t>(255) << 24);
  }
  sheet.add(std::move(image));
}

}  // namespace

LegendRows legend_of(const Chart& chart, const Sheet& sheet, float width) {
  LegendRows rows;
  float used = 0;
  for (LegendItem& item : items_of(chart)) {
    const float needed = width_of(item, sheet);
    if (rows.empty() || used + sheet.px(kBetween) + needed > width) {
      rows.emplace_back();
      used = -sheet.px(kBetween);
    }
    used += sheet.px(kBetween) + needed;
    rows.back().push_back(std::move(item));
  }
  return rows;
}

void draw_legend(Sheet& sheet, const LegendRows& rows, float left, float middle_y) {
  const TextStyle style{Face::regular, TextSize::small, sheet.theme().dim};
  const auto words = [&](const std::string& text, float x, float y) {
    sheet.place(text, style, x, y, 0);
    return x + (text.empty() ? 0.0f : sheet.width(text, Face::regular, TextSize::small) + sheet.px(kGap));
  };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const float y = middle_y + sheet.line_height(TextSize::small) * static_cast<float>(row);
    float x = left;
    for (const LegendItem& item : rows[row]) {
      float at = x;
      if (item.scale) {
        at = words(item.scale->low, at, y);
        const float high = sheet.px(8);
        draw_bar(sheet, *item.scale, {std::round(at), std::round(y - high / 2), sheet.px(kBar), high});
        at = words(item.scale->high, at + sheet.px(kBar + kGap), y);
      } else {
        draw_square(sheet, item, std::round(at), y);
        at += sheet.px(kSquare + kGap);
      }
      words(item.text, at, y);
      x += width_of(item, sheet) + sheet.px(kBetween);
    }
  }
}

}  // namespace grokscope
