// The whole dashboard as one scene: complete, inside its bounds, the same twice, at many sizes and in every
// theme.
#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"
#include "chart/svg.h"
#include "ui/panel.h"
#include "ui/picture.h"
#include "ui/synthetic_run.h"

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
            .others = others_};
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
                             "following live",
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

TEST_F(Pictures, LargePicturesGetLargerType) {
  EXPECT_EQ(scale_for_size(1280, 720), 1.0f);
  EXPECT_EQ(scale_for_size(1920, 1080), 1.0f);
  EXPECT_EQ(scale_for_size(3840, 2160), 2.0f);
}

}  // namespace
}  // namespace grokscope
