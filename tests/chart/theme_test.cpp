// The tokens keep their promises: contrast of text and lines in every theme, projector differences, colour
// maps.
#include <gtest/gtest.h>

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
