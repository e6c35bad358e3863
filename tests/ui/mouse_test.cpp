// The dashboard under a mouse, without a window: what is pressed, dragged and let go, frame by frame.
#include <gtest/gtest.h>

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "config/presets.h"

#include "ui/dashboard.h"
#include "ui/dashboard_test.h"
#include "ui/form.h"
#include "ui/imgui_style.h"
#include "ui/live_fields.h"
#include "ui/overlays.h"
#include "ui/slider.h"
#include "ui/synthetic_run.h"
#include "ui/synthetic_sweep.h"

namespace grokscope {
namespace {

constexpr float kWidth = 1280.0f, kHeight = 720.0f;

class Mouse : public testing::OnDashboard {
 protected:
  Mouse() : OnDashboard(kWidth, kHeight) {
    frame();
    frame();  // the first tells ImGui how tall the rail is
  }

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
    RunView shown = run();
    shown.sweep = sweep_;
    const double soon_s = dashboard_.draw(shown, view_, actions_, frame);
    ImGui::EndFrame();
    again_in_s_ = live_.update(view_, config_, now_s_, actions_);
    again_in_s_ = std::min(again_in_s_, soon_s);
    now_s_ += 1.0 / 60.0;
  }
  /// Pressed and let go.
  void tab() {
    ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM < 18700
    io.KeyMap[ImGuiKey_Tab] = 9;
    io.KeysDown[9] = true;
    frame();
    io.KeysDown[9] = false;
#else
    io.AddKeyEvent(ImGuiKey_Tab, true);
    frame();
    io.AddKeyEvent(ImGuiKey_Tab, false);
#endif
  }
  /// As the window does while nothing moves: a frame only when one was asked for. False: it never rests.
  bool rest() {
    for (int frames = 0; frames < 200; ++frames) {
      if (again_in_s_ > 5.0) return true;
      now_s_ += std::max(again_in_s_, 0.01);
      frame();
    }
    return false;
  }
  bool is_shown(const char* window_name) const {
    for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
      if (std::string_view(window->Name).starts_with(window_name) && window->Active && !window->Hidden)
        return true;
    }
    return false;
  }
  bool has_word(const std::string& word) const {
    return std::any_of(drawn_.primitives.begin(), drawn_.primitives.end(), [&](const Primitive& primitive) {
      const auto* words = std::get_if<SceneText>(&primitive);
      return words != nullptr && words->text == word;
    });
  }
  void to(float x, float y) {
    ImGui::GetIO().MousePos = ImVec2(x, y);
    frame();
  }
  void button(bool down) {
    ImGui::GetIO().MouseDown[0] = down;
    frame();
  }
  /// The menu of what is there.
  void open_menu(float x, float y) {
    to(x, y);
    ImGui::GetIO().MouseDown[1] = true;
    frame();
    ImGui::GetIO().MouseDown[1] = false;
    frame();
    frame();
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

  const SweepView* sweep_ = nullptr;
  LiveFields live_;
  Scene drawn_, panels_;
  double again_in_s_ = 0.0;
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

TEST_F(Mouse, HelpAppearsWhereTheMouseRestsWhileNothingMoves) {
  status_.state = RunState::paused;
  ASSERT_TRUE(rest());
  const Point label = place_of("Weight decay");
  to(label.x + 5.0f, label.y - 3.0f);
  EXPECT_FALSE(is_shown("##Tooltip")) << "not before the mouse has rested";
  ASSERT_TRUE(rest()) << "the window does not come to rest";
  EXPECT_TRUE(is_shown("##Tooltip")) << "nobody asked for the frame that shows it";
}

TEST_F(Mouse, AClickOnAKnobThatIsNotMovedChangesNothing) {
  status_.state = RunState::paused;
  config_.optimizer.weight_decay = 0.33333;  // no value that a place of the knob has
  frame();
  const Point label = place_of("Weight decay");
  float knob_x = 0.0f, track_y = label.y + 16.0f;
  for (const Primitive& primitive : drawn_.primitives) {
    const auto* circle = std::get_if<SceneCircle>(&primitive);
    if (circle != nullptr && std::abs(circle->center.y - track_y) < 6.0f) knob_x = circle->center.x;
  }
  ASSERT_GT(knob_x, 0.0f);
  to(knob_x + 2.0f, track_y);
  button(true);
  frame();
  EXPECT_TRUE(view_.pending.empty());
  button(false);
  EXPECT_EQ(set(), std::nullopt);
  EXPECT_TRUE(view_.pending.empty());
  button(true);
  to(knob_x + 12.0f, track_y);
  EXPECT_TRUE(view_.pending.contains("optimizer.weight_decay")) << "a drag does change it";
  button(false);
}

TEST_F(Mouse, TabTakesWhatIsTypedAndGoesToTheNextSlider) {
  type_into(view_, "optimizer.weight_decay");
  frame();
  ASSERT_STREQ(view_.typing.text, "0.3") << "it begins with the value that it has";
  frame();
  frame();
  ImGui::GetIO().AddInputCharactersUTF8("0.7");
  frame();
  tab();
  EXPECT_EQ(view_.pending["optimizer.weight_decay"], 0.7);
  EXPECT_EQ(view_.typing.slider, "optimizer.learning_rate");
  frame();
  frame();
  frame();
  tab();
  EXPECT_EQ(view_.typing.slider, "task.train_fraction");
  frame();
  EXPECT_EQ(std::string_view(view_.typing.text).ends_with(" %"), true) << view_.typing.text;
}

TEST_F(Mouse, WhatDoesNotDoIsSaidUnderItsSliderAndStaysToBeMended) {
  type_into(view_, "optimizer.weight_decay");
  for (int i = 0; i < 3; ++i) frame();
  ImGui::GetIO().AddInputCharactersUTF8("many");
  frame();
  tab();
  EXPECT_EQ(view_.typing.slider, "optimizer.weight_decay");
  EXPECT_TRUE(view_.pending.empty());
  frame();
  EXPECT_TRUE(has_word("Write a number, such as 0.01."));
}

TEST_F(Mouse, ScrubbedBackTheSlidersSayThatTheyActOnTheLiveRun) {
  EXPECT_FALSE(has_word("live"));
  view_.scrub_step = 100;
  status_.step = 745;
  frame();
  EXPECT_TRUE(has_word("live"));
  EXPECT_TRUE(has_word("745.")) << "where the flag will stand";
  status_.state = RunState::stopped;  // nothing acts any more
  frame();
  EXPECT_FALSE(has_word("live"));
}

TEST_F(Mouse, TheRunIsNamedWithItsSeedAndWhetherItsPresetWasEdited) {
  EXPECT_NO_FATAL_FAILURE(place_of("seed 0 · " + std::to_string(facts_.threads) +
                                   (facts_.threads == 1 ? " thread · " : " threads · ") + facts_.device));
  RunConfig config = find_preset("quickstart")->config;
  config.seed = 7;
  history_ = History(config);
  frame();
  EXPECT_TRUE(has_word("quickstart")) << "another seed is no edit";
  config.train.steps += 1;
  history_ = History(config);
  frame();
  EXPECT_TRUE(has_word("quickstart, edited"));
}

TEST_F(Mouse, ARunThatHasEndedCanBeMadeAgainOrGoOn) {
  status_.state = RunState::stopped;
  status_.stopped = "steps";
  status_.step = config_.train.steps;
  frame();
  EXPECT_TRUE(has_word("Again"));
  const Point on = place_of("Train on");
  to(on.x + 10.0f, on.y - 4.0f);
  button(true);
  button(false);
  EXPECT_TRUE(std::any_of(actions_.begin(), actions_.end(),
                          [](const Action& action) { return std::holds_alternative<TrainOn>(action); }));
  status_.step = 10;
  frame();
  EXPECT_TRUE(has_word("Continue"));
  status_.stopped = "diverged";  // from there on nothing would be learnt
  frame();
  button(true);
  button(false);
  EXPECT_TRUE(actions_.empty());
}

TEST_F(Mouse, AToastLeavesTheClicksToWhatItLiesOn) {
  for (int i = 0; i < 3; ++i)
    add_toast(view_, now_s_, Toast{"Something was saved. It stands here for a while."});
  frame();
  frame();
  ASSERT_TRUE(is_shown("toast0"));
  const ImGuiWindow* toast = ImGui::FindWindowByName("toast0");
  to(toast->Pos.x + 10.0f, toast->Pos.y + 10.0f);
  frame();
  EXPECT_NE(dashboard_.tiles().hovered_panel(), "") << "the toast takes the mouse";
}

TEST_F(Mouse, AToastIsNotPutWhereTheMouseIs) {
  to(kWidth - 100.0f, kHeight - 100.0f);
  add_toast(view_, now_s_, Toast{"Copied."});
  frame();
  frame();
  EXPECT_LT(ImGui::FindWindowByName("toast0")->Pos.x, kWidth / 2.0f);
  EXPECT_TRUE(view_.toasts[0].copies.empty()) << "there is nothing in it worth a copy";
}

TEST_F(Mouse, ApplyAsksForARunAndWaitsInTheFormForWhatBecomesOfIt) {
  view_.form_open = true;
  frame();
  frame();
  const Point apply = place_of("Apply and restart");
  to(apply.x + 20.0f, apply.y - 4.0f);
  button(true);
  button(false);
  ASSERT_NE(restart(), nullptr);
  EXPECT_TRUE(restart()->from_form);
  EXPECT_TRUE(view_.form_open);
  view_.refused = "unknown name 'c' at character 9 of the formula 'a^2 + 3*c'";
  view_.refused_is_new = true;
  frame();
  EXPECT_FALSE(view_.refused_is_new) << "it was not shown";
  view_.draft_edits["model.width"] = std::int64_t{96};
  frame();
  EXPECT_EQ(view_.refused.empty(), false) << "what was edited before is not news";
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

TEST_F(Mouse, EveryPanelHasAMenu) {
  for (const Panel& panel : panels()) {
    view_.full_panel = panel.name;
    view_.close_menus = true;
    frame();
    open_menu(500.0f, 300.0f);
    EXPECT_TRUE(is_shown("##Popup")) << panel.name;
  }
}

TEST_F(Mouse, AClickOnACellOfASweepOpensItsRunAndTwoDoNotCloseThePanel) {
  sweep_ = &testing::synthetic_map();
  view_.full_panel = "sweep";
  frame();
  frame();
  to(500.0f, 350.0f);
  ASSERT_FALSE(actions_.empty());
  EXPECT_TRUE(std::holds_alternative<Choose>(actions_[0])) << "the mouse above a cell shows its curves";
  view_.choices.set(std::get<Choose>(actions_[0]).choice, std::get<Choose>(actions_[0]).option);
  for (int i = 0; i < 2; ++i) {
    button(true);
    button(false);
    const bool opened = std::any_of(actions_.begin(), actions_.end(), [](const Action& action) {
      return std::holds_alternative<OpenSweepRun>(action);
    });
    EXPECT_TRUE(opened) << i;
  }
  EXPECT_EQ(view_.full_panel, "sweep");
}

TEST_F(Mouse, TheMenuOfASliderSweepsIt) {
  const Point decay = place_of("Weight decay");
  open_menu(decay.x + 20.0f, decay.y + 18.0f);
  ASSERT_TRUE(is_shown("##Popup"));
  const ImGuiWindow* menu = nullptr;
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows) {
    if (std::string_view(window->Name).starts_with("##Popup") && window->Active) menu = window;
  }
  ASSERT_NE(menu, nullptr);
  to(menu->Pos.x + 30.0f, menu->Pos.y + 1.5f * menu->Size.y / 3.0f);
  button(true);
  button(false);
  const auto begun = std::find_if(actions_.begin(), actions_.end(), [](const Action& action) {
    return std::holds_alternative<StartSweep>(action);
  });
  ASSERT_NE(begun, actions_.end());
  EXPECT_EQ(std::get<StartSweep>(*begun).fields, std::vector<std::string>{"optimizer.weight_decay"});
}

TEST_F(Mouse, AToastIsDrawnOnceAndNotAgainUntilItGoes) {
  Toast toast;
  toast.text = "Looking at the sweep in /somewhere";
  toast.copies = "/somewhere";
  toast.copy_label = "Copy the folder's path";
  add_toast(view_, now_s_, std::move(toast));
  frame();
  EXPECT_TRUE(rest());
  frame();
  EXPECT_GT(again_in_s_, 1.0);
}

}  // namespace
}  // namespace grokscope
