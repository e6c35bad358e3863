// Cells with texts and hatches, axes with names, areas between curves.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "chart/scene.h"
#include "chart/ticks.h"

namespace grokscope {
namespace {

Chart map_of(std::int64_t rows, std::int64_t columns) {
  FieldMark field;
  field.rows = rows;
  field.columns = columns;
  field.values.assign(static_cast<std::size_t>(rows * columns), 0.0f);
  field.values[0] = 1.0f;
  field.signs.assign(field.values.size(), no_sign);
  field.texts.assign(field.values.size(), "M");
  field.categories = {Role::phase_memorisation, Role::phase_comprehension};
  field.x0 = field.y0 = -0.5;
  field.x1 = static_cast<double>(columns) - 0.5;
  field.y1 = static_cast<double>(rows) - 0.5;
  field.apart = true;
  Chart chart;
  Plot plot;
  for (std::int64_t i = 0; i < columns; ++i)
    plot.x.names.push_back({static_cast<double>(i), "x" + std::to_string(i)});
  plot.marks.push_back(std::move(field));
  chart.plots.push_back(std::move(plot));
  return chart;
}

Scene scene_of(const Chart& chart, float width = 400, float height = 300) {
  LayoutOptions options;
  options.bounds = {0, 0, width, height};
  return lay_out(chart, options, theme(ThemeKind::dark), inter_metrics());
}

std::size_t texts_in(const Scene& scene, const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(scene.primitives.begin(), scene.primitives.end(), [&](const Primitive& primitive) {
        const auto* placed = std::get_if<SceneText>(&primitive);
        return placed != nullptr && placed->text == text;
      }));
}

const SceneImage* image_of(const Scene& scene) {
  for (const Primitive& primitive : scene.primitives) {
    if (const auto* image = std::get_if<SceneImage>(&primitive)) return image;
  }
  return nullptr;
}

std::size_t shades_in(const SceneImage& image) {
  return std::set<std::uint32_t>(image.rgba.begin(), image.rgba.end()).size();
}

TEST(CellTexts, StandInEveryCellThatHasRoomAndInNoneThatHasNot) {
  EXPECT_EQ(texts_in(scene_of(map_of(5, 6)), "M"), 30u);
  EXPECT_EQ(texts_in(scene_of(map_of(60, 80)), "M"), 0u);
  EXPECT_EQ(texts_in(scene_of(map_of(60, 3)), "M"), 0u) << "wide enough, too low";
}

TEST(CellTexts, ACellWithoutAValueSaysNothing) {
  Chart chart = map_of(5, 6);
  std::get<FieldMark>(chart.plots[0].marks[0]).values[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(texts_in(scene_of(chart), "M"), 29u);
}

TEST(Hatches, AreSeenAndKeepTheColourOfTheCell) {
  Chart chart = map_of(4, 6);
  const SceneImage plain = *image_of(scene_of(chart));
  std::get<FieldMark>(chart.plots[0].marks[0]).signs[8] = hatch_sign;
  const SceneImage hatched = *image_of(scene_of(chart));
  ASSERT_EQ(plain.rgba.size(), hatched.rgba.size());
  std::size_t changed = 0;
  for (std::size_t i = 0; i < plain.rgba.size(); ++i) changed += plain.rgba[i] == hatched.rgba[i] ? 0 : 1;
  EXPECT_EQ(shades_in(hatched), shades_in(plain) + 1);
  const double cell = static_cast<double>(plain.rgba.size()) / 24.0;
  EXPECT_GT(static_cast<double>(changed), 0.2 * cell);
  EXPECT_LT(static_cast<double>(changed), 0.7 * cell);
}

TEST(Hatches, LeaveTheMiddleOfACellToItsText) {
  Chart chart = map_of(1, 1);
  auto& field = std::get<FieldMark>(chart.plots[0].marks[0]);
  field.values[0] = 0.0f;
  field.signs[0] = hatch_sign;
  const SceneImage with_text = *image_of(scene_of(chart));
  field.texts.clear();
  const SceneImage without = *image_of(scene_of(chart));
  const auto shades_of_middle = [](const SceneImage& image) {
    std::set<std::uint32_t> shades;
    const std::int64_t row = image.height / 2;
    for (std::int64_t x = image.width / 2 - image.height / 4; x < image.width / 2 + image.height / 4; ++x)
      shades.insert(image.rgba[static_cast<std::size_t>(row * image.width + x)]);
    return shades.size();
  };
  EXPECT_EQ(shades_of_middle(with_text), 1u);
  EXPECT_EQ(shades_of_middle(without), 2u);
  EXPECT_EQ(shades_in(with_text), shades_in(without)) << "hatched all the same";
}

TEST(ApartCells, HaveGapsThoughTheyAreNotSquare) {
  Chart chart = map_of(4, 6);
  const auto gaps = [](const Chart& drawn) {
    const Scene scene = scene_of(drawn);  // borrowed below
    const SceneImage* image = image_of(scene);
    return std::count(image->rgba.begin(), image->rgba.end(), 0u);
  };
  EXPECT_GT(gaps(chart), 0);
  std::get<FieldMark>(chart.plots[0].marks[0]).apart = false;
  EXPECT_EQ(gaps(chart), 0);
}

TEST(NamedAxis, LabelsItsNamesThinnedEvenly) {
  Axis axis;
  for (int i = 0; i < 12; ++i) axis.names.push_back({static_cast<double>(i), "n" + std::to_string(i)});
  axis.minimum = -0.5;
  axis.maximum = 11.5;
  EXPECT_EQ(ticks_of(axis, 12).size(), 12u);
  const auto few = ticks_of(axis, 5);
  ASSERT_EQ(few.size(), 4u);
  EXPECT_EQ(few[1].label, "n3");
  axis.maximum = 4.5;  // zoomed
  EXPECT_EQ(ticks_of(axis, 12).size(), 5u);
  EXPECT_EQ(texts_in(scene_of(map_of(3, 12), 700), "x11"), 1u) << "all have room";
}

TEST(Area, LiesBetweenItsCurvesAndNaNBreaksIt) {
  Chart chart;
  Plot plot;
  plot.x.minimum = 0.0;
  plot.x.maximum = 4.0;
  plot.y.minimum = 0.0;
  plot.y.maximum = 10.0;
  AreaMark area;
  area.x = {0, 1, 2, 3, 4};
  area.low = {2, 2, 2, 2, 2};
  area.high = {4, 4, std::nan(""), 4, 4};
  plot.marks.push_back(area);
  chart.plots.push_back(plot);
  const Scene scene = scene_of(chart);
  const SceneImage* image = image_of(scene);
  ASSERT_NE(image, nullptr);
  const auto filled = [&](double x, double y) {
    const auto column = static_cast<std::int64_t>(x / 4.0 * static_cast<double>(image->width));
    const auto row = static_cast<std::int64_t>((1.0 - y / 10.0) * static_cast<double>(image->height));
    return image->rgba[static_cast<std::size_t>(row * image->width + column)] != 0u;
  };
  EXPECT_TRUE(filled(0.5, 3.0));
  EXPECT_TRUE(filled(3.5, 3.0));
  EXPECT_FALSE(filled(0.5, 5.0));
  EXPECT_FALSE(filled(0.5, 1.0));
  EXPECT_FALSE(filled(1.5, 3.0)) << "next to a gap";
  for (const double y : {0.2, 5.0, 9.8}) EXPECT_FALSE(filled(2.5, y)) << "nor anywhere above or below it";
}

}  // namespace
}  // namespace grokscope
