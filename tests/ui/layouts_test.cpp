// The window at every size, zoom and theme: legible, complete, and every panel within reach of the mouse.
#include <gtest/gtest.h>

#include <imgui.h>

#include <algorithm>
#include <set>

#include "history/phases.h"
#include "ui/dashboard.h"
#include "ui/dashboard_test.h"
#include "ui/imgui_style.h"
#include "ui/synthetic_run.h"

namespace grokscope {
namespace {

struct Size {
  int width, height;
};
constexpr ThemeKind kThemes[] = {ThemeKind::dark, ThemeKind::light, ThemeKind::projector};
constexpr float kZooms[] = {0.75f, 0.9f, 1.0f, 1.1f, 1.25f, 1.5f, 1.75f, 2.0f, 2.5f, 3.0f};

/// The dashboard in a window of any size, drawn as the window draws it.
class Windows : public testing::OnDashboard {
 protected:
  Windows() : OnDashboard(1280, 720) {}

  void draw(Size size, ThemeKind kind = ThemeKind::dark, float zoom = 1.0f) {
    size_ = size;
    view_.theme = kind;
    scale_ = zoomed_scale(theme(kind), size.width, size.height, 1.0f, zoom);
    ImGui::GetIO().DisplaySize = ImVec2(static_cast<float>(size.width), static_cast<float>(size.height));
    apply_style(theme(kind), scale_);
    frame();
    frame();  // the first tells ImGui how tall the rail is
  }
  void frame() {
    controls_ = Scene{};
    charts_.clear();
    DashboardFrame frame;
    frame.width = static_cast<float>(size_.width);
    frame.height = static_cast<float>(size_.height);
    frame.scale = scale_;
    frame.now_s = now_s_ += 1.0 / 60.0;
    frame.measure = &measure_;
    frame.sink.draw = [this](Scene scene) { append_scene(controls_, std::move(scene)); };
    frame.sink.draw_kept = [this](std::uint64_t, std::uint64_t, const Scene& scene, const Rect& at) {
      charts_.push_back({scene, at});
    };
    actions_.clear();
    ImGui::NewFrame();
    dashboard_.draw(run(live_), view_, actions_, frame);
    ImGui::EndFrame();
  }
  void click(float x, float y) {
    ImGui::GetIO().MousePos = ImVec2(x, y);
    frame();
    ImGui::GetIO().MouseDown[0] = true;
    frame();
    ImGui::GetIO().MouseDown[0] = false;
    frame();
    frame();
  }
  const SceneText* control(const std::string& text) const {
    for (const Primitive& primitive : controls_.primitives) {
      const auto* words = std::get_if<SceneText>(&primitive);
      if (words != nullptr && words->text == text) return words;
    }
    return nullptr;
  }
  DashboardLayout layout() const {
    LayoutRequest request{static_cast<float>(size_.width), static_cast<float>(size_.height), scale_};
    request.rail_open = view_.rail_open;
    const PanelContext context = panel_context(run(live_), view_);
    request.shows = [context](std::string_view name, std::string_view chart) {
      const Panel* panel = find_panel(name);
      return panel->applies == nullptr || panel->applies(context, chart);
    };
    return dashboard_layout(request);
  }
  std::string where() const {
    return std::to_string(size_.width) + "x" + std::to_string(size_.height) + " scale " +
           std::to_string(scale_) + " " + std::string(theme(view_.theme).name);
  }

  struct Drawn {
    Scene scene;
    Rect at;
  };
  bool live_ = true;
  Scene controls_;
  std::vector<Drawn> charts_;
  Size size_{1280, 720};
  float scale_ = 1.0f;
};

std::set<std::string> texts_of(const Scene& scene) {
  std::set<std::string> texts;
  for (const Primitive& primitive : scene.primitives) {
    if (const auto* words = std::get_if<SceneText>(&primitive)) texts.insert(words->text);
  }
  return texts;
}

TEST_F(Windows, EveryLineOfEveryChartKeepsItsLabel) {
  for (const Size size :
       {Size{1280, 720}, Size{1024, 768}, Size{1920, 1080}, Size{640, 480}, Size{800, 1200}}) {
    for (const float zoom : {1.0f, 1.1f, 1.25f, 1.5f, 1.75f, 2.0f, 2.5f, 3.0f}) {
      for (const ThemeKind kind : kThemes) {
        draw(size, kind, zoom);
        const PanelContext context = panel_context(run(live_), view_);
        auto tiles = layout().tiles;
        const bool one_panel = tiles.empty();
        if (one_panel) tiles.push_back({"timeline", "", {}});
        if (static_cast<float>(size.width) / scale_ < 330.0f)
          continue;  // 640 pixels at twice their size and more
        ASSERT_EQ(tiles.size(), charts_.size()) << where();
        for (std::size_t i = 0; i < tiles.size(); ++i) {
          const std::set<std::string> texts = texts_of(charts_[i].scene);
          for (const PlacedChart& placed :
               find_panel(tiles[i].panel)->build(context, !tiles[i].chart.empty())) {
            if (!tiles[i].chart.empty() && placed.chart.name != tiles[i].chart) continue;
            ASSERT_FALSE(charts_[i].scene.plots.empty()) << where();
            for (std::size_t p = 0; p < charts_[i].scene.plots.size();
                 ++p) {  // the lowest may have no room at all
              const Plot& plot = placed.chart.plots[p];
              for (const Mark& mark : plot.marks) {
                const auto* line = std::get_if<LineMark>(&mark);
                if (line == nullptr || line->label.empty()) continue;
                EXPECT_TRUE(texts.contains(line->label))
                    << where() << ": " << placed.chart.name << " " << line->label;
              }
              for (const Axis* axis : {&plot.x, &plot.y}) {
                if (axis->hidden || axis->label.empty() || one_panel) continue;
                EXPECT_TRUE(texts.contains(axis->label))
                    << where() << ": " << placed.chart.name << " " << axis->label;
              }
            }
            break;
          }
        }
      }
    }
  }
}

/// Texts of a chart lie neither on each other nor on the strip's labels, however large they are.
TEST_F(Windows, NoLabelLiesOnAnother) {
  for (const Size size : {Size{640, 480}, Size{800, 1200}, Size{1024, 768}, Size{1280, 720}}) {
    for (const float zoom : kZooms) {
      draw(size, ThemeKind::dark, zoom);
      for (const Drawn& drawn : charts_) {
        std::vector<Rect> boxes;
        for (const Primitive& primitive : drawn.scene.primitives) {
          const auto* words = std::get_if<SceneText>(&primitive);
          if (words == nullptr) continue;
          const Rect box{words->at.x, words->at.y - 0.74f * words->size_px, words->width_px,
                         0.94f * words->size_px};
          for (const Rect& other : boxes) {
            EXPECT_FALSE(box.x < other.x + other.width && other.x < box.x + box.width &&
                         box.y < other.y + other.height && other.y < box.y + box.height)
                << where() << ": " << words->text;
          }
          boxes.push_back(box);
        }
      }
    }
  }
}

TEST_F(Windows, ProjectedTypeIsAFortiethOfTheHeight) {
  for (const Size size : {Size{1280, 720}, Size{1024, 768}, Size{1920, 1080}, Size{3840, 2160}}) {
    for (const float zoom : kZooms) {
      draw(size, ThemeKind::projector, zoom);
      std::vector<Drawn> all = charts_;
      all.push_back({controls_, {}});
      for (const Drawn& drawn : all) {
        for (const Primitive& primitive : drawn.scene.primitives) {
          const auto* words = std::get_if<SceneText>(&primitive);
          if (words != nullptr) {
            EXPECT_GE(words->size_px, static_cast<float>(size.height) / 40.0f - 1e-3f)
                << where() << " " << words->text;
          }
        }
      }
    }
  }
}

TEST_F(Windows, NothingIsClippedNorOverlaps) {
  for (const Size size :
       {Size{640, 480}, Size{800, 1200}, Size{1024, 768}, Size{1280, 720}, Size{3840, 2160}}) {
    for (const float zoom : kZooms) {
      for (const bool open : {false, true}) {
        view_.rail_open = open;
        draw(size, ThemeKind::light, zoom);
        const DashboardLayout layout = this->layout();
        std::vector<Rect> rects = {layout.top, layout.scrubber, layout.bar, layout.rail, layout.tabs};
        if (layout.tiles.empty()) rects.push_back(layout.main);
        for (const Tile& tile : layout.tiles) rects.push_back(tile.rect);
        for (std::size_t i = 0; i < rects.size(); ++i) {
          EXPECT_GE(rects[i].x, 0.0f) << where();
          EXPECT_LE(rects[i].x + rects[i].width, static_cast<float>(size.width) + 0.5f) << where();
          EXPECT_LE(rects[i].y + rects[i].height, static_cast<float>(size.height) + 0.5f) << where();
          for (std::size_t k = i + 1; k < rects.size(); ++k) {
            const Rect &a = rects[i], &b = rects[k];
            EXPECT_FALSE(a.x + 0.01f < b.x + b.width && b.x + 0.01f < a.x + a.width &&
                         a.y + 0.01f < b.y + b.height && b.y + 0.01f < a.y + a.height)
                << where() << ": " << i << " on " << k;
          }
        }
        for (const Primitive& primitive : controls_.primitives) {
          const auto* words = std::get_if<SceneText>(&primitive);
          if (words == nullptr || layout.rail.width > 0) continue;  // the rail scrolls
          EXPECT_LE(words->at.x + words->width_px, static_cast<float>(size.width) + 1.0f)
              << where() << " " << words->text;
        }
      }
    }
  }
}

TEST_F(Windows, BetweenTheDashboardAndOnePanelSomeTilesStay) {
  for (const float zoom : {1.25f, 1.5f, 1.75f, 2.0f}) {
    draw({1280, 720}, ThemeKind::dark, zoom);
    const std::size_t tiles = layout().tiles.size();
    EXPECT_GE(tiles, 2u) << zoom;
    EXPECT_LE(tiles, 5u) << zoom;
    EXPECT_GT(layout().tabs.height, 0.0f) << zoom;
  }
  draw({800, 1200});
  EXPECT_GE(layout().tiles.size(), 6u);
  draw({640, 480});
  EXPECT_GE(layout().tiles.size(), 2u);
}

/// Without a tile of its own a panel has a tab, or stands in the menu behind the tab "More".
TEST_F(Windows, EveryPanelIsWithinReachOfTheMouse) {
  for (const Size size : {Size{640, 480}, Size{800, 1200}, Size{1024, 768}, Size{1280, 720}}) {
    for (const float zoom : {1.0f, 1.5f, 2.0f, 3.0f}) {
      view_.full_panel.clear();
      draw(size, ThemeKind::dark, zoom);
      if (layout().tabs.height <=
          0.0f) {  // the whole dashboard: a double click opens a panel, with the tabs of all
        view_.full_panel = "timeline";
        draw(size, ThemeKind::dark, zoom);
      }
      const SceneText* more = control("More");
      for (const Panel& panel : panels()) {
        if (panel.name == "representation") continue;  // has nothing to show in this run
        const bool there = control(std::string(panel.short_name)) != nullptr;
        EXPECT_TRUE(there || more != nullptr) << where() << " " << panel.name;
      }
      if (more == nullptr) continue;
      EXPECT_LE(more->at.x + more->width_px, static_cast<float>(size.width)) << where();
      click(more->at.x + 2.0f, more->at.y - 2.0f);
      EXPECT_TRUE(view_.menu_open) << where();
      click(1.0f, 1.0f);  // closes it
    }
  }
}

TEST_F(Windows, WithoutARailTheVerdictStandsBelowThePanels) {
  for (const auto& [size, kind] :
       {std::pair{Size{640, 480}, ThemeKind::dark}, {Size{1024, 768}, ThemeKind::projector}}) {
    draw(size, kind);
    ASSERT_GT(layout().bar.width, 0.0f) << where();
    const Rect story = layout().story;
    ASSERT_GT(story.height, 0.0f) << where();
    EXPECT_LE(story.y + story.height, layout().scrubber.y) << where();
    for (const Tile& tile : layout().tiles) EXPECT_LE(tile.rect.y + tile.rect.height, story.y) << where();
    const std::string fact = verdict_at(history_, history_.last()->step).fact;
    const std::string first = fact.substr(0, fact.find(' '));
    EXPECT_TRUE(control(first) != nullptr || control(fact) != nullptr) << where() << ": " << fact;
  }
  draw({1280, 720});
  EXPECT_EQ(layout().story.height, 0.0f) << "the rail has it";
}

TEST_F(Windows, ThereIsNoTabForWhatThisRunHasNot) {
  // The made-up run has a look of every probe; plain addition's says that it has nothing to show.
  Frame nothing{"representation", 742};
  nothing.not_applicable = "Not this task.";
  history_.append(std::make_shared<const Frame>(nothing));
  view_.full_panel = "timeline";
  draw({1920, 1080});
  EXPECT_NE(control("Layers"), nullptr);
  EXPECT_EQ(control(std::string(find_panel("representation")->short_name)), nullptr);
  view_.full_panel = "representation";
  draw({1920, 1080});
  EXPECT_NE(control(std::string(find_panel("representation")->short_name)), nullptr) << "the shown one stays";
}

TEST_F(Windows, TheBarOpensTheControlsWhereTheyHaveNoRoom) {
  draw({640, 480});
  EXPECT_EQ(control("Weight decay"), nullptr);
  click(26.0f, 44.0f + 12.0f + 17.0f);
  EXPECT_TRUE(view_.rail_open);
  EXPECT_NE(control("Weight decay"), nullptr);
}

TEST_F(Windows, WithoutAScaleFromTheSystemALargeScreenHasItsOwn) {
  const Theme& dark = theme(ThemeKind::dark);
  EXPECT_EQ(automatic_scale(dark, 1280, 720, 1.0f), 1.0f);
  EXPECT_EQ(automatic_scale(dark, 1920, 1080, 1.0f), 1.0f);
  EXPECT_EQ(automatic_scale(dark, 3840, 2160, 1.0f), 2.0f);
  EXPECT_EQ(automatic_scale(dark, 3840, 2160, 1.5f), 1.5f) << "what the system says stands";
  EXPECT_EQ(zoomed_scale(dark, 3840, 2160, 1.0f, 1.5f), 3.0f);
}

TEST_F(Windows, NoAxisWaitsForAFutureThatDoesNotCome) {
  const auto furthest = [&] {
    const PanelContext context = panel_context(run(live_), view_);
    double end = 0.0;
    for (const Panel& panel : panels()) {
      for (const PlacedChart& placed : panel.build(context, true)) {
        for (const Plot& plot : placed.chart.plots) {
          if (plot.x.label == "step") end = std::max(end, plot.x.maximum.value_or(0.0));
        }
      }
    }
    return end;
  };
  EXPECT_EQ(furthest(), 10000.0);
  status_.state = RunState::stopped;
  EXPECT_EQ(furthest(), 740.0);
  status_.state = RunState::paused;
  EXPECT_EQ(furthest(), 10000.0);
  live_ = false;
  EXPECT_EQ(furthest(), 740.0);
}

TEST_F(Windows, TheScrubberSaysWhatItsEndsAre) {
  draw({1280, 720});
  EXPECT_NE(control("step 0"), nullptr);
  EXPECT_NE(control("live: step 740"), nullptr);
  status_.state = RunState::stopped;
  draw({1280, 720});
  EXPECT_NE(control("end: step 740"), nullptr);
}

}  // namespace
}  // namespace grokscope
