// Theme tokens of the look. Two differ from the drawings, because text must reach 4.5 : 1
// (tests/chart/theme_test.cpp): `faint` is lighter in the dark theme and darker in the light one, and text on
// the dark accent is nearly black.
#include "chart/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace grokscope {
namespace {

constexpr Color rgb(std::uint32_t hex, std::uint8_t alpha = 255) {
  return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8),
          static_cast<std::uint8_t>(hex), alpha};
}

constexpr double kGhostShare = 0.55;  // of the colour; the rest is the panel's

constexpr Color kInk = rgb(0x10141a);
constexpr Color kWhite = rgb(0xffffff);

constexpr Theme kDark{.kind = ThemeKind::dark,
                      .name = "dark",
                      .background = rgb(0x14171c),
                      .panel = rgb(0x1b1f26),
                      .line = rgb(0x2a303a),
                      .control = rgb(0x252b35),
                      .control_hover = rgb(0x303845),
                      .text = rgb(0xe8ebf0),
                      .dim = rgb(0x98a2b3),
                      .faint = rgb(0x7f899b),
                      .train = rgb(0x56b4e9),
                      .test = rgb(0xff7f41),
                      .accent = rgb(0x009e73),
                      .accent_text = rgb(0x06120d),
                      .event = rgb(0xcc79a7),
                      .grid = rgb(0xffffff, 18)};

constexpr Theme kLight{.kind = ThemeKind::light,
                       .name = "light",
                       .background = rgb(0xeef0f3),
                       .panel = rgb(0xffffff),
                       .line = rgb(0xcfd5dd),
                       .control = rgb(0xeef1f5),
                       .control_hover = rgb(0xe2e7ed),
                       .text = rgb(0x10141a),
                       .dim = rgb(0x475467),
                       .faint = rgb(0x626c80),
                       .train = rgb(0x0072b2),
                       .test = rgb(0xd55e00),
                       .accent = rgb(0x00785a),
                       .accent_text = rgb(0xffffff),
                       .event = rgb(0xa34b84),
                       .grid = rgb(0x000000, 20)};

constexpr Theme projector_from(Theme theme) {
  theme.kind = ThemeKind::projector;
  theme.name = "projector";
  theme.panel = kWhite;
  theme.faint = theme.dim;
  theme.line_scale = 1.5f;
  theme.type_step_px = 1.0f;
  return theme;
}
constexpr Theme kProjector = projector_from(kLight);

constexpr std::array<const Theme*, 3> kThemes{&kDark, &kLight, &kProjector};

// Okabe–Ito; on white the light members are darkened until they can carry a label.
struct SeriesColors {
  Color on_dark, on_light;
};
constexpr std::array<SeriesColors, 6> kSeries{{{rgb(0x56b4e9), rgb(0x1b79b0)},
                                               {rgb(0x00a67a), rgb(0x00785a)},
                                               {rgb(0xe69f00), rgb(0x936300)},
                                               {rgb(0xcc79a7), rgb(0xa34b84)},
                                               {rgb(0xf0e442), rgb(0x756800)},
                                               {rgb(0xc3cad6), rgb(0x4d5663)}}};

double linear_from_srgb(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

std::uint8_t srgb_from_linear(double c) {
  c = std::clamp(c, 0.0, 1.0);
  const double s = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(s * 255));
}

double luminance(Color c) {
  return 0.2126 * linear_from_srgb(c.r) + 0.7152 * linear_from_srgb(c.g) + 0.0722 * linear_from_srgb(c.b);
}

// Björn Ottosson's OKLab: equal lightness looks equally light, which HSV does not give.
Color color_from_oklab(double lightness, double a, double b) {
  const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return {srgb_from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          srgb_from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          srgb_from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

}  // namespace

const Theme& theme(ThemeKind kind) {
  return *kThemes[static_cast<std::size_t>(kind)];
}

const Theme* find_theme(std::string_view name) {
  const auto found =
      std::find_if(kThemes.begin(), kThemes.end(), [&](const Theme* t) { return t->name == name; });
  return found == kThemes.end() ? nullptr : *found;
}

Color color_of(const Theme& theme, Role role) {
  const bool dark = theme.kind == ThemeKind::dark;
  const auto series = [&](int i) { return dark ? kSeries[i].on_dark : kSeries[i].on_light; };
  switch (role) {
    case Role::text:
      return theme.text;
    case Role::dim:
      return theme.dim;
    case Role::faint:
      return theme.faint;
    case Role::train:
      return theme.train;
    case Role::test:
      return theme.test;
    case Role::formerly_trained:
      return series(2);
    case Role::norm:
      return dark ? rgb(0xa9b1be) : rgb(0x5b6573);
    case Role::accent:
      return theme.accent;
    case Role::event:
      return theme.event;
    case Role::memorising:
      return theme.train;
    case Role::plateau:
      return theme.test;
    case Role::generalising:
      return theme.accent;
    case Role::done:
      return theme.dim;
    case Role::series_1:
      return series(0);
    case Role::series_2:
      return series(1);
    case Role::series_3:
      return series(2);
    case Role::series_4:
      return series(3);
    case Role::series_5:
      return series(4);
    case Role::series_6:
      return series(5);
    case Role::cell_train:
      return dark ? rgb(0x265878) : rgb(0xa9d3ee);
    case Role::cell_once:
      return dark ? rgb(0x66551c) : rgb(0xe3cf96);
    case Role::cell_test:
      return dark ? rgb(0x62e2b6) : rgb(0x00543f);
    case Role::cell_wrong:
      return dark ? rgb(0x868c97) : rgb(0x7d8592);
    case Role::phase_confusion:
      return color_from_map(ColorMap::viridis, 0.08);
    case Role::phase_memorisation:
      return color_from_map(ColorMap::viridis, 0.38);
    case Role::phase_grokking:
      return color_from_map(ColorMap::viridis, 0.7);
    case Role::phase_comprehension:
      return color_from_map(ColorMap::viridis, 0.98);
  }
  return theme.text;
}

Color color_of(const Theme& theme, Role role, RunTone run) {
  const Color color = color_of(theme, role);
  return run == RunTone::shown ? color : blend(with_opacity(color, kGhostShare), theme.panel);
}

float width_share(RunTone run) {
  return run == RunTone::shown ? 1.0f : 0.6f;
}

Dash dash_of(Role role) {
  switch (role) {
    case Role::test:
    case Role::series_2:
    case Role::series_5:
      return Dash::dashed;
    case Role::formerly_trained:
    case Role::series_3:
    case Role::series_6:
      return Dash::dotted;
    case Role::series_4:
      return Dash::dash_dotted;
    default:
      return Dash::solid;
  }
}

Color color_from_hue(const Theme& theme, double hue) {
  if (!std::isfinite(hue)) return theme.dim;
  const double angle = 2 * 3.14159265358979323846 * hue;
  const bool dark = theme.kind == ThemeKind::dark;
  const double chroma = dark ? 0.125 : 0.14;
  return color_from_oklab(dark ? 0.76 : 0.58, chroma * std::cos(angle), chroma * std::sin(angle));
}

double contrast_ratio(Color a, Color b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

Color text_on(Color fill) {
  return contrast_ratio(kInk, fill) > contrast_ratio(kWhite, fill) ? kInk : kWhite;
}

Color with_opacity(Color color, double opacity) {
  color.a = static_cast<std::uint8_t>(std::lround(std::clamp(opacity, 0.0, 1.0) * color.a));
  return color;
}

Color blend(Color over, Color under) {
  const double alpha = over.a / 255.0;
  const auto mix = [&](std::uint8_t o, std::uint8_t u) {
    return static_cast<std::uint8_t>(std::lround(o * alpha + u * (1 - alpha)));
  };
  return {mix(over.r, under.r), mix(over.g, under.g), mix(over.b, under.b), 255};
}

}  // namespace grokscope
