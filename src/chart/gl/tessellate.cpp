#include "chart/gl/tessellate.h"

#include <algorithm>
#include <cmath>

#include "chart/gl/line_strip.h"

namespace grokscope::gl {
namespace {

// The numbers of shaders/scene.frag.
enum Kind { kRect = 0, kCircle = 1, kText = 2, kImage = 3, kLine = 4 };

int kind_of(Dash dash) {
  switch (dash) {
    case Dash::dashed:
      return kLine + 1;
    case Dash::dotted:
      return kLine + 2;
    case Dash::dash_dotted:
      return kLine + 3;
    default:
      return kLine;
  }
}

class Tessellator {
 public:
  Tessellator(float ratio, const Fonts& fonts, GlyphAtlas& atlas, Mesh& mesh)
      : ratio_(ratio), fonts_(fonts), atlas_(atlas), mesh_(mesh) {
    mesh_.vertices.clear();
    mesh_.indices.clear();
    mesh_.runs.clear();
  }

  void operator()(const SceneRect& rect) {
    begin_run(nullptr);
    const float half_width = rect.rect.width * ratio_ / 2, half_height = rect.rect.height * ratio_ / 2;
    const Point center{rect.rect.x * ratio_ + half_width, rect.rect.y * ratio_ + half_height};
    prototype(kRect, rect.fill, {half_width, half_height, rect.radius_px * ratio_, 0});
    centered_quad(center, half_width + 1, half_height + 1);
  }

  void operator()(const SceneCircle& circle) {
    begin_run(nullptr);
    const float radius = circle.radius_px * ratio_;
    prototype(kCircle, circle.fill, {radius, 0, 0, 0});
    centered_quad({circle.center.x * ratio_, circle.center.y * ratio_}, radius + 1, radius + 1);
  }

  void operator()(const SceneText& text) {
    begin_run(nullptr);
    prototype(kText, text.color, {});
    const float size = text.size_px * ratio_;
    const float x = text.at.x * ratio_, baseline = std::round(text.at.y * ratio_);
    for (const PlacedGlyph& placed : fonts_.place(text.text, text.face, size).glyphs) {
      const auto quarters = static_cast<long>(std::floor((x + placed.x_px) * 4 + 0.5f));
      const auto pen = static_cast<float>(std::floor(static_cast<double>(quarters) / 4));
      const int quarter = static_cast<int>(quarters - static_cast<long>(pen) * 4);
      const AtlasGlyph glyph = atlas_.glyph(fonts_, placed.font, placed.glyph, size, quarter);
      if (glyph.width == 0) continue;
      const Rect box{pen + static_cast<float>(glyph.left_px), baseline + static_cast<float>(glyph.top_px),
                     static_cast<float>(glyph.width), static_cast<float>(glyph.height)};
      mapped_quad(box, {static_cast<float>(glyph.x), static_cast<float>(glyph.y), box.width, box.height});
    }
  }

  void operator()(const SceneImage& image) {
    if (image.width < 1 || image.height < 1 ||
        image.rgba.size() != static_cast<std::size_t>(image.width * image.height))
      return;
    begin_run(&image);
    prototype(kImage, {255, 255, 255, 255}, {});
    const Rect& r = image.rect;
    mapped_quad({r.x * ratio_, r.y * ratio_, r.width * ratio_, r.height * ratio_}, {0, 0, 1, 1});
  }

  void operator()(const ScenePolyline& line) {
    begin_run(nullptr);
    const float half = line.width_px * ratio_ / 2;
    const Rect& clip = line.clip;
    strip_.trace(line.points, ratio_, half);
    prototype(kind_of(line.dash), line.color, {half, 0, 0, 1});
    if (clip.width > 0 || clip.height > 0)
      set_clip({clip.x * ratio_, clip.y * ratio_, clip.width * ratio_, clip.height * ratio_});
    for (std::size_t i = 0; i < strip_.size(); ++i) {
      const LineQuad quad = strip_.quad(i);
      vertex_.params[1] = quad.run_begin;
      vertex_.params[2] = quad.run_end;
      const std::size_t first = mesh_.vertices.size();
      mesh_.vertices.resize(first + 4, vertex_);
      for (std::size_t corner = 0; corner < 4; ++corner) {
        Vertex& vertex = mesh_.vertices[first + corner];
        vertex.x = quad.corner[corner].x;
        vertex.y = quad.corner[corner].y;
        vertex.local_x = quad.along[corner];
        vertex.local_y = quad.across[corner];
      }
      add_indices(static_cast<std::uint32_t>(first));
    }
  }

  void finish() { close_run(); }

 private:
  struct Params {
    float v[4];
  };

  void begin_run(const SceneImage* image) {
    if (!mesh_.runs.empty() && mesh_.runs.back().image == image) return;
    close_run();
    mesh_.runs.push_back({image, static_cast<std::uint32_t>(mesh_.indices.size()), 0});
  }
  void close_run() {
    if (mesh_.runs.empty()) return;
    Run& run = mesh_.runs.back();
    run.count = static_cast<std::uint32_t>(mesh_.indices.size()) - run.first_index;
  }
  void prototype(int kind, Color color, Params params) {
    vertex_ = Vertex{};
    std::copy_n(params.v, 4, vertex_.params);
    vertex_.rgba[0] = color.r;
    vertex_.rgba[1] = color.g;
    vertex_.rgba[2] = color.b;
    vertex_.rgba[3] = color.a;
    vertex_.kind = static_cast<float>(kind);
    constexpr float kEverything = 1e6f;
    set_clip({-kEverything, -kEverything, 2 * kEverything, 2 * kEverything});
  }
  void set_clip(const Rect& clip) {
    vertex_.clip[0] = clip.x;
    vertex_.clip[1] = clip.y;
    vertex_.clip[2] = clip.x + clip.width;
    vertex_.clip[3] = clip.y + clip.height;
  }
  void add_vertex(Point at, Point local) {
    vertex_.x = at.x;
    vertex_.y = at.y;
    vertex_.local_x = local.x;
    vertex_.local_y = local.y;
    mesh_.vertices.push_back(vertex_);
  }
  void add_indices(std::uint32_t first) {
    for (const std::uint32_t corner : {0u, 1u, 2u, 2u, 1u, 3u}) mesh_.indices.push_back(first + corner);
  }
  void centered_quad(Point center, float half_width, float half_height) {
    const auto first = static_cast<std::uint32_t>(mesh_.vertices.size());
    for (const float dy : {-half_height, half_height}) {
      for (const float dx : {-half_width, half_width}) add_vertex({center.x + dx, center.y + dy}, {dx, dy});
    }
    add_indices(first);
  }
  void mapped_quad(const Rect& box, const Rect& texels) {
    const auto first = static_cast<std::uint32_t>(mesh_.vertices.size());
    for (const float v : {0.0f, 1.0f}) {
      for (const float u : {0.0f, 1.0f}) {
        add_vertex({box.x + u * box.width, box.y + v * box.height},
                   {texels.x + u * texels.width, texels.y + v * texels.height});
      }
    }
    add_indices(first);
  }

  float ratio_;
  const Fonts& fonts_;
  GlyphAtlas& atlas_;
  Mesh& mesh_;
  Vertex vertex_{};
  LineStrip strip_;
};

}  // namespace

void tessellate(const Scene& scene, float pixel_ratio, const Fonts& fonts, GlyphAtlas& atlas, Mesh& mesh) {
  // When the atlas starts over in the middle, glyphs placed before it are gone: once more, now in a larger
  // atlas.
  for (int attempt = 0;; ++attempt) {
    const std::uint64_t generation = atlas.generation();
    Tessellator tessellator(pixel_ratio, fonts, atlas, mesh);
    for (const Primitive& primitive : scene.primitives) std::visit(tessellator, primitive);
    tessellator.finish();
    if (atlas.generation() == generation || attempt == 3) return;
  }
}

}  // namespace grokscope::gl
