// Painter: collects primitives of a Scene for everything around the charts (bars, rail, cards), with the same
// type and colours as the charts. No ImGui, no GL: a test can read what was painted. Main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chart/scene.h"

namespace grokscope {

enum class Align { left, centre, right };

struct TextLook {
  float size = 13.0f;  ///< px at scale 1; the theme's type step is added
  Face face = Face::regular;
  Color color;
};

/// A word run of a paragraph.
struct TextRun {
  std::string text;
  TextLook style;
};

class Painter {
 public:
  Painter(const Theme& theme, float scale, const MeasureText& measure);

  const Theme& theme() const { return *theme_; }
  float scale() const { return scale_; }
  float px(float at_scale_1) const { return at_scale_1 * scale_; }
  float size_px(const TextLook& style) const { return (style.size + theme_->type_step_px) * scale_; }
  float width(std::string_view text, const TextLook& style) const;

  void rect(const Rect& rect, Color fill, float radius = 0.0f);
  /// A filled rectangle with a one-pixel border.
  void box(const Rect& rect, Color fill, Color border, float radius);
  void circle(float x, float y, float radius, Color fill);
  void line(std::vector<Point> points, Color color, float width);
  /// Text on one line, vertically centred in `rect`; shortened with … if it does not fit. Returns its width.
  float text(const Rect& rect, std::string_view text, const TextLook& style, Align align = Align::left);
  /// Wrapped text; returns the height used. Paints nothing when `measure_only`.
  float paragraph(const Rect& rect, const std::vector<TextRun>& runs, float line_height,
                  bool measure_only = false);

  Scene take();
  const Scene& scene() const { return scene_; }

 private:
  void break_word(std::string_view word, const TextLook& look, float room,
                  std::vector<std::string>& parts) const;
  std::string shortened(std::string_view text, const TextLook& style, float room) const;

  const Theme* theme_;
  float scale_;
  const MeasureText* measure_;
  Scene scene_;
};

/// Icons as shapes, centred in `rect`: fonts lack them or draw them unevenly.
enum class Icon { play, pause, step, reset, dice, down, right, close, moon, sun, screen, sliders };
void paint_icon(Painter& painter, Icon icon, const Rect& rect, Color color);

/// Moves everything in it, bounds and plots included.
void move_scene(Scene& scene, float dx, float dy);
/// Puts `more` on top of `scene`.
void append_scene(Scene& scene, Scene more);

Color with_alpha(Color color, float share);
Color mixed(Color a, Color b, float share_of_b);
Rect inset(const Rect& rect, float by);

}  // namespace grokscope
