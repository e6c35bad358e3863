#include "chart/gl/scene_renderer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unordered_map>

#include "chart/gl/saved_state.h"
#include "chart/gl/shader.h"
#include "chart/gl/tessellate.h"

namespace grokscope {
namespace {

using gl::Vertex;

/// One scene on the graphics card.
struct Batch {
  struct Draw {
    int image = -1;  ///< index into images; -1: the atlas
    std::uint32_t first_index = 0, count = 0;
  };
  std::uint64_t generation = 0, atlas_generation = 0;
  float pixel_ratio = 0;
  gl::VertexArray vertex_array;
  gl::Buffer vertices, indices;
  std::vector<gl::Texture> images;
  std::vector<Draw> draws;
};

void describe_vertices() {
  const auto attribute = [](GLuint location, GLint count, GLenum type, GLboolean normalized,
                            std::size_t offset) {
    glEnableVertexAttribArray(location);
    glVertexAttribPointer(location, count, type, normalized, sizeof(Vertex),
                          reinterpret_cast<const void*>(offset));
  };
  attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(Vertex, x));
  attribute(1, 2, GL_FLOAT, GL_FALSE, offsetof(Vertex, local_x));
  attribute(2, 4, GL_FLOAT, GL_FALSE, offsetof(Vertex, params));
  attribute(3, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(Vertex, rgba));
  attribute(4, 4, GL_FLOAT, GL_FALSE, offsetof(Vertex, clip));
  attribute(5, 1, GL_FLOAT, GL_FALSE, offsetof(Vertex, kind));
}

gl::Texture upload_image(const SceneImage& image) {
  gl::Texture texture = gl::Texture::make();
  glBindTexture(GL_TEXTURE_2D, texture.id());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, static_cast<GLsizei>(image.width),
               static_cast<GLsizei>(image.height), 0, GL_RGBA, GL_UNSIGNED_BYTE, image.rgba.data());
  for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER})
    glTexParameteri(GL_TEXTURE_2D, filter, GL_NEAREST);
  for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
    glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
  return texture;
}

}  // namespace

struct SceneRenderer::Impl {
  gl::Program program;
  GLint offset = -1, framebuffer = -1, image = -1;
  std::shared_ptr<Fonts> fonts = std::make_shared<Fonts>();
  gl::GlyphAtlas atlas;
  gl::Mesh mesh;  // the last one filled
  Batch scratch;
  std::unordered_map<std::uint64_t, Batch> batches;
  Counters counters;

  void fill(Batch& batch, const Scene& scene, float pixel_ratio);
  void submit(const Batch& batch, int framebuffer_width, int framebuffer_height, Rect viewport);
};

void SceneRenderer::Impl::fill(Batch& batch, const Scene& scene, float pixel_ratio) {
  gl::tessellate(scene, pixel_ratio, *fonts, atlas, mesh);
  ++counters.tessellations;
  if (!batch.vertex_array) {
    batch.vertex_array = gl::VertexArray::make();
    batch.vertices = gl::Buffer::make();
    batch.indices = gl::Buffer::make();
    glBindVertexArray(batch.vertex_array.id());
    glBindBuffer(GL_ARRAY_BUFFER, batch.vertices.id());
    glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, batch.indices.id());
    describe_vertices();
  }
  glBindVertexArray(batch.vertex_array.id());
  glBindBuffer(GL_ARRAY_BUFFER, batch.vertices.id());
  glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(mesh.vertices.size() * sizeof(Vertex)),
               mesh.vertices.data(), GL_DYNAMIC_DRAW);
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, static_cast<GLsizeiptr>(mesh.indices.size() * sizeof(std::uint32_t)),
               mesh.indices.data(), GL_DYNAMIC_DRAW);
  batch.images.clear();
  batch.draws.clear();
  for (const gl::Run& run : mesh.runs) {
    int index = -1;
    if (run.image != nullptr) {
      index = static_cast<int>(batch.images.size());
      batch.images.push_back(upload_image(*run.image));
    }
    batch.draws.push_back({index, run.first_index, run.count});
  }
  batch.pixel_ratio = pixel_ratio;
  batch.atlas_generation = atlas.generation();
}

void SceneRenderer::Impl::submit(const Batch& batch, int framebuffer_width, int framebuffer_height,
                                 Rect viewport) {
  const float left = std::round(viewport.x), top = std::round(viewport.y);
  const auto width = std::lround(std::max(0.0f, viewport.width)),
             height = std::lround(std::max(0.0f, viewport.height));
  const auto bottom = framebuffer_height - static_cast<long>(top) - height;
  glViewport(0, 0, framebuffer_width, framebuffer_height);
  glEnable(GL_SCISSOR_TEST);
  glScissor(static_cast<GLint>(left), static_cast<GLint>(bottom), static_cast<GLsizei>(width),
            static_cast<GLsizei>(height));
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  for (const GLenum capability : {GL_DEPTH_TEST, GL_CULL_FACE, GL_STENCIL_TEST}) glDisable(capability);
  glPolygonMode(GL_FRONT_AND_BACK, GL_FILL);
  glUseProgram(program.id());
  glUniform2f(offset, left, top);
  glUniform2f(framebuffer, static_cast<float>(framebuffer_width), static_cast<float>(framebuffer_height));
  glUniform1i(image, 0);
  glBindVertexArray(batch.vertex_array.id());
  const GLuint atlas_texture = atlas.texture();
  for (const Batch::Draw& draw : batch.draws) {
    if (draw.count == 0) continue;
    glBindTexture(GL_TEXTURE_2D,
                  draw.image < 0 ? atlas_texture : batch.images[static_cast<std::size_t>(draw.image)].id());
    const auto first_byte = static_cast<std::uintptr_t>(draw.first_index) * sizeof(std::uint32_t);
    glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(draw.count), GL_UNSIGNED_INT,
                   reinterpret_cast<const void*>(first_byte));
    ++counters.draw_calls;
  }
}

SceneRenderer::SceneRenderer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SceneRenderer::SceneRenderer(SceneRenderer&&) noexcept = default;
SceneRenderer& SceneRenderer::operator=(SceneRenderer&&) noexcept = default;
SceneRenderer::~SceneRenderer() = default;

Result<SceneRenderer> SceneRenderer::create() {
  auto program = gl::load_program("scene");
  if (!program) return program.error();
  auto impl = std::make_unique<Impl>();
  impl->program = std::move(*program);
  impl->offset = glGetUniformLocation(impl->program.id(), "offset_px");
  impl->framebuffer = glGetUniformLocation(impl->program.id(), "framebuffer_px");
  impl->image = glGetUniformLocation(impl->program.id(), "image");
  return SceneRenderer(std::move(impl));
}

void SceneRenderer::draw(const Scene& scene, int framebuffer_width, int framebuffer_height, Rect viewport_px,
                         float pixel_ratio) {
  const gl::SavedState saved;
  impl_->fill(impl_->scratch, scene, pixel_ratio);
  impl_->submit(impl_->scratch, framebuffer_width, framebuffer_height, viewport_px);
}

void SceneRenderer::draw_cached(std::uint64_t key, std::uint64_t generation, const Scene& scene,
                                int framebuffer_width, int framebuffer_height, Rect viewport_px,
                                float pixel_ratio) {
  const gl::SavedState saved;
  Batch& batch = impl_->batches[key];
  const bool current = batch.vertex_array && batch.generation == generation &&
                       batch.pixel_ratio == pixel_ratio &&
                       batch.atlas_generation == impl_->atlas.generation();
  if (!current) impl_->fill(batch, scene, pixel_ratio);
  batch.generation = generation;
  impl_->submit(batch, framebuffer_width, framebuffer_height, viewport_px);
}

void SceneRenderer::forget(std::uint64_t key) {
  impl_->batches.erase(key);
}
void SceneRenderer::forget_all() {
  impl_->batches.clear();
}

MeasureText SceneRenderer::measure() const {
  return [fonts = impl_->fonts](const std::string& text, Face face, float size_px) {
    return fonts->width_px(text, face, size_px);
  };
}

SceneRenderer::Counters SceneRenderer::counters() const {
  return impl_->counters;
}

}  // namespace grokscope
