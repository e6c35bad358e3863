// The tokens keep their promises: contrast of text and lines in every theme, projector differences, colour
// maps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chart/theme.h"

namespace grokscope {
namespace {

constexpr ThemeKind kThemes[] = {ThemeKind::dark, ThemeKind::light, ThemeKind::projector};

TEST(Theme, TextIsReadable) {
  for (const ThemeKind kind : kThemes) {
    const Theme& t = theme(kind);
    for (const Color ground : {t.panel, t.background}) {
      for (const Color text : {t.text, t.dim, t.faint})
        EXPECT_GE(contrast_ratio(text, ground), 4.5) << t.name;
    }
    for (const Color text : {t.text, t.dim}) EXPECT_GE(contrast_ratio(text, t.control), 4.5) << t.name;
    EXPECT_GE(contrast_ratio(t.text, t.control_hover), 4.5) << t.name;
    EXPECT_GE(contrast_ratio(t.accent_text, t.accent), 4.5) << t.name;
    EXPECT_GE(contrast_ratio(text_on(t.event), t.event), 4.5) << t.name;
  }
}

TEST(Theme, AGhostIsPalerThanItsRunAndStillSeen) {
  for (const ThemeKind kind : kThemes) {
    const Theme& t = theme(kind);
    for (const Role role : {Role::train, Role::test, Role::norm}) {
      const double shown = contrast_ratio(color_of(t, role, RunTone::shown), t.panel);
      const double ghost = contrast_ratio(color_of(t, role, RunTone::ghost), t.panel);
      EXPECT_GE(ghost, 2.0) << t.name;
      EXPECT_LE(ghost, 0.6 * shown) << t.name;
    }
    EXPECT_NE(color_of(t, Role::train, RunTone::ghost), color_of(t, Role::test, RunTone::ghost));
  }
  EXPECT_LT(width_share(RunTone::ghost), width_share(RunTone::shown));
}

TEST(Theme, LinesStandOut) {
  for (const ThemeKind kind : kThemes) {
    const Theme& t = theme(kind);
    for (int role = 0; role <= static_cast<int>(Role::series_6); ++role) {
      EXPECT_GE(contrast_ratio(color_of(t, static_cast<Role>(role)), t.panel), 3.0)
          << t.name << " role " << role;
    }
    for (double hue = 0; hue < 1; hue += 0.05)
      EXPECT_GE(contrast_ratio(color_from_hue(t, hue), t.panel), 3.0) << t.name << " " << hue;
  }
}

TEST(Theme, SquaresOfAnswersDifferInLightness) {
  for (const ThemeKind kind : kThemes) {
    const Theme& t = theme(kind);
    const Color train = color_of(t, Role::cell_train), test = color_of(t, Role::cell_test),
                wrong = color_of(t, Role::cell_wrong), once = color_of(t, Role::cell_once);
    EXPECT_GE(contrast_ratio(train, test), 3.0) << t.name;
    EXPECT_GE(contrast_ratio(once, test), 3.0) << t.name;
    for (const Color right : {train, once, test}) EXPECT_GE(contrast_ratio(right, wrong), 2.0) << t.name;
    for (const Color seen : {test, wrong}) EXPECT_GE(contrast_ratio(seen, t.panel), 3.0) << t.name;
  }
}

// --- Colour vision deficiency: Machado, Oliveira and Fernandes 2009, severity 1, on linear light. ---

struct Matrix {
  double m[3][3];
};
constexpr Matrix kProtanopia{
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia{
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};

struct Lab {
  double l, a, b;
};

Lab seen_as(Color color, const Matrix& eye) {
  const auto linear = [](std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double rgb[3] = {linear(color.r), linear(color.g), linear(color.b)};
  double seen[3];
  for (int i = 0; i < 3; ++i) {
    seen[i] = 0;
    for (int k = 0; k < 3; ++k) seen[i] += eye.m[i][k] * rgb[k];
    seen[i] = std::min(std::max(seen[i], 0.0), 1.0);
  }
  const double x = 0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2];
  const double y = 0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2];
  const double z = 0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2];
  const auto f = [](double t) {
    return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
  };
  const double fx = f(x / 0.95047), fy = f(y), fz = f(z / 1.08883);
  return {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
}

/// CIEDE2000 (Sharma, Wu and Dalal 2005).
double delta_e_2000(const Lab& one, const Lab& two) {
  constexpr double kPi = 3.14159265358979323846, k25to7 = 6103515625.0;
  const auto radians = [](double degrees) { return degrees * kPi / 180.0; };
  const double c_mean = (std::hypot(one.a, one.b) + std::hypot(two.a, two.b)) / 2;
  const double g = 0.5 * (1 - std::sqrt(std::pow(c_mean, 7) / (std::pow(c_mean, 7) + k25to7)));
  const double a1 = one.a * (1 + g), a2 = two.a * (1 + g);
  const double c1 = std::hypot(a1, one.b), c2 = std::hypot(a2, two.b);
  const auto hue = [&](double a, double b) {
    const double h = std::atan2(b, a) * 180.0 / kPi;
    return h < 0 ? h + 360 : h;
  };
  const double h1 = hue(a1, one.b), h2 = hue(a2, two.b);
  double dh = h2 - h1;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  const double dl = two.l - one.l, dc = c2 - c1, dH = 2 * std::sqrt(c1 * c2) * std::sin(radians(dh / 2));
  const double l = (one.l + two.l) / 2, c = (c1 + c2) / 2;
  double h = (h1 + h2) / 2;
  if (std::abs(h1 - h2) > 180) h += h1 + h2 < 360 ? 180 : -180;
  const double t = 1 - 0.17 * std::cos(radians(h - 30)) + 0.24 * std::cos(radians(2 * h)) +
                   0.32 * std::cos(radians(3 * h + 6)) - 0.20 * std::cos(radians(4 * h - 63));
  const double sl = 1 + 0.015 * (l - 50) * (l - 50) / std::sqrt(20 + (l - 50) * (l - 50));
  const double sc = 1 + 0.045 * c, sh = 1 + 0.015 * c * t;
  const double rt = -2 * std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + k25to7)) *
                    std::sin(radians(60 * std::exp(-std::pow((h - 275) / 25, 2))));
  return std::sqrt(std::pow(dl / sl, 2) + std::pow(dc / sc, 2) + std::pow(dH / sh, 2) +
                   rt * (dc / sc) * (dH / sh));
}

TEST(Theme, DeltaEIsTheOneOfItsAuthors) {  // rows 1, 7 and 17 of their test data
  EXPECT_NEAR(delta_e_2000({50, 2.6772, -79.7751}, {50, 0, -82.7485}), 2.0425, 1e-4);
  EXPECT_NEAR(delta_e_2000({50, 0, 0}, {50, -1, 2}), 2.3669, 1e-4);
  EXPECT_NEAR(delta_e_2000({50, 2.5, 0}, {73, 25, -18}), 27.1492, 1e-4);
}

TEST(Theme, TrainAndTestAreTellableWithoutRedOrGreenCones) {
  for (const ThemeKind kind : kThemes) {
    const Theme& t = theme(kind);
    for (const Matrix& eye : {kProtanopia, kDeuteranopia}) {
      for (const auto& [train, test] :
           {std::pair{Role::train, Role::test}, {Role::cell_train, Role::cell_test}}) {
        EXPECT_GE(delta_e_2000(seen_as(color_of(t, train), eye), seen_as(color_of(t, test), eye)), 20.0)
            << t.name << " role " << static_cast<int>(train);
      }
    }
  }
}

TEST(Theme, TrainIsSolidAndTestIsDashed) {
  EXPECT_EQ(dash_of(Role::train), Dash::solid);
  EXPECT_EQ(dash_of(Role::test), Dash::dashed);
  EXPECT_EQ(theme(ThemeKind::dark).train, (Color{0x56, 0xb4, 0xe9}));
  EXPECT_EQ(theme(ThemeKind::light).test, (Color{0xd5, 0x5e, 0x00}));
}

TEST(Theme, ProjectorIsLightButStronger) {
  const Theme &light = theme(ThemeKind::light), &projector = theme(ThemeKind::projector);
  EXPECT_EQ(projector.panel, (Color{255, 255, 255}));
  EXPECT_EQ(projector.faint, projector.dim);
  EXPECT_EQ(projector.train, light.train);
  EXPECT_FLOAT_EQ(projector.line_scale, 1.5f);
  EXPECT_FLOAT_EQ(projector.type_step_px, 1.0f);
}

TEST(Theme, FoundByName) {
  EXPECT_EQ(find_theme("projector"), &theme(ThemeKind::projector));
  EXPECT_EQ(find_theme("neon"), nullptr);
}

TEST(Theme, ContrastIsWcag) {
  EXPECT_NEAR(contrast_ratio({0, 0, 0}, {255, 255, 255}), 21, 1e-9);
  EXPECT_NEAR(contrast_ratio({0x77, 0x77, 0x77}, {255, 255, 255}), 4.48, 0.01);
}

TEST(ColorMaps, EndsAndMiddles) {
  EXPECT_EQ(color_from_map(ColorMap::viridis, 0), (Color{0x44, 0x01, 0x54}));
  EXPECT_EQ(color_from_map(ColorMap::viridis, 1), (Color{0xfd, 0xe7, 0x25}));
  EXPECT_EQ(color_from_map(ColorMap::rdbu, 0.5), (Color{0xf7, 0xf7, 0xf7}));
  EXPECT_EQ(color_from_map(ColorMap::twilight, 0), color_from_map(ColorMap::twilight, 1));
  EXPECT_EQ(color_from_map(ColorMap::cividis, 7), color_from_map(ColorMap::cividis, 1));
  EXPECT_EQ(color_from_map(ColorMap::cividis, std::numeric_limits<double>::quiet_NaN()).a, 0);
}

TEST(ColorMaps, SequentialMapsOnlyGetLighter) {
  for (const ColorMap map : {ColorMap::viridis, ColorMap::cividis}) {
    double before = 0;
    for (int i = 0; i <= 100; ++i) {
      const double light = contrast_ratio(color_from_map(map, i / 100.0), {0, 0, 0});
      EXPECT_GE(light, before - 0.02) << i;
      before = light;
    }
  }
}

}  // namespace
}  // namespace grokscope
