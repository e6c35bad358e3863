// The panel Theory: its curves, its controls under the mouse, and what presets open.
#include <gtest/gtest.h>

#include <imgui.h>

#include "config/presets.h"
#include "ui/dashboard_test.h"
#include "ui/synthetic_theory.h"
#include "ui/theory_choice.h"

namespace grokscope {
namespace {

class TheoryPanel : public testing::OnDashboard {
 protected:
  TheoryPanel() : OnDashboard(1280, 720) {
    show_study(view_, {"pattern_learning", theory::initial_values(*theory::find_study("pattern_learning"))});
    frame();
    frame();  // the first tells Dear ImGui how tall the controls are
  }
  void frame() {
    controls_ = Scene{};
    DashboardFrame frame;
    frame.width = 1280;
    frame.height = 720;
    frame.now_s = now_s_ += 1.0 / 60.0;
    frame.measure = &measure_;
    frame.sink.draw = [this](Scene scene) { append_scene(controls_, std::move(scene)); };
    frame.sink.draw_kept = [](std::uint64_t, std::uint64_t, const Scene&, const Rect&) {};
    RunView shown = run();
    shown.theory = &testing::synthetic_theory();
    ImGui::NewFrame();
    dashboard_.draw(shown, view_, actions_, frame);
    ImGui::EndFrame();
  }
  /// Below `dy` of the text.
  void click(const std::string& text, float dy = 0.0f) {
    for (const Primitive& primitive : controls_.primitives) {
      const auto* words = std::get_if<SceneText>(&primitive);
      if (words == nullptr || words->text != text) continue;
      actions_.clear();
      ImGui::GetIO().MousePos = ImVec2(words->at.x + 60.0f, words->at.y + dy);
      frame();
      ImGui::GetIO().MouseDown[0] = true;
      frame();
      frame();
      ImGui::GetIO().MouseDown[0] = false;
      frame();
      frame();
      return;
    }
    ADD_FAILURE() << "nothing says " << text;
  }
  Scene controls_;
};

TEST_F(TheoryPanel, AButtonSetsPublishedValues) {
  click("Grokking (paper)");
  ASSERT_EQ(actions_.size(), 1u);
  const auto* show = std::get_if<ShowStudy>(&actions_.front());
  ASSERT_NE(show, nullptr);
  const theory::Study& study = *theory::find_study("pattern_learning");
  EXPECT_EQ(show->study, "pattern_learning");
  EXPECT_EQ(theory::value_of(study, show->values, "gamma3"), 1.0);
  EXPECT_EQ(theory::value_of(study, show->values, "gamma1"), 0.0);
}

TEST_F(TheoryPanel, ASliderMovesItsValueAlone) {
  const theory::Study& study = *theory::find_study("pattern_learning");
  const auto before = chosen_values(view_, study);
  click("Heuristic: onset b", 18.0f);
  const auto after = chosen_values(view_, study);
  EXPECT_NE(theory::value_of(study, after, "b1"), 30.0);
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (study.parameters[i].name != "b1") {
      EXPECT_EQ(after[i], before[i]) << study.parameters[i].name;
    }
  }
}

TEST_F(TheoryPanel, TheFitIsAskedFor) {
  click("Fit to the shown run");
  ASSERT_EQ(actions_.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<FitStudy>(actions_.front()));
}

TEST_F(TheoryPanel, PresetsOpenTheirStudy) {
  const auto opened = study_of(find_preset("davies-theory")->opens);
  ASSERT_TRUE(opened);
  ViewState view;
  show_study(view, *opened);
  EXPECT_EQ(view.full_panel, "theory");
  EXPECT_EQ(chosen_study(view).name, "pattern_learning");
  EXPECT_EQ(theory::value_of(chosen_study(view), chosen_values(view, chosen_study(view)), "gamma3"), 1.0);
  EXPECT_FALSE(study_of({.theory = "nonsense"}));
  EXPECT_FALSE(study_of({.theory = "two_scale", .assignments = {"nonsense=1"}}));
}

TEST_F(TheoryPanel, CurvesOfARunAreThinnedToItsEnds) {
  const auto curves = run_curves(run());
  ASSERT_NE(curves, nullptr);
  EXPECT_LE(curves->size(), 302u);
  EXPECT_EQ(curves->steps.back(), static_cast<double>(history_.last()->step));
  EXPECT_EQ(curves->test_accuracy.back(), history_.last()->test_accuracy);
}

}  // namespace
}  // namespace grokscope
