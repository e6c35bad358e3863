// The OpenGL renderer on a surface without a window: repeatable pictures, a golden one, state put back,
// caching, shader errors, even lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "assets/embedded.h"
#include "chart/gl/shader.h"
#include "golden.h"
#include "sample_charts.h"

namespace grokscope {
namespace {

class Renderer : public testing::Test {
 protected:
  void SetUp() override {
    auto context = EglContext::create();
    ASSERT_TRUE(context) << context.error().message;
    context_ = std::make_unique<EglContext>(std::move(*context));
    auto renderer = SceneRenderer::create();
    ASSERT_TRUE(renderer) << renderer.error().message;
    renderer_ = std::make_unique<SceneRenderer>(std::move(*renderer));
  }
  void TearDown() override {
    renderer_.reset();
    context_.reset();
  }
  sample::Picture dashboard(ThemeKind kind, float scale, float stretch = 1) {
    const Theme& look = theme(kind);
    const auto scenes = sample::dashboard_scenes(run_, look, scale, renderer_->measure(), stretch);
    const auto side = [&](int px) { return static_cast<int>(static_cast<float>(px) * scale * stretch); };
    return sample::paint(*renderer_, scenes, side(1280), side(720), look.background);
  }
  /// One primitive on black.
  sample::Picture only(Primitive primitive, int width = 64, int height = 48) {
    Scene scene{.bounds = {0, 0, static_cast<float>(width), static_cast<float>(height)}};
    scene.primitives.push_back(std::move(primitive));
    return sample::paint(*renderer_, {scene}, width, height, {0, 0, 0});
  }

  sample::Run run_ = sample::make_run();
  std::unique_ptr<EglContext> context_;
  std::unique_ptr<SceneRenderer> renderer_;
};

int red_at(const sample::Picture& picture, int x, int y) {
  return picture.rgba[static_cast<std::size_t>((y * picture.width + x) * 4)];
}

constexpr Color kRed{255, 0, 0};

TEST_F(Renderer, GivesTheSameBytesTwice) {
  for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light, ThemeKind::projector}) {
    const sample::Picture first = dashboard(kind, 1), second = dashboard(kind, 1);
    ASSERT_FALSE(first.rgba.empty());
    EXPECT_EQ(first.rgba, second.rgba);
    sample::keep(first, "dashboard-" + std::string(theme(kind).name));
  }
  EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

TEST_F(Renderer, LargePicturesForAPersonToLookAt) {
  if (std::getenv("GROKSCOPE_PICTURES") == nullptr) GTEST_SKIP() << "set GROKSCOPE_PICTURES to a folder";
  sample::keep(dashboard(ThemeKind::dark, 3), "dashboard-4k");
  sample::keep(dashboard(ThemeKind::light, 1, 2.4f), "dashboard-large");
  sample::keep(dashboard(ThemeKind::projector, 2), "dashboard-projector-2");
}

class Golden : public Renderer {
 protected:
  Scene timeline(ThemeKind kind) {
    return lay_out(sample::timeline(run_), {.bounds = {0, 0, 520, 300}, .with_panel = true}, theme(kind),
                   renderer_->measure());
  }
  sample::Picture painted(const Scene& scene, ThemeKind kind = ThemeKind::dark) {
    return sample::paint(*renderer_, {scene}, 520, 300, theme(kind).background);
  }
  /// Debian 12 has Inter 4.0 beta 7, Debian 13 has 4.1, whose letters differ a little: one picture each, and
  /// the nearer counts.
  static sample::Picture golden_for(const sample::Picture& picture) {
    const std::string folder = std::string(GROKSCOPE_TEST_DATA) + "/chart/";
    if (std::getenv("GROKSCOPE_UPDATE_GOLDEN") != nullptr)
      sample::write_picture(picture, folder + "timeline-dark.png");
    const sample::Picture older = sample::read_picture(folder + "timeline-dark.png");
    const sample::Picture newer = sample::read_picture(folder + "timeline-dark-inter-4.1.png");
    EXPECT_EQ(older.rgba.size(), picture.rgba.size()) << folder;
    EXPECT_EQ(newer.rgba.size(), picture.rgba.size()) << folder;
    return sample::worst_square(picture, newer) < sample::worst_square(picture, older) ? newer : older;
  }
};

std::string name_of_primitive(const Primitive& primitive) {
  if (const auto* text = std::get_if<SceneText>(&primitive)) return "the text \"" + text->text + '"';
  static constexpr const char* kKinds[] = {"rectangle", "image", "line", "circle", "text"};
  return kKinds[primitive.index()];
}

TEST_F(Golden, ThePictureOfATimelineIsTheOneThatWasLookedAt) {
  const sample::Picture picture = painted(timeline(ThemeKind::dark)), golden = golden_for(picture);
  EXPECT_LT(sample::worst_square(picture, golden), sample::kSamePicture);
}

TEST_F(Golden, AnythingThatIsMissingIsSeen) {
  const Scene whole = timeline(ThemeKind::dark);
  const sample::Picture golden = golden_for(painted(whole));
  for (std::size_t i = 0; i < whole.primitives.size(); ++i) {
    Scene scene = whole;
    scene.primitives.erase(scene.primitives.begin() + static_cast<std::ptrdiff_t>(i));
    const sample::Picture without = painted(scene);
    if (sample::worst_square(without, painted(whole)) < sample::kSamePicture) {
      // The back of a label that happens to stand where nothing has to be hidden.
      EXPECT_TRUE(std::holds_alternative<SceneRect>(whole.primitives[i])) << i << " cannot be seen";
      ASSERT_LT(i + 1, whole.primitives.size());
      EXPECT_TRUE(std::holds_alternative<SceneText>(whole.primitives[i + 1])) << i << " cannot be seen";
      continue;
    }
    EXPECT_GT(sample::worst_square(without, golden), sample::kSamePicture)
        << "without " << name_of_primitive(whole.primitives[i]) << " (" << i << ") it is still the same";
  }
}

TEST_F(Golden, ALineOfAnotherColourWidthOrPlaceIsSeen) {
  const Scene whole = timeline(ThemeKind::dark);
  const sample::Picture golden = golden_for(painted(whole));
  int lines = 0;
  for (std::size_t i = 0; i < whole.primitives.size(); ++i) {
    if (!std::holds_alternative<ScenePolyline>(whole.primitives[i])) continue;
    ++lines;
    const auto seen = [&](const char* what, auto change) {
      Scene scene = whole;
      change(std::get<ScenePolyline>(scene.primitives[i]));
      EXPECT_GT(sample::worst_square(painted(scene), golden), sample::kSamePicture)
          << "line " << i << " of another " << what;
    };
    seen("colour", [](ScenePolyline& line) { line.color = {255, 0, 255}; });
    seen("width", [](ScenePolyline& line) { line.width_px += 2.0f; });
    seen("place", [](ScenePolyline& line) {
      for (Point& point : line.points) point.y += 2.0f, point.x += 2.0f;
    });
  }
  EXPECT_GE(lines, 4);
}

TEST_F(Golden, AnotherThemeIsAnotherPicture) {
  const sample::Picture golden = golden_for(painted(timeline(ThemeKind::dark)));
  EXPECT_EQ(sample::worst_square(painted(timeline(ThemeKind::light), ThemeKind::light), golden), 1.0);
}

TEST_F(Renderer, CrispShapes) {
  const auto rect = only(SceneRect{{10, 10, 5, 1}, kRed});
  EXPECT_EQ(red_at(rect, 10, 10), 255);
  EXPECT_EQ(red_at(rect, 14, 10), 255);
  EXPECT_EQ(red_at(rect, 15, 10), 0);
  EXPECT_EQ(red_at(rect, 9, 10), 0);
  EXPECT_EQ(red_at(rect, 12, 9), 0);
  EXPECT_EQ(red_at(rect, 12, 11), 0);
  const auto circle = only(SceneCircle{{20, 20}, 6, kRed});
  EXPECT_EQ(red_at(circle, 19, 19), 255);
  EXPECT_EQ(red_at(circle, 27, 20), 0);
  const auto image = only(SceneImage{{8, 8, 4, 4}, 2, 1, {0xff0000ffu, 0xff00ff00u}});
  EXPECT_EQ(red_at(image, 9, 11), 255);
  EXPECT_EQ(red_at(image, 10, 8), 0);
}

TEST_F(Renderer, LinesAreEvenAndHaveTheirWidth) {
  // A translucent curve: no pixel may be darker than its opacity, joints included.
  ScenePolyline curve{{}, {255, 0, 0, 128}, 6, Dash::solid, {0, 0, 64, 48}};
  for (int i = 0; i <= 60; ++i) {
    curve.points.push_back({2.0f + static_cast<float>(i), 24 + 12 * std::sin(static_cast<float>(i) * 0.1f)});
  }
  const auto picture = only(curve);
  int most = 0;
  for (int y = 0; y < 48; ++y) {
    for (int x = 6; x < 58; ++x) most = std::max(most, red_at(picture, x, y));
  }
  EXPECT_NEAR(most, 128, 1);
  const auto straight = only(ScenePolyline{{{0, 20}, {64, 20}}, kRed, 2.4f, Dash::solid, {0, 0, 64, 48}});
  int covered = 0;
  for (int y = 0; y < 48; ++y) covered += red_at(straight, 30, y);
  EXPECT_NEAR(covered / 255.0, 2.4, 0.05);
}

TEST_F(Renderer, DashesFollowTheArcAndClipsHold) {
  ScenePolyline line{{{0, 20.5f}, {64, 20.5f}}, kRed, 2, Dash::dashed, {10, 0, 40, 48}};
  const auto picture = only(line);
  int changes = 0;
  for (int x = 11; x < 50; ++x)
    changes += (red_at(picture, x, 20) > 128) != (red_at(picture, x - 1, 20) > 128) ? 1 : 0;
  EXPECT_GE(changes, 6);
  for (int x = 0; x < 10; ++x) EXPECT_EQ(red_at(picture, x, 20), 0);
  for (int x = 50; x < 64; ++x) EXPECT_EQ(red_at(picture, x, 20), 0);
}

TEST_F(Renderer, ASpikeOfOnePixelIsSeen) {
  ScenePolyline line{{{0, 40}, {30, 40}, {30, 5}, {30, 40}, {64, 40}}, kRed, 1, Dash::solid, {0, 0, 64, 48}};
  const auto picture = only(line);
  EXPECT_GT(red_at(picture, 29, 6) + red_at(picture, 30, 6), 200);
}

TEST_F(Renderer, TextIsAsWideAsMeasured) {
  const MeasureText measure = renderer_->measure();
  const std::string text = "HHHHHHHH";
  const float width = measure(text, Face::semibold, 20);
  const auto picture = only(SceneText{{10, 30}, text, Face::semibold, 20, kRed}, 200, 48);
  int last = 0;
  for (int x = 0; x < 200; ++x) {
    for (int y = 0; y < 48; ++y) last = red_at(picture, x, y) > 40 ? x : last;
  }
  EXPECT_NEAR(static_cast<float>(last), 10 + width, 3);
  EXPECT_FLOAT_EQ(measure("111", Face::regular, 13), measure("888", Face::regular, 13))
      << "figures are tabular";
  EXPECT_FLOAT_EQ(inter_metrics()("10⁻⁶ ‖θ‖ α × → −", Face::regular, 13),
                  measure("10⁻⁶ ‖θ‖ α × → −", Face::regular, 13));
}

TEST_F(Renderer, UnchangedScenesAreNotTessellatedAgain) {
  auto framebuffer = Framebuffer::create(300, 200);
  ASSERT_TRUE(framebuffer);
  framebuffer->bind();
  const Scene scene =
      lay_out(sample::lu(), {.bounds = {0, 0, 300, 200}}, theme(ThemeKind::dark), renderer_->measure());
  const auto draw = [&](std::uint64_t generation, float ratio) {
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    renderer_->draw_cached(1, generation, scene, 300, 200, {0, 0, 300, 200}, ratio);
    return framebuffer->read_rgba();
  };
  const auto first = draw(1, 1);
  const auto made = renderer_->counters();
  EXPECT_EQ(draw(1, 1), first);
  EXPECT_EQ(renderer_->counters().tessellations, made.tessellations);
  EXPECT_LE(renderer_->counters().draw_calls - made.draw_calls, 1u);
  draw(2, 1);
  EXPECT_EQ(renderer_->counters().tessellations, made.tessellations + 1);
  draw(2, 2);
  EXPECT_EQ(renderer_->counters().tessellations, made.tessellations + 2);
}

TEST_F(Renderer, StaysInItsViewport) {
  auto framebuffer = Framebuffer::create(100, 80);
  ASSERT_TRUE(framebuffer);
  framebuffer->bind();
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  Scene scene;
  scene.primitives.emplace_back(SceneRect{{-50, -50, 500, 500}, kRed});
  renderer_->draw(scene, 100, 80, {20, 10, 30, 40}, 1);
  const sample::Picture picture{100, 80, framebuffer->read_rgba()};
  EXPECT_EQ(red_at(picture, 20, 10), 255);
  EXPECT_EQ(red_at(picture, 49, 49), 255);
  EXPECT_EQ(red_at(picture, 19, 10), 0);
  EXPECT_EQ(red_at(picture, 20, 9), 0);
  EXPECT_EQ(red_at(picture, 50, 49), 0);
  EXPECT_EQ(red_at(picture, 49, 50), 0);
}

TEST_F(Renderer, PutsTheStateBack) {
  auto framebuffer = Framebuffer::create(100, 80);
  ASSERT_TRUE(framebuffer);
  framebuffer->bind();
  const gl::Texture texture = gl::Texture::make();
  const gl::VertexArray vertex_array = gl::VertexArray::make();
  glActiveTexture(GL_TEXTURE3);
  glBindVertexArray(vertex_array.id());
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, texture.id());
  glActiveTexture(GL_TEXTURE3);
  glEnable(GL_DEPTH_TEST);
  glDisable(GL_BLEND);
  glBlendFunc(GL_ONE, GL_ZERO);
  glViewport(1, 2, 3, 4);
  glScissor(5, 6, 7, 8);
  Scene scene;
  scene.primitives.emplace_back(SceneRect{{0, 0, 10, 10}, kRed});
  renderer_->draw(scene, 100, 80, {0, 0, 100, 80}, 1);
  const auto integer = [](GLenum name) {
    GLint values[4] = {};
    glGetIntegerv(name, values);
    return std::vector<GLint>(values, values + 4);
  };
  EXPECT_EQ(integer(GL_VIEWPORT), (std::vector<GLint>{1, 2, 3, 4}));
  EXPECT_EQ(integer(GL_SCISSOR_BOX), (std::vector<GLint>{5, 6, 7, 8}));
  EXPECT_EQ(integer(GL_ACTIVE_TEXTURE)[0], GL_TEXTURE3);
  EXPECT_EQ(integer(GL_VERTEX_ARRAY_BINDING)[0], static_cast<GLint>(vertex_array.id()));
  EXPECT_EQ(integer(GL_BLEND_SRC_RGB)[0], GL_ONE);
  EXPECT_EQ(integer(GL_CURRENT_PROGRAM)[0], 0);
  EXPECT_TRUE(glIsEnabled(GL_DEPTH_TEST));
  EXPECT_FALSE(glIsEnabled(GL_BLEND));
  EXPECT_FALSE(glIsEnabled(GL_SCISSOR_TEST));
  glActiveTexture(GL_TEXTURE0);
  EXPECT_EQ(integer(GL_TEXTURE_BINDING_2D)[0], static_cast<GLint>(texture.id()));
}

TEST_F(Renderer, ManyTextSizesOutliveTheAtlas) {
  std::vector<sample::Picture> pictures;
  for (int round = 0; round < 2; ++round) {
    for (int size = 12; size < 130; ++size) {
      const auto picture =
          only(SceneText{{2, 120}, "Grokscope 0123456789", Face::regular, static_cast<float>(size), kRed},
               1400, 160);
      if (size == 60) pictures.push_back(picture);
    }
  }
  EXPECT_EQ(pictures[0].rgba, pictures[1].rgba);
  EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

TEST_F(Renderer, ABrokenShaderIsNamedWithItsLine) {
  std::string source(find_embedded_asset("shaders/scene.frag")->bytes);
  source.replace(source.find("void main()"), 4, "viod");
  const auto line =
      1 + std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(source.find("viod")), '\n');
  const auto shader = gl::compile_shader(GL_FRAGMENT_SHADER, source, "shaders/scene.frag");
  ASSERT_FALSE(shader);
  EXPECT_NE(shader.error().message.find("shaders/scene.frag:" + std::to_string(line)), std::string::npos)
      << shader.error().message;
  const auto missing = gl::load_program("nothing");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("shaders/nothing.vert"), std::string::npos);
}

TEST_F(Renderer, FramebuffersRefuseAbsurdSizes) {
  EXPECT_FALSE(Framebuffer::create(0, 10));
  EXPECT_FALSE(Framebuffer::create(10, 1 << 28));
  auto multisampled = Framebuffer::create(20, 10, 4);
  ASSERT_TRUE(multisampled);
  multisampled->bind();
  glClearColor(1, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  EXPECT_EQ(multisampled->read_rgba()[0], 255);
}

}  // namespace
}  // namespace grokscope
