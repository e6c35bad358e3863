// Labels of ghosts: each beside its own line, where it covers nothing of the shown run.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "chart/draw.h"

namespace grokscope {
namespace {

/// Which squares of a plot's area lines pass through: asked for hundreds of places, lines of any length cost
/// once.
class Traces {
 public:
  Traces(const Rect& area, float cell)
      : area_(area),
        cell_(cell),
        columns_(1 + static_cast<std::size_t>(area.width / cell)),
        rows_(1 + static_cast<std::size_t>(area.height / cell)),
        passed_(columns_ * rows_, 0) {}

  void add(const std::vector<Point>& line) {
    if (line.size() == 1) mark(line[0]);
    for (std::size_t i = 1; i < line.size(); ++i) {
      const Point a = line[i - 1], b = line[i];
      // What leaves the area is clamped to a few of its widths by the layout: the number of parts is bounded.
      const float parts = std::ceil(2 * std::hypot(b.x - a.x, b.y - a.y) / cell_);
      if (!std::isfinite(parts)) continue;
      const float count = std::clamp(parts, 1.0f, 10'000.0f);
      for (float part = 0; part <= count; ++part)
        mark({a.x + (b.x - a.x) * part / count, a.y + (b.y - a.y) * part / count});
    }
  }
  bool touch(const Rect& box) const {
    const auto at = [&](float px, float from, std::size_t count) {
      return static_cast<std::size_t>(std::clamp((px - from) / cell_, 0.0f, static_cast<float>(count - 1)));
    };
    const std::size_t left = at(box.x, area_.x, columns_), right = at(box.x + box.width, area_.x, columns_);
    const std::size_t top = at(box.y, area_.y, rows_), bottom = at(box.y + box.height, area_.y, rows_);
    for (std::size_t row = top; row <= bottom; ++row) {
      for (std::size_t column = left; column <= right; ++column) {
        if (passed_[row * columns_ + column] != 0) return true;
      }
    }
    return false;
  }

 private:
  void mark(const Point& at) {
    if (!area_.contains(at.x, at.y)) return;
    const auto column = static_cast<std::size_t>((at.x - area_.x) / cell_);
    const auto row = static_cast<std::size_t>((at.y - area_.y) / cell_);
    passed_[std::min(row, rows_ - 1) * columns_ + std::min(column, columns_ - 1)] = 1;
  }

  Rect area_;
  float cell_;
  std::size_t columns_, rows_;
  std::vector<std::uint8_t> passed_;
};

bool lies_inside(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

/// "before: a, b, c", "before: a, b …", "before: a …", "before".
std::vector<std::string> forms_of(const std::string& label) {
  std::vector<std::string> forms = {label};
  std::string rest = label;
  for (std::size_t comma = rest.rfind(", "); comma != std::string::npos; comma = rest.rfind(", ")) {
    rest.resize(comma);
    forms.push_back(rest + " …");
  }
  if (const std::size_t colon = rest.find(": "); colon != std::string::npos)
    forms.push_back(rest.substr(0, colon));
  return forms;
}

struct Place {
  float x = 0, y = 0, anchor = 0;
};

class GhostLabels {
 public:
  GhostLabels(Sheet& sheet, const Rect& area, const PlotInk& ink)
      : sheet_(sheet),
        area_(area),
        style_{Face::regular, TextSize::small, sheet.theme().dim},
        shown_(area, sheet.px(5)),
        ghosts_(area, sheet.px(5)) {
    for (const auto& stroke : ink.strokes) shown_.add(stroke);
    for (const GhostLine& ghost : ink.ghosts) ghosts_.add(ghost.points);
  }

  void place(const GhostLine& ghost) {
    const std::vector<std::string> forms = forms_of(ghost.label);
    // The whole label over ghosts says more than its first word in the clear.
    for (const bool over_ghosts : {false, true}) {
      for (std::size_t i = 0; i < forms.size(); ++i) {
        const bool last = forms.size() > 1 && i + 1 == forms.size();
        if ((!last || over_ghosts) && place_beside(ghost, forms[i], over_ghosts)) return;
      }
    }
  }

 private:
  /// From the line's end backwards.
  bool place_beside(const GhostLine& ghost, const std::string& text, bool over_ghosts) {
    const float away = sheet_.line_height(style_.size) * 0.75f, least = sheet_.px(14), aside = sheet_.px(7);
    Point last{1e9f, 1e9f};
    for (auto at = ghost.points.rbegin(); at != ghost.points.rend(); ++at) {
      if (std::hypot(at->x - last.x, at->y - last.y) < least || !shrunk(area_, -1).contains(at->x, at->y))
        continue;
      last = *at;
      for (const Place place :
           {Place{at->x + aside, at->y, 0}, Place{at->x, at->y - away, 1}, Place{at->x, at->y + away, 1},
            Place{at->x, at->y - away, 0.5f}, Place{at->x, at->y + away, 0.5f}, Place{at->x, at->y - away, 0},
            Place{at->x, at->y + away, 0}, Place{at->x - aside, at->y, 1}}) {
        if (place_at(place, text, over_ghosts)) return true;
      }
    }
    return false;
  }

  bool place_at(const Place& place, const std::string& text, bool over_ghosts) {
    const Rect box = sheet_.text_box(text, style_, place.x, place.y, place.anchor);
    const bool clear = sheet_.is_free(shrunk(box, -sheet_.px(3))) && !shown_.touch(box);
    if (!clear || !lies_inside(box, shrunk(area_, sheet_.px(2)))) return false;
    if (!over_ghosts && ghosts_.touch(box)) return false;
    return sheet_.place(text, style_, place.x, place.y, place.anchor);
  }

  Sheet& sheet_;
  const Rect area_;
  const TextStyle style_;
  Traces shown_, ghosts_;
};

}  // namespace

void label_ghosts(Sheet& sheet, const PlotFrame& frame, const PlotInk& ink) {
  if (ink.ghosts.empty()) return;
  GhostLabels labels(sheet, frame.transform.area_px, ink);
  for (const GhostLine& ghost : ink.ghosts) labels.place(ghost);
}

}  // namespace grokscope
