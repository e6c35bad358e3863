// Theme: colour, width and type of everything that is drawn. Plain data; used by OpenGL, SVG and ImGui
// alike.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "chart/chart.h"

namespace grokscope {

struct Color {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;
  bool operator==(const Color&) const = default;
};

enum class ThemeKind { dark, light, projector };

struct Theme {
  ThemeKind kind = ThemeKind::dark;
  std::string_view name;  ///< "dark"
  Color background, panel, line, control, control_hover, text, dim, faint, train, test, accent, accent_text,
      event, grid;
  float line_scale = 1.0f;  ///< projector: 1.5
  float type_step_px = 0;   ///< projector: one size larger
  std::uint8_t phase_tint = 18;
};

const Theme& theme(ThemeKind kind);
const Theme* find_theme(std::string_view name);
Color color_of(const Theme& theme, Role role);
/// The colour of that meaning for a run: that of a ghost is mixed with the panel's.
Color color_of(const Theme& theme, Role role, RunTone run);
/// What a line's width is multiplied by.
float width_share(RunTone run);
Dash dash_of(Role role);
/// value in 0..1; NaN gives a transparent colour.
Color color_from_map(ColorMap map, double value);
/// Dots with a cyclic hue: the same lightness all around, so that every dot stands out from the panel.
Color color_from_hue(const Theme& theme, double hue);
/// Near black or white, whichever reads better on `fill`: flags, filled buttons.
Color text_on(Color fill);
Color with_opacity(Color color, double opacity);
/// The colour that `over` (with its alpha) makes on an opaque `under`.
Color blend(Color over, Color under);
/// WCAG 2 contrast ratio of two opaque colours, 1..21.
double contrast_ratio(Color a, Color b);

}  // namespace grokscope
