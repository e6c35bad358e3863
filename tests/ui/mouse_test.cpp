// The dashboard under a mouse, without a window: what is pressed, dragged and let go, frame by frame.
#include <gtest/gtest.h>

#include <imgui.h>

#include <algorithm>

#include "ui/dashboard.h"
#include "ui/form.h"
#include "ui/imgui_style.h"
#include "ui/live_fields.h"
#include "ui/synthetic_run.h"

namespace grokscope {
namespace {

constexpr float kWidth = 1280.0f, kHeight = 720.0f;

class Mouse : public ::testing::Test {
 protected:
  Mouse()
      : history_(testing::synthetic_run(742)),
        config_(history_.config()),
        facts_(testing::synthetic_facts()),
        context_(ImGui::CreateContext()) {
    status_.state = RunState::running;
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = ImVec2(kWidth, kHeight);
    io.DeltaTime = 1.0f / 60.0f;
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
    apply_style(theme(view_.theme), 1.0f);
    frame();
    frame();  // the first tells ImGui how tall the rail is
  }
  ~Mouse() override { ImGui::DestroyContext(context_); }

  /// One frame, as the window makes it; what it asked for is in actions_.
  void frame() {
    drawn_ = Scene{};
    DashboardFrame frame;
    frame.width = kWidth;
    frame.height = kHeight;
    frame.now_s = now_s_;
    frame.measure = &measure_;
    frame.sink.draw = [this](Scene scene) { append_scene(drawn_, std::move(scene)); };
    panels_ = Scene{};
    frame.sink.draw_kept = [this](std::uint64_t, std::uint64_t, const Scene& scene, const Rect&) {
      append_scene(panels_, Scene(scene));
    };
    actions_.clear();
    ImGui::NewFrame();
    const RunView run{.history = &history_,
                      .config = &config_,
                      .status = &status_,
                      .facts = &facts_,
                      .run_path = "/nowhere"};
    dashboard_.draw(run, view_, actions_, frame);
    ImGui::EndFrame();
    again_in_s_ = live_.update(view_, config_, now_s_, actions_);
    now_s_ += 1.0 / 60.0;
  }
  void to(float x, float y) {
    ImGui::GetIO().MousePos = ImVec2(x, y);
    frame();
  }
  void button(bool down) {
    ImGui::GetIO().MouseDown[0] = down;
    frame();
  }
  /// Where a text begins in the last frame: its baseline.
  Point place_of(const std::string& text) const {
    for (const Primitive& primitive : drawn_.primitives) {
      const auto* words = std::get_if<SceneText>(&primitive);
      if (words != nullptr && words->text == text) return words->at;
    }
    ADD_FAILURE() << "there is no \"" << text << '"';
    return {};
  }
  /// What the last frame asked to set a field to.
  std::optional<double> set() const {
    std::optional<double> value;
    for (const Action& action : actions_) {
      const auto* command = std::get_if<SendCommand>(&action);
      if (command == nullptr) continue;
      if (const auto* change = std::get_if<Intervention>(&command->command))
        value = change->detail["value"].get<double>();
    }
    return value;
  }
  const Restart* restart() const {
    for (const Action& action : actions_) {
      if (const auto* again = std::get_if<Restart>(&action)) return again;
    }
    return nullptr;
  }

  History history_;
  RunConfig config_;
  RunFacts facts_;
  SessionStatus status_;
  ViewState view_;
  LiveFields live_;
  Dashboard dashboard_;
  Actions actions_;
  Scene drawn_, panels_;
  MeasureText measure_ = inter_metrics();
  double now_s_ = 0.0, again_in_s_ = 0.0;
  ImGuiContext* context_;
};

TEST_F(Mouse, TheThemeButtonChangesThePanelsOfARunThatStandsStill) {
  status_.state = RunState::paused;
  const auto words_in = [&](const Color& ink) {
    return std::count_if(panels_.primitives.begin(), panels_.primitives.end(),
                         [&](const Primitive& primitive) {
                           const auto* words = std::get_if<SceneText>(&primitive);
                           return words != nullptr && words->color == ink;
                         });
  };
  const Color dark = theme(ThemeKind::dark).text, light = theme(ThemeKind::light).text;
  ASSERT_GT(words_in(dark), 0);
  to(1148.0f, 22.0f);
  button(true);
  button(false);
  ASSERT_EQ(view_.theme, ThemeKind::light);
  frame();
  EXPECT_EQ(words_in(dark), 0);
  EXPECT_GT(words_in(light), 0);
}

TEST_F(Mouse, AKnobLetGoOutsideOfItsTrackHasItsLastValueSentAndForgotten) {
  const Point label = place_of("Weight decay");
  const float track_y = label.y + 16.0f;
  to(label.x + 60.0f, track_y);
  button(true);
  to(label.x + 120.0f, track_y);
  ASSERT_TRUE(view_.pending.contains("optimizer.weight_decay")) << "the knob was not met";
  for (int i = 0; i < 30; ++i) frame();
  to(label.x + 100.0f, track_y + 200.0f);  // sends
  to(label.x + 90.0f, track_y + 300.0f);   // too soon to send again
  button(false);
  const double wanted = view_.pending.at("optimizer.weight_decay");
  EXPECT_EQ(set(), wanted) << "the last value goes out at once";
  config_.optimizer.weight_decay = wanted;  // the trainer answers
  frame();
  EXPECT_TRUE(view_.pending.empty());
  EXPECT_GT(again_in_s_, 60.0) << "nothing keeps the window awake";
  config_.optimizer.weight_decay = 0.25;  // from then on it shows what the run has
  frame();
  EXPECT_NO_FATAL_FAILURE(place_of("0.25"));
}

TEST_F(Mouse, AKnobThatVanishesInADragDoesNotWaitForItsEnd) {
  const Point label = place_of("Learning rate");
  to(label.x + 60.0f, label.y + 16.0f);
  button(true);
  to(label.x + 120.0f, label.y + 16.0f);
  ASSERT_TRUE(view_.pending.contains("optimizer.learning_rate")) << "the knob was not met";
  config_.optimizer.learning_rate = view_.pending.at("optimizer.learning_rate");
  view_.rail_hidden = true;
  for (int i = 0; i < 30; ++i) frame();
  EXPECT_TRUE(view_.pending.empty());
}

TEST_F(Mouse, ApplyKeepsWhatTheSlidersDidWhileTheFormWasOpen) {
  view_.form_open = true;
  frame();
  frame();
  view_.draft_edits["model.width"] = std::int64_t{64};
  config_.optimizer.weight_decay = 0.125;            // answered by the trainer
  view_.pending["optimizer.learning_rate"] = 0.002;  // not yet
  const Point apply = place_of("Apply and restart");
  to(apply.x + 20.0f, apply.y - 4.0f);
  button(true);
  button(false);
  ASSERT_NE(restart(), nullptr) << "the button was not met";
  EXPECT_EQ(restart()->config.model.width, 64);
  EXPECT_EQ(restart()->config.optimizer.weight_decay, 0.125);
  EXPECT_EQ(restart()->config.optimizer.learning_rate, 0.002);
}

TEST_F(Mouse, WhatTheFormChangedStaysWhileTheRunChangesUnderIt) {
  view_.form_open = true;
  view_.draft_edits["train.steps"] = std::int64_t{777};
  frame();
  config_.optimizer.momentum = 0.5;
  frame();
  EXPECT_EQ(drafted(config_, view_).train.steps, 777);
  EXPECT_EQ(drafted(config_, view_).optimizer.momentum, 0.5);
  EXPECT_EQ(view_.draft_edits.size(), 1u) << "only what was edited is an edit";
  config_.train.steps = 777;  // the same: no edit any more
  frame();
  EXPECT_TRUE(view_.draft_edits.empty());
}

}  // namespace
}  // namespace grokscope
