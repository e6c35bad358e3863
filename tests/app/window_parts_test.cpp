// What the window is made of and can be tested without one: settings, keys, pictures that carry their run.
#include <gtest/gtest.h>

#include <GLFW/glfw3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "app/input.h"
#include "app/pictures.h"
#include "app/settings.h"
#include "app/trainer_load.h"
#include "app/window.h"
#include "base/files.h"
#include "export/png.h"
#include "ui/synthetic_run.h"

namespace grokscope {
namespace {

class Folder : public ::testing::Test {
 protected:
  Folder()
      : path_(std::filesystem::temp_directory_path() / ("grokscope_app_test_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() override { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::filesystem::path path_;
};

using SettingsFile = Folder;
using PictureFile = Folder;

TEST_F(SettingsFile, WhatIsSavedIsLoaded) {
  Settings settings;
  settings.theme = "projector";
  settings.zoom = 1.75;
  settings.width = 1600;
  settings.height = 900;
  settings.speed_index = 3;
  settings.hint_seen = true;
  settings.switches.set(kLogSteps, false);
  settings.switches.set(kPreviousRun, false);
  const std::string path = file("config/grokscope/settings.json");
  ASSERT_TRUE(save_settings(path, settings).ok());
  const Settings back = load_settings(path);
  EXPECT_EQ(text_from_settings(back), text_from_settings(settings));
  EXPECT_EQ(back.theme, "projector");
  ViewState view;
  apply_settings(back, view);
  EXPECT_EQ(text_from_settings(settings_of(view, 1600, 900)), text_from_settings(settings));
  EXPECT_FALSE(view.switches.on(kLogSteps));
  EXPECT_FALSE(view.switches.on(kPreviousRun));
}

TEST_F(SettingsFile, FullSpeedIsNotForTheNextStart) {
  ViewState view;
  view.speed_index = full_speed_index();
  EXPECT_EQ(settings_of(view, 1280, 720).speed_index, 0);
  EXPECT_EQ(settings_from_text("{\"speed\":" + std::to_string(full_speed_index()) + "}").speed_index, 0);
  view.speed_index = 3;
  EXPECT_EQ(settings_of(view, 1280, 720).speed_index, 3);
}

TEST_F(SettingsFile, RecentRunsAreKeptInOrderAndBounded) {
  ViewState view;
  view.recent = {{"/runs/b"}, {"/runs/a"}};
  const Settings settings = settings_from_text(text_from_settings(settings_of(view, 1280, 720)));
  EXPECT_EQ(settings.recent_runs, (std::vector<std::string>{"/runs/b", "/runs/a"}));
  ViewState back;
  apply_settings(settings, back);
  ASSERT_EQ(back.recent.size(), 2u);
  EXPECT_FALSE(back.recent[0].there) << "believed before it was looked at";
  std::string many = "{\"recent_runs\":[3,null,\"" + std::string(5000, 'x') + "\"";
  for (int i = 0; i < 100; ++i) many += ",\"/r" + std::to_string(i) + "\"";
  EXPECT_EQ(settings_from_text(many + "]}").recent_runs.size(), 20u);
}

TEST_F(SettingsFile, DamageMeansDefaultsNotAnError) {
  EXPECT_EQ(load_settings(file("nothing.json")).theme, "dark");
  for (const char* text : {"", "{", "[]", "null", "{\"theme\":7,\"zoom\":\"x\"}",
                           "{\"zoom\":1e300,\"width\":-5,\"speed\":99,\"theme\":\"pink\"}"}) {
    const Settings settings = settings_from_text(text);
    EXPECT_EQ(settings.theme, "dark") << text;
    EXPECT_GE(settings.zoom, 0.75);
    EXPECT_LE(settings.zoom, 3.0);
    EXPECT_GE(settings.width, 320);
    EXPECT_GE(settings.speed_index, 0);
    EXPECT_LT(settings.speed_index, static_cast<int>(speed_choices().size()));
  }
}

TEST(Keys, LettersFollowTheLayoutAndDigitsThePosition) {
  EXPECT_EQ(key_from_glfw(GLFW_KEY_S, "s"), Key::s);
  EXPECT_EQ(key_from_glfw(GLFW_KEY_SEMICOLON, "m"), Key::m);  // AZERTY
  EXPECT_EQ(key_from_glfw(GLFW_KEY_M, ","), Key::none);
  EXPECT_EQ(key_from_glfw(GLFW_KEY_RIGHT_BRACKET, "+"), Key::equal);  // QWERTZ
  EXPECT_EQ(key_from_glfw(GLFW_KEY_KP_ADD, nullptr), Key::equal);
  EXPECT_EQ(key_from_glfw(GLFW_KEY_3, "\""), Key::digit_3);
  EXPECT_EQ(key_from_glfw(GLFW_KEY_SPACE, nullptr), Key::space);
  EXPECT_EQ(chord_from_glfw(GLFW_KEY_M, "m", GLFW_MOD_ALT | GLFW_MOD_CAPS_LOCK),
            (Chord{Key::m, false, false, true}));
}

TEST(Keys, SignsAreTakenFromWhatIsTypedOnEveryLayout) {
  for (const auto& [sign, what] :
       {std::pair{'+', Shortcut::faster}, {'-', Shortcut::slower}, {'?', Shortcut::help}}) {
    const ShortcutEntry* entry = shortcut_of(chord_from_character(static_cast<unsigned>(sign)));
    ASSERT_NE(entry, nullptr) << sign;
    EXPECT_EQ(entry->what, what) << sign;
  }
  EXPECT_EQ(chord_from_character('a').key, Key::none);
  // The key that the sign comes with does nothing besides: Shift and "=" in the US, Shift and "1" in Bern.
  for (const int shift : {0, GLFW_MOD_SHIFT}) {
    EXPECT_TRUE(comes_as_character(chord_from_glfw(GLFW_KEY_EQUAL, "=", shift)));
    EXPECT_TRUE(comes_as_character(chord_from_glfw(GLFW_KEY_KP_ADD, nullptr, shift)));
  }
  EXPECT_EQ(shortcut_of(chord_from_glfw(GLFW_KEY_1, "1", GLFW_MOD_SHIFT)), nullptr);
  EXPECT_FALSE(comes_as_character(chord_from_glfw(GLFW_KEY_EQUAL, "=", GLFW_MOD_CONTROL)));
  EXPECT_FALSE(comes_as_character(chord_from_glfw(GLFW_KEY_1, "1", 0)));
}

TEST(Keys, TypingKeepsPlainKeysAndLeavesCombinations) {
  EXPECT_TRUE(belongs_to_widgets({Key::space}, true, false));
  EXPECT_TRUE(belongs_to_widgets({Key::c, true}, true, false));
  EXPECT_FALSE(belongs_to_widgets({Key::s, true}, true, false));
  EXPECT_FALSE(belongs_to_widgets({Key::space}, false, false));
  EXPECT_TRUE(belongs_to_widgets({Key::space}, false, true));
  EXPECT_FALSE(belongs_to_widgets({Key::escape}, false, true));
}

class Shortcuts : public ::testing::Test {
 protected:
  Shortcuts() : history_(testing::synthetic_run(500)), config_(history_.config()) {
    status_.state = RunState::running;
  }
  void press(const Chord& chord) {
    const ShortcutEntry* entry = shortcut_of(chord);
    ASSERT_NE(entry, nullptr) << chord_text(chord);
    apply_shortcut(*entry, {.history = &history_, .config = &config_, .status = &status_}, view_, actions_,
                   tiles_);
  }
  void press(Shortcut what) {
    const auto all = shortcuts();
    press(std::find_if(all.begin(), all.end(), [&](const ShortcutEntry& entry) {
            return entry.what == what;
          })->chord);
  }
  const Command& command(std::size_t index) const {
    return std::get<SendCommand>(actions_.at(index)).command;
  }

  History history_;
  RunConfig config_;
  SessionStatus status_;
  ViewState view_;
  Actions actions_;
  Tiles tiles_;
};

TEST_F(Shortcuts, SpacePausesAndResumes) {
  press(Shortcut::play_pause);
  EXPECT_TRUE(std::holds_alternative<Pause>(command(0)));
  status_.state = RunState::paused;
  press(Shortcut::play_pause);
  EXPECT_TRUE(std::holds_alternative<Resume>(command(1)));
}

TEST_F(Shortcuts, RightIsOneStepWhenPausedAtTheEndAndForwardElsewhere) {
  status_.state = RunState::paused;
  press(Shortcut::step_or_forward);
  EXPECT_TRUE(std::holds_alternative<StepOnce>(command(0)));
  press(Shortcut::back);
  ASSERT_TRUE(view_.scrub_step.has_value());
  EXPECT_EQ(*view_.scrub_step, 490);
  press(Shortcut::step_or_forward);
  EXPECT_FALSE(view_.scrub_step.has_value());  // back at the newest: following
  EXPECT_EQ(actions_.size(), 1u);
}

TEST_F(Shortcuts, HomeAndEnd) {
  press(Shortcut::first);
  EXPECT_EQ(view_.scrub_step, 0);
  press(Shortcut::follow);
  EXPECT_FALSE(view_.scrub_step.has_value());
}

TEST_F(Shortcuts, ResetKeepsTheSeedAndLeavesInterventionsBehind) {
  config_.optimizer.weight_decay = 7.0;  // as it is after an intervention
  press(Shortcut::reset);
  press(Shortcut::new_seed);
  EXPECT_EQ(std::get<Restart>(actions_.at(0)).config.optimizer.weight_decay,
            history_.config().optimizer.weight_decay);
  EXPECT_EQ(std::get<Restart>(actions_.at(0)).config.seed, history_.config().seed);
  EXPECT_EQ(std::get<Restart>(actions_.at(1)).config.seed, history_.config().seed + 1);
}

TEST_F(Shortcuts, ZoomStaysBetween75And300Percent) {
  for (int i = 0; i < 30; ++i) press(Shortcut::zoom_in);
  EXPECT_FLOAT_EQ(view_.zoom, 3.0f);
  for (int i = 0; i < 30; ++i) press(Shortcut::zoom_out);
  EXPECT_FLOAT_EQ(view_.zoom, 0.75f);
  press(Shortcut::zoom_reset);
  EXPECT_FLOAT_EQ(view_.zoom, 1.0f);
}

TEST_F(Shortcuts, EscapeClosesWhatIsOnTop) {
  press({Key::digit_3});
  EXPECT_EQ(view_.full_panel, "fourier");
  press(Shortcut::help);
  press(Shortcut::escape);
  EXPECT_FALSE(view_.help_open);
  EXPECT_EQ(view_.full_panel, "fourier");
  press(Shortcut::escape);
  EXPECT_EQ(view_.full_panel, "");
}

TEST_F(Shortcuts, EscapeClosesAnOpenMenuAndNothingElse) {
  press({Key::digit_3});
  view_.menu_open = true;
  press(Shortcut::escape);
  EXPECT_TRUE(view_.close_menus);
  EXPECT_EQ(view_.full_panel, "fourier");
}

TEST_F(Shortcuts, ThemesGoRound) {
  const ThemeKind first = view_.theme;
  for (int i = 0; i < 3; ++i) press(Shortcut::theme);
  EXPECT_EQ(view_.theme, first);
}

TEST_F(Shortcuts, EveryKeyThatAPanelPromisesOpensIt) {
  for (const Panel& panel : panels()) {
    press({panel.key});
    EXPECT_EQ(view_.full_panel, panel.name);
  }
  press(Shortcut::dashboard);
  EXPECT_EQ(view_.full_panel, "");
}

TEST_F(Shortcuts, EveryKeyThatASwitchPromisesTurnsItOver) {
  for (const PanelSwitch* one : panel_switches()) {
    if (one->key == Key::none) continue;
    press({one->key});
    EXPECT_NE(view_.switches.on(*one), one->initially) << one->name;
    press({one->key});
    EXPECT_EQ(view_.switches.on(*one), one->initially) << one->name;
  }
}

RunView view_of(const History& history, const RunConfig& config, const SessionStatus& status,
                const RunFacts& facts) {
  return {.history = &history, .config = &config, .status = &status, .facts = &facts, .live = false};
}

TEST_F(PictureFile, APngCarriesItsRunAndIsTheSameTwice) {
  const History history = testing::synthetic_run(742);
  const RunConfig config = history.config();
  const SessionStatus status;
  const RunFacts facts = testing::synthetic_facts();
  const RunView run = view_of(history, config, status, facts);
  for (const char* name : {"one.png", "two.png"}) {
    const auto picture = picture_bytes(run, ViewState{}, {1280, 720, 1.0f, "", ""}, PictureFormat::png);
    if (!picture) GTEST_SKIP() << picture.error().message;
    ASSERT_TRUE(write_file_atomic(file(name), *picture));
  }
  EXPECT_EQ(*read_file(file("one.png"), 1u << 26), *read_file(file("two.png"), 1u << 26));
  const Result<std::string> metadata = read_png_metadata(file("one.png"));
  ASSERT_TRUE(metadata.ok());
  const Result<ReopenedPicture> back = run_from_metadata(*metadata, "one.png");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(back->step, 740);
  EXPECT_EQ(back->config.preset, "quickstart");
  EXPECT_EQ(back->config.optimizer.weight_decay, 0.3);
  ASSERT_EQ(back->events.size(), 1u);
  EXPECT_EQ(back->events[0].step, 220);
}

TEST_F(PictureFile, AnSvgHasRealText) {
  const History history = testing::synthetic_run(742);
  const RunConfig config = history.config();
  const SessionStatus status;
  const RunFacts facts = testing::synthetic_facts();
  const auto picture = picture_bytes(view_of(history, config, status, facts), ViewState{},
                                     {1280, 720, 1.0f, "", ""}, PictureFormat::svg);
  ASSERT_TRUE(picture) << picture.error().message;
  const std::string& svg = *picture;
  EXPECT_EQ(svg.find("<svg") != std::string::npos, true);
  EXPECT_NE(svg.find("Accuracy and loss"), std::string::npos);
  EXPECT_NE(svg.find("<text"), std::string::npos);
}

TEST_F(PictureFile, WrongNamesPanelsAndSizesAreUsageErrors) {
  const History history = testing::synthetic_run(10);
  const RunConfig config = history.config();
  const SessionStatus status;
  const RunFacts facts = testing::synthetic_facts();
  const RunView run = view_of(history, config, status, facts);
  EXPECT_EQ(picture_format("a.jpg").error().exit_code(), 2);
  EXPECT_EQ(*picture_format("a.SVG"), PictureFormat::svg);
  for (const PictureRequest& wrong :
       {PictureRequest{3, 720, 1.0f, "", ""}, PictureRequest{1280, 720, 1.0f, "nonsense", ""}}) {
    const auto picture = picture_bytes(run, ViewState{}, wrong, PictureFormat::svg);
    ASSERT_FALSE(picture);
    EXPECT_EQ(picture.error().exit_code(), 2);
  }
}

TEST(Metadata, ForeignTextIsRefused) {
  for (const char* text : {"", "{}", "[]", "{\"config\":3}", "{\"config\":{\"nonsense\":1}}",
                           "{\"config\":{},\"events\":[3]}"}) {
    EXPECT_FALSE(run_from_metadata(text, "x.png").ok()) << text;
  }
}

TEST(Display, WithoutOneTheWindowSaysSo) {
  const char* old = std::getenv("DISPLAY");
  const std::string display = old == nullptr ? "" : old;
  const char* wayland = std::getenv("WAYLAND_DISPLAY");
  if (wayland != nullptr) GTEST_SKIP();
  ::unsetenv("DISPLAY");
  EXPECT_FALSE(display_available());
  EXPECT_EQ(run_window(RunConfig{}, WindowOptions{}), kNoDisplay);
  if (!display.empty()) ::setenv("DISPLAY", display.c_str(), 1);
}

TEST(TrainerLoad, IsTheShareOfTheTimeThatTheTrainersOwnClockRan) {
  TrainerLoad load;
  EXPECT_EQ(load.share(), 1.0) << "nothing is known";
  load.seen(5.0, 1.0);
  EXPECT_EQ(load.share(), 1.0) << "one reading says nothing";
  load.seen(5.5, 1.4);  // too soon to say
  EXPECT_EQ(load.share(), 1.0);
  load.seen(7.0, 1.5);
  EXPECT_DOUBLE_EQ(load.share(), 0.25);
  load.seen(9.0, 1.5);  // no evaluation since: still what it was
  EXPECT_DOUBLE_EQ(load.share(), 0.25);
  load.seen(9.5, 4.5);  // flat out, and a clock that ran ahead
  EXPECT_EQ(load.share(), 1.0);
  load.seen(11.5, 4.7);
  EXPECT_NEAR(load.share(), 0.1, 1e-12);
  load.seen(11.6, 0.2);  // another run
  EXPECT_EQ(load.share(), 1.0);
}

}  // namespace
}  // namespace grokscope
