// Tessellation: a scene becomes one list of triangles in framebuffer pixels, cut only where the texture
// changes. Lines are strips with mitred joins, so that a translucent line has no darker joints. No OpenGL
// calls here.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chart/gl/glyph_atlas.h"
#include "chart/scene.h"

namespace grokscope::gl {

struct Vertex {
  float x, y;
  float local_x, local_y;
  float params[4];
  std::uint8_t rgba[4];
  float clip[4];
  float kind;
};

/// Triangles that share a texture: the atlas, or one image of the scene.
struct Run {
  const SceneImage* image = nullptr;
  std::uint32_t first_index = 0, count = 0;
};
struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> indices;
  std::vector<Run> runs;
};

/// Fills `mesh` anew. Keep it from frame to frame: a megabyte of triangles fits where the last one was, while
/// fresh memory would cost more than the triangles.
void tessellate(const Scene& scene, float pixel_ratio, const Fonts& fonts, GlyphAtlas& atlas, Mesh& mesh);

}  // namespace grokscope::gl
