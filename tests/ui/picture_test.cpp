// The whole dashboard as one scene: complete, inside its bounds, the same twice, at many sizes and in every
// theme.
#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"
#include "chart/svg.h"
#include "ui/panel.h"
#include "ui/picture.h"
#include "ui/synthetic_run.h"
#include "ui/synthetic_theory.h"

namespace grokscope {
namespace {

class Pictures : public ::testing::Test {
 protected:
  Pictures()
      : history_(testing::synthetic_run(742)),
        config_(history_.config()),
        facts_(testing::synthetic_facts()) {
    status_.state = RunState::running;
    status_.step = 740;
    status_.steps_per_second = 1060;
  }
  RunView run() const {
    return {.history = &history_,
            .config = &config_,
            .status = &status_,
            .facts = &facts_,
            .run_path = "/nowhere",
            .others = others_,
            .theory = &testing::synthetic_theory()};
  }
  Scene scene(const PictureRequest& request, ThemeKind kind = ThemeKind::dark) const {
    ViewState view;
    view.theme = kind;
    Result<Scene> made = picture_scene(run(), view, request, measure_);
    EXPECT_TRUE(made.ok()) << (made ? "" : made.error().message);
    return made ? *made : Scene{};
  }
  static std::string all_text(const Scene& scene) {
    std::string text;
    for (const Primitive& primitive : scene.primitives) {
      if (const auto* words = std::get_if<SceneText>(&primitive)) text += words->text + "\n";
    }
    return text;
  }

  History history_;
  RunConfig config_;
  RunFacts facts_;
  SessionStatus status_;
  std::vector<OtherRun> others_;
  MeasureText measure_ = inter_metrics();
};

TEST_F(Pictures, TheDashboardSaysEverythingOnTheDrawing) {
  const std::string text = all_text(scene({1280, 720, 1.0f, "", ""}));
  for (const char* wanted : {"Grokscope",
                             "quickstart",
                             "a + b mod 53",
                             "plateau",
                             "step 740",
                             "Pause",
                             "Speed",
                             "Weight decay",
                             "Learning rate",
                             "Training pairs",
                             "Task, model, optimizer, probes",
                             "Accuracy and loss",
                             "Loss against weight norm",
                             "Fourier power of the embedding",
                             "Tokens at frequency 19",
                             "Effective rank",
                             "Answers",
                             "step 0",
                             "live: step 740",
                             "train 100 %",
                             "wd → 1",
                             "Memorised",
                             "Save",
                             "?"}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted;
  }
}

TEST_F(Pictures, TextStaysInsideAtEverySizeAndTheme) {
  for (const auto& [width, height, scale] : {std::tuple{1280, 720, 1.0f},
                                             {1280, 720, 2.0f},
                                             {1920, 1080, 1.0f},
                                             {3840, 2160, 2.0f},
                                             {1024, 768, 1.25f}}) {
    for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light, ThemeKind::projector}) {
      const Scene drawn = scene({width, height, scale, "", ""}, kind);
      for (const Primitive& primitive : drawn.primitives) {
        const auto* words = std::get_if<SceneText>(&primitive);
        if (words == nullptr) continue;
        EXPECT_GE(words->at.x, -0.5f) << words->text;
        EXPECT_LE(words->at.x + measure_(words->text, words->face, words->size_px), width + 0.5f)
            << words->text << " at " << width;
        EXPECT_GE(words->size_px / scale, 11.9f) << words->text;
      }
    }
  }
}

TEST_F(Pictures, EveryPanelCanStandAlone) {
  for (const Panel& panel : panels()) {
    for (const auto& [width, height] : {std::pair{1280, 720}, std::pair{500, 300}}) {
      const Scene drawn = scene({width, height, 1.0f, std::string(panel.name), ""});
      EXPECT_GE(drawn.primitives.size(), 5u) << panel.name;
    }
  }
  EXPECT_NE(all_text(scene({800, 500, 1.0f, "fourier", "fourier-time"})).find("Frequencies over time"),
            std::string::npos);
}

TEST_F(Pictures, UnknownNamesAreUsageErrorsThatListTheKnownOnes) {
  const Result<Scene> unknown = picture_scene(run(), ViewState{}, {800, 500, 1.0f, "nonsense", ""}, measure_);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().exit_code(), 2);
  EXPECT_NE(unknown.error().message.find("timeline"), std::string::npos);
  EXPECT_FALSE(picture_scene(run(), ViewState{}, {800, 500, 1.0f, "lu", "nonsense"}, measure_).ok());
}

TEST_F(Pictures, TwiceIsTheSame) {
  const Scene once = scene({1280, 720, 1.0f, "", ""}), again = scene({1280, 720, 1.0f, "", ""});
  EXPECT_EQ(svg_from_scenes({&once, 1}, {}), svg_from_scenes({&again, 1}, {}));
  EXPECT_EQ(once.primitives.size(), again.primitives.size());
}

TEST_F(Pictures, NoImGuiFileAppears) {
  scene({1280, 720, 1.0f, "", ""});
  EXPECT_FALSE(std::ifstream("imgui.ini").good());
}

TEST_F(Pictures, TheRunBeforeIsNamedOnTheTimelineAndOnThePortrait) {
  RunConfig next = config_;
  next.optimizer.weight_decay = 0.0;
  const History before = testing::synthetic_run(3000);
  others_ = ghosts_of_next(&before, {}, next);
  for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light, ThemeKind::projector}) {
    const std::string text = all_text(scene({1280, 720, 1.0f, "", ""}, kind));
    const std::size_t first = text.find("before: weight decay 0.3");
    ASSERT_NE(first, std::string::npos);
    EXPECT_NE(text.find("before: weight decay 0.3", first + 1), std::string::npos);
    EXPECT_NE(text.find("train " + percent(1.0)), std::string::npos) << "the shown run keeps its own labels";
  }
  ViewState off;
  off.switches.set(kPreviousRun, false);
  const Result<Scene> without = picture_scene(run(), off, {1280, 720, 1.0f, "", ""}, measure_);
  ASSERT_TRUE(without.ok());
  EXPECT_EQ(all_text(*without).find("before:"), std::string::npos);
}

TEST_F(Pictures, OnPaperThereIsNoWindow) {
  ViewState view;
  view.theme = ThemeKind::light;
  PictureRequest request{1280, 720, 1.0f, "", ""};
  request.look = PictureLook::paper;
  const Result<Scene> drawn = picture_scene(run(), view, request, measure_);
  ASSERT_TRUE(drawn.ok());
  const std::string text = all_text(*drawn);
  for (const char* control :
       {"Pause", "Speed", "Save", "following", "live: ", "Task, model, optimizer, probes", "?\n"})
    EXPECT_EQ(text.find(control), std::string::npos) << control;
  for (const std::string& wanted :
       {std::string("a + b mod 53"), "quickstart, seed 0, step 740 of " + grouped(20000),
        std::string("Accuracy and loss"), std::string("Answers")})
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted;
  EXPECT_EQ(std::get<SceneRect>(drawn->primitives.front()).fill, (Color{255, 255, 255}));
  for (const Panel& panel : panels()) {
    request.panel = panel.name;
    const Result<Scene> alone = picture_scene(run(), view, request, measure_);
    ASSERT_TRUE(alone.ok());
    for (const char* hint : {"click", "Click", "hover", "Hover"})
      EXPECT_EQ(all_text(*alone).find(hint), std::string::npos) << panel.name << " says " << hint;
  }
}

TEST_F(Pictures, EmptyMarginsGo) {
  ViewState view;
  view.theme = ThemeKind::light;
  PictureRequest request{1280, 720, 1.0f, "answers", "answers"};
  request.look = PictureLook::paper;
  request.trimmed = true;
  const Result<Scene> drawn = picture_scene(run(), view, request, measure_);
  ASSERT_TRUE(drawn.ok());
  float left = 1e9f, right = 0.0f;
  for (const Primitive& primitive : drawn->primitives) {
    if (const auto* image = std::get_if<SceneImage>(&primitive); image != nullptr && image->height > 1) {
      left = std::min(left, image->rect.x);
      right = std::max(right, image->rect.x + image->rect.width);
    }
    if (const auto* words = std::get_if<SceneText>(&primitive)) {
      left = std::min(left, words->at.x);
      right = std::max(right, words->at.x + words->width_px);
    }
  }
  EXPECT_LE(left, 16.0f);
  EXPECT_LE(drawn->bounds.width - right, 16.0f);
}

TEST_F(Pictures, WordsSayWhatIsDrawnOfWhichRun) {
  const PictureWords words = picture_words(run(), ViewState{}, {800, 500, 1.0f, "lu", ""});
  EXPECT_EQ(words.title, "a + b mod 53: Loss against weight norm");
  for (const char* wanted : {"quickstart", "seed 0", "step 740", "Loss against weight norm", "run nowhere"})
    EXPECT_NE(words.description.find(wanted), std::string::npos) << wanted << " in " << words.description;
  EXPECT_NE(picture_words(run(), ViewState{}, {1280, 720, 1.0f, "", ""}).description.find("Effective rank"),
            std::string::npos);
}

TEST_F(Pictures, LargePicturesGetLargerType) {
  EXPECT_EQ(scale_for_size(1280, 720), 1.0f);
  EXPECT_EQ(scale_for_size(1920, 1080), 1.0f);
  EXPECT_EQ(scale_for_size(3840, 2160), 2.0f);
}

}  // namespace
}  // namespace grokscope
