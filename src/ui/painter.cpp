#include "ui/painter.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace grokscope {
namespace {

constexpr float kHalfCapHeight = 0.364f;  // of Inter: centres capitals and figures in a line

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    if (space != 0) words.push_back(text.substr(0, space));
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  return words;
}

}  // namespace

Painter::Painter(const Theme& theme, float scale, const MeasureText& measure)
    : theme_(&theme), scale_(scale), measure_(&measure) {}

float Painter::width(std::string_view text, const TextLook& style) const {
  return (*measure_)(std::string(text), style.face, size_px(style));
}

void Painter::rect(const Rect& rect, Color fill, float radius) {
  scene_.primitives.push_back(SceneRect{rect, fill, radius});
}

void Painter::box(const Rect& rect, Color fill, Color border, float radius) {
  const float edge = std::max(1.0f, std::round(scale_));
  this->rect(rect, border, radius);
  this->rect(inset(rect, edge), fill, std::max(0.0f, radius - edge));
}

void Painter::circle(float x, float y, float radius, Color fill) {
  scene_.primitives.push_back(SceneCircle{{x, y}, radius, fill});
}

void Painter::line(std::vector<Point> points, Color color, float width) {
  ScenePolyline line;
  line.clip = {-1e6f, -1e6f, 2e6f, 2e6f};
  line.points = std::move(points);
  line.color = color;
  line.width_px = width;
  scene_.primitives.push_back(std::move(line));
}

std::string Painter::shortened(std::string_view text, const TextLook& style, float room) const {
  std::string cut(text);
  if (width(cut, style) <= room) return cut;
  while (!cut.empty()) {
    do {
      cut.pop_back();
    } while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xC0) == 0x80);
    if (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xC0) == 0xC0) cut.pop_back();
    if (width(cut + "…", style) <= room) break;
  }
  return cut.empty() ? std::string() : cut + "…";
}

float Painter::text(const Rect& rect, std::string_view text, const TextLook& style, Align align) {
  const std::string shown = shortened(text, style, rect.width + 0.5f);
  const float used = width(shown, style);
  const float free = rect.width - used;
  const float left = align == Align::left ? 0.0f : align == Align::right ? free : free / 2.0f;
  SceneText primitive;
  primitive.at = {std::round(rect.x + left),
                  std::round(rect.y + rect.height / 2.0f + kHalfCapHeight * size_px(style))};
  primitive.text = shown;
  primitive.face = style.face;
  primitive.size_px = size_px(style);
  primitive.color = style.color;
  if (!shown.empty()) scene_.primitives.push_back(std::move(primitive));
  return used;
}

/// A path may be wider than the paragraph: it is broken behind the last "/" that fits, else where it must be.
void Painter::break_word(std::string_view word, const TextLook& look, float room,
                         std::vector<std::string>& parts) const {
  while (width(std::string(word), look) > room) {
    std::size_t fits = 0, slash = 0;
    for (std::size_t end = 1; end <= word.size(); ++end) {
      if (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) continue;
      if (width(std::string(word.substr(0, end)), look) > room) break;
      fits = end;
      if (word[end - 1] == '/') slash = end;
    }
    const std::size_t cut = slash > 0 ? slash : fits;
    if (cut == 0 || cut >= word.size()) break;  // not one sign fits
    parts.emplace_back(word.substr(0, cut));
    word.remove_prefix(cut);
  }
  parts.emplace_back(word);
}

float Painter::paragraph(const Rect& rect, const std::vector<TextRun>& runs, float line_height,
                         bool measure_only) {
  float x = rect.x, y = rect.y;
  for (const TextRun& run : runs) {
    const float space = width(" ", run.style);
    std::vector<std::string> words;
    for (const std::string_view word : words_of(run.text)) break_word(word, run.style, rect.width, words);
    for (const std::string& word : words) {
      const float used = width(word, run.style);
      if (x > rect.x && x + used > rect.x + rect.width) {
        x = rect.x;
        y += line_height;
      }
      if (!measure_only) text({x, y, used + space, line_height}, word, run.style);
      x += used + space;
    }
  }
  return y + line_height - rect.y;
}

Scene Painter::take() {
  return std::exchange(scene_, Scene{});
}

void move_scene(Scene& scene, float dx, float dy) {
  const auto move_point = [&](Point& point) { point = {point.x + dx, point.y + dy}; };
  const auto move_rect = [&](Rect& rect) {
    rect.x += dx;
    rect.y += dy;
  };
  struct Mover {
    decltype(move_point)& point;
    decltype(move_rect)& rect;
    void operator()(SceneRect& shape) const { rect(shape.rect); }
    void operator()(SceneImage& shape) const { rect(shape.rect); }
    void operator()(SceneCircle& shape) const { point(shape.center); }
    void operator()(SceneText& shape) const { point(shape.at); }
    void operator()(ScenePolyline& shape) const {
      for (Point& at : shape.points) point(at);
      rect(shape.clip);
    }
  };
  for (Primitive& primitive : scene.primitives) std::visit(Mover{move_point, move_rect}, primitive);
  for (PlotTransform& plot : scene.plots) move_rect(plot.area_px);
  move_rect(scene.bounds);
}

void append_scene(Scene& scene, Scene more) {
  scene.primitives.insert(scene.primitives.end(), std::make_move_iterator(more.primitives.begin()),
                          std::make_move_iterator(more.primitives.end()));
}

Color with_alpha(Color color, float share) {
  color.a = static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0f, 1.0f) * 255.0f));
  return color;
}

Color mixed(Color a, Color b, float share_of_b) {
  const auto mix = [&](std::uint8_t from, std::uint8_t to) {
    return static_cast<std::uint8_t>(std::lround(from + (static_cast<float>(to) - from) * share_of_b));
  };
  return {mix(a.r, b.r), mix(a.g, b.g), mix(a.b, b.b), mix(a.a, b.a)};
}

Rect inset(const Rect& rect, float by) {
  return {rect.x + by, rect.y + by, std::max(0.0f, rect.width - 2 * by),
          std::max(0.0f, rect.height - 2 * by)};
}

}  // namespace grokscope
