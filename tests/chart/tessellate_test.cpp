// Triangles of lines: joints and caps, and a mesh that is filled again.
#include "chart/gl/tessellate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "chart/gl/line_strip.h"

namespace grokscope::gl {
namespace {

Scene scene_of(std::vector<Point> points, const std::string& text) {
  Scene scene;
  scene.bounds = {0, 0, 200, 100};
  scene.primitives.emplace_back(
      ScenePolyline{std::move(points), {1, 2, 3, 255}, 2, Dash::solid, {0, 0, 200, 100}});
  if (!text.empty()) scene.primitives.emplace_back(SceneText{{10, 50}, text});
  return scene;
}

bool same(const Mesh& a, const Mesh& b) {
  const auto same_run = [](const Run& run, const Run& other) {
    return run.image == other.image && run.first_index == other.first_index && run.count == other.count;
  };
  return a.vertices.size() == b.vertices.size() && a.indices == b.indices &&
         std::equal(a.runs.begin(), a.runs.end(), b.runs.begin(), b.runs.end(), same_run) &&
         std::memcmp(a.vertices.data(), b.vertices.data(), a.vertices.size() * sizeof(Vertex)) == 0;
}

TEST(Tessellate, AMeshFilledAgainHoldsNothingOfTheLastScene) {
  const Fonts fonts;
  GlyphAtlas atlas;
  const Scene small = scene_of({{0, 0}, {50, 10}, {60, 90}}, "step");
  Scene large = scene_of({{5, 5}, {50, 60}, {90, 9}, {95, 80}, {150, 20}}, "accuracy and loss");
  large.primitives.emplace_back(SceneImage{{0, 0, 9, 9}, 1, 1, {0xff}});
  large.primitives.emplace_back(SceneCircle{{20, 20}, 3, {9, 9, 9, 255}});
  Mesh fresh, kept;
  tessellate(small, 2, fonts, atlas, fresh);
  tessellate(large, 2, fonts, atlas, kept);
  EXPECT_EQ(kept.runs.size(), 3u);
  tessellate(small, 2, fonts, atlas, kept);
  EXPECT_TRUE(same(fresh, kept));
  // Two segments and four letters, a quad each.
  EXPECT_EQ(kept.vertices.size(), 4u * 6);
  ASSERT_EQ(kept.runs.size(), 1u);
  EXPECT_EQ(kept.runs[0].count, 6u * 6);
}

TEST(LineStrip, GentleJointsShareCornersAndSharpOnesEndTheRun) {
  LineStrip strip;
  const std::array<Point, 4> points{{{0, 0}, {20, 0}, {40, 5}, {40, 60}}};
  strip.trace(points, 2, 1.5f);
  ASSERT_EQ(strip.size(), 3u);
  const LineQuad first = strip.quad(0), second = strip.quad(1), third = strip.quad(2);
  for (int side = 0; side < 2; ++side) {
    EXPECT_NEAR(first.corner[side + 2].x, second.corner[side].x, 1e-3);
    EXPECT_NEAR(first.corner[side + 2].y, second.corner[side].y, 1e-3);
  }
  const float second_end = 40 + 2 * std::hypot(20.0f, 5.0f);
  EXPECT_FLOAT_EQ(first.run_begin, 0);
  EXPECT_FLOAT_EQ(second.run_begin, 0);
  EXPECT_FLOAT_EQ(first.run_end, second_end) << "the cap is at the end of the run";
  EXPECT_FLOAT_EQ(second.run_end, second_end);
  EXPECT_FLOAT_EQ(third.run_begin, second_end);
  EXPECT_FLOAT_EQ(third.run_end, second_end + 110);
  EXPECT_FLOAT_EQ(first.corner[0].x, -2.5f) << "room for the cap";
  EXPECT_FLOAT_EQ(third.corner[0].y, 10 - 2.5f);
}

TEST(LineStrip, PointsInOnePlaceMakeNoQuads) {
  LineStrip strip;
  strip.trace(std::array<Point, 3>{{{5, 5}, {5, 5}, {5.001f, 5}}}, 1, 1);
  EXPECT_EQ(strip.size(), 0u);
  strip.trace({}, 1, 1);
  EXPECT_EQ(strip.size(), 0u);
}

}  // namespace
}  // namespace grokscope::gl
