// Shortcuts, slider math, the layout of the window, what live sliders send.
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <tuple>

#include "contract/story_pace.h"
#include "ui/form.h"
#include "ui/layout.h"
#include "ui/live_fields.h"
#include "ui/open_sheet.h"
#include "ui/overlays.h"
#include "ui/painter.h"
#include "ui/scrubber.h"
#include "ui/shortcuts.h"
#include "ui/slider.h"
#include "ui/transport.h"

namespace grokscope {
namespace {

TEST(Shortcuts, NoTwoMeanDifferentThings) {
  std::set<std::tuple<Key, bool, bool, bool>> seen;
  for (const ShortcutEntry& entry : shortcuts()) {
    const Chord& chord = entry.chord;
    EXPECT_NE(chord.key, Key::none) << entry.text;
    EXPECT_TRUE(seen.insert({chord.key, chord.control, chord.shift, chord.alt}).second)
        << chord_text(chord) << " stands twice";
    EXPECT_EQ(shortcut_of(chord), &entry);
    EXPECT_FALSE(chord_text(chord).empty());
    EXPECT_FALSE(entry.text.empty());
  }
}

TEST(Shortcuts, EveryOneIsOnTheSheet) {
  for (int what = 0; what <= static_cast<int>(Shortcut::quit); ++what) {
    if (what == static_cast<int>(Shortcut::panel_choice)) continue;  // there may be none with a key
    EXPECT_FALSE(chord_text(static_cast<Shortcut>(what)).empty()) << what;
  }
  EXPECT_EQ(chord_text(Shortcut::save), "Ctrl+S");
  EXPECT_EQ(shortcut_of({Key::s, false, false, true}), nullptr);
}

TEST(Slider, LogScalesHaveAnExactZeroAndGoThereAndBack) {
  const SliderRange decay{0.0, 10.0, true};
  EXPECT_EQ(value_from_share(decay, 0.0), 0.0);
  EXPECT_EQ(value_from_share(decay, 1.0), 10.0);
  EXPECT_EQ(share_from_value(decay, 0.0), 0.0);
  for (const double value : {0.001, 0.03, 0.5, 1.0, 3.3, 10.0}) {
    EXPECT_NEAR(value_from_share(decay, share_from_value(decay, value)), value, 0.02 * value);
  }
  double before = -1.0;
  for (int i = 0; i <= 100; ++i) {
    const double value = value_from_share(decay, i / 100.0);
    EXPECT_GE(value, before);
    before = value;
  }
}

TEST(Slider, LinearScalesReadWell) {
  const SliderRange share{0.05, 0.95, false};
  EXPECT_DOUBLE_EQ(value_from_share(share, 0.5), 0.5);
  EXPECT_DOUBLE_EQ(value_from_share(share, -3.0), 0.05);
  EXPECT_DOUBLE_EQ(value_from_share(share, 7.0), 0.95);
  const SliderRange rate{1e-5, 0.1, true};
  EXPECT_EQ(value_from_share(rate, 0.0), 1e-5);
  EXPECT_EQ(value_from_share(rate, 0.5), 0.001);
}

TEST(Slider, WhatIsTypedIsReadAsItIsShown) {
  SliderSpec share;
  share.percent = true;
  share.lowest = 0.01;
  share.highest = 0.99;
  for (const char* text : {"35 %", "35%", "0.35", " 35 ", "35 % "}) {
    ASSERT_TRUE(typed_value(text, share).value) << text;
    EXPECT_DOUBLE_EQ(*typed_value(text, share).value, 0.35) << text;
  }
  EXPECT_DOUBLE_EQ(*typed_value("1 %", share).value, 0.01);
  SliderSpec decay;
  decay.lowest = 0.0;
  decay.highest = 1000.0;
  EXPECT_DOUBLE_EQ(*typed_value("35", decay).value, 35.0);
  EXPECT_DOUBLE_EQ(*typed_value("50 %", decay).value, 0.5);
}

TEST(Slider, WhatDoesNotFitIsSaidAndNotClamped) {
  SliderSpec share;
  share.percent = true;
  share.lowest = 0.01;
  share.highest = 0.99;
  for (const char* text : {"0", "120 %", "100", "-3 %"}) {
    EXPECT_FALSE(typed_value(text, share).value) << text;
    EXPECT_NE(typed_value(text, share).wrong.find("99.0 %"), std::string::npos)
        << typed_value(text, share).wrong;
  }
  for (const char* text : {"", "x", "nan", "3 % 4", "%"}) {
    EXPECT_FALSE(typed_value(text, share).value) << text;
    EXPECT_NE(typed_value(text, share).wrong.find("number"), std::string::npos);
  }
}

OpenSheet sheet_of(const std::string& text) {
  OpenSheet sheet;
  sheet.text = text;
  sheet.folder = folder_of_typed(text);
  sheet.names = {"quickstart-seed0/", "quickstart-seed1/", "ünder/", ".hidden", "notes.json"};
  return sheet;
}

TEST(OpenSheet, TabCompletesAsFarAsTheNamesAgree) {
  EXPECT_EQ(completed(sheet_of("~/runs/q")), "~/runs/quickstart-seed");
  EXPECT_EQ(completed(sheet_of("~/runs/n")), "~/runs/notes.json");
  EXPECT_EQ(completed(sheet_of("x")), "x");
  EXPECT_EQ(completed(sheet_of("~")), "~/");
  EXPECT_EQ(completed(sheet_of("/a/ü")), "/a/ünder/");
  EXPECT_EQ(fitting_names(sheet_of("/a/")).size(), 4u) << "hidden ones are asked for by a dot";
  EXPECT_EQ(fitting_names(sheet_of("/a/.")).size(), 1u);
  OpenSheet elsewhere = sheet_of("/a/q");
  elsewhere.folder = "/b/";  // not looked at yet
  EXPECT_EQ(completed(elsewhere), "/a/q");
}

double rate_of_speed(const ViewState& view, const SessionStatus& status, const RunConfig& config) {
  const double chosen = speed_choices()[static_cast<std::size_t>(view.speed_index)].steps_per_second;
  if (chosen == 0.0) return std::numeric_limits<double>::infinity();
  return chosen > 0.0 ? chosen : paced_steps_per_second(status.step, config.train.steps);
}

TEST(Speed, FasterIsNeverSlowerAndSlowerNeverFaster) {
  const RunConfig config;
  for (const std::int64_t step : {0, 50, 300, 2000, 4900}) {
    for (int index = 0; index < static_cast<int>(speed_choices().size()); ++index) {
      for (const bool faster : {true, false}) {
        SessionStatus status;
        status.step = step;
        ViewState view;
        view.speed_index = index;
        const double before = rate_of_speed(view, status, config);
        Actions actions;
        change_speed({.config = &config, .status = &status}, view, actions, faster);
        const double after = rate_of_speed(view, status, config);
        EXPECT_TRUE(faster ? after >= before : after <= before)
            << "step " << step << ", from " << speed_choices()[static_cast<std::size_t>(index)].label;
        EXPECT_EQ(actions.empty(), view.speed_index == index);
      }
    }
  }
}

TEST(Speed, EveryOneIsReachedByKeysFromTheSlowest) {
  const RunConfig config;
  SessionStatus status;
  ViewState view;
  Actions actions;
  const RunView run{.config = &config, .status = &status};
  for (int i = 0; i < 20; ++i) change_speed(run, view, actions, false);
  std::set<int> seen;
  for (int i = 0; i < 20; ++i) {
    seen.insert(view.speed_index);
    change_speed(run, view, actions, true);
  }
  EXPECT_EQ(seen.size(), speed_choices().size());
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x + 0.01f < b.x + b.width && b.x + 0.01f < a.x + a.width && a.y + 0.01f < b.y + b.height &&
         b.y + 0.01f < a.y + a.height;
}

decltype(LayoutRequest::shows) all_but(std::set<std::string> left_out) {
  return [left_out = std::move(left_out)](std::string_view panel, std::string_view chart) {
    const std::string name = std::string(panel) + (chart.empty() ? "" : "/") + std::string(chart);
    return !left_out.contains(name) && !left_out.contains(std::string(panel));
  };
}

class LayoutAt : public ::testing::TestWithParam<std::tuple<int, int, float>> {};

TEST_P(LayoutAt, NothingOverlapsAndNothingLeavesTheWindow) {
  const auto [width, height, scale] = GetParam();
  for (const bool one_panel : {false, true}) {
    for (const bool hidden : {false, true}) {
      LayoutRequest request{static_cast<float>(width), static_cast<float>(height), scale};
      request.rail_hidden = hidden;
      request.one_panel = one_panel;
      request.shows = all_but({"representation", "layers/layers-rank", "sweep/sweep-map"});
      const DashboardLayout layout = dashboard_layout(request);
      std::vector<Rect> rects = {layout.top, layout.scrubber};
      EXPECT_EQ(hidden, layout.rail.width <= 0.0f && layout.bar.width <= 0.0f);
      for (const Rect& controls : {layout.rail, layout.bar}) {
        if (controls.width > 0.0f) rects.push_back(controls);
      }
      for (const Tile& tile : layout.tiles) rects.push_back(tile.rect);
      if (layout.tiles.empty()) rects.insert(rects.end(), {layout.tabs, layout.main});
      for (std::size_t i = 0; i < rects.size(); ++i) {
        EXPECT_GE(rects[i].x, 0.0f);
        EXPECT_GE(rects[i].y, 0.0f);
        EXPECT_LE(rects[i].x + rects[i].width, width + 0.5f);
        EXPECT_LE(rects[i].y + rects[i].height, height + 0.5f);
        EXPECT_GT(rects[i].width, 0.0f);
        EXPECT_GT(rects[i].height, 0.0f);
        for (std::size_t j = i + 1; j < rects.size(); ++j)
          EXPECT_FALSE(overlap(rects[i], rects[j])) << i << " and " << j;
      }
      for (const Tile& tile : layout.tiles) {
        EXPECT_GT(tile.rect.width / scale, 120.0f) << tile.panel;
        EXPECT_GT(tile.rect.height / scale, 150.0f) << tile.panel;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, LayoutAt,
                         ::testing::Combine(::testing::Values(640, 1024, 1280, 1920, 2560, 3840),
                                            ::testing::Values(480, 720, 1080, 2160),
                                            ::testing::Values(0.75f, 1.0f, 1.25f, 1.5f, 2.0f, 3.0f)));

TEST(Layout, LargeWindowsGetAnotherRow) {
  const auto rows = [](float width, float height, float scale) {
    std::set<float> tops;
    for (const Tile& tile : dashboard_layout({width, height, scale}).tiles) tops.insert(tile.rect.y);
    return tops.size();
  };
  EXPECT_EQ(rows(1280, 720, 1), 2u);
  EXPECT_EQ(rows(1920, 1080, 1), 3u);
  EXPECT_EQ(rows(3840, 2160, 2), 3u);
  EXPECT_EQ(rows(1280, 720, 2), 1u);
  EXPECT_TRUE(dashboard_layout({1280, 720, 3}).compact);
}

TEST(Layout, PanelsWithNothingToShowMakeRoom) {
  const auto names = [](float width, float height, std::set<std::string> left_out) {
    std::vector<std::string> tiles;
    float rightmost = 0.0f;
    LayoutRequest request{width, height, 1};
    request.shows = all_but(std::move(left_out));
    for (const Tile& tile : dashboard_layout(request).tiles) {
      tiles.push_back(tile.panel + (tile.chart.empty() ? "" : "/" + tile.chart));
      rightmost = std::max(rightmost, tile.rect.x + tile.rect.width);
    }
    EXPECT_EQ(rightmost, width - 10.0f) << "no hole at the end of a row";
    return tiles;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(1280, 720, {"representation", "layers/layers-rank", "sweep/sweep-map", "descent"}),
            (Names{"timeline", "lu", "fourier", "tokens", "ranks", "answers"}));
  // Regression on numbers.
  EXPECT_EQ(names(1280, 720,
                  {"fourier", "tokens", "answers", "progress", "representation", "layers/layers-rank",
                   "sweep/sweep-map", "descent"}),
            (Names{"timeline", "lu", "ranks", "ranks/ranks-spectrum"}));
  EXPECT_EQ(names(1920, 1080,
                  {"fourier", "tokens", "answers", "progress", "representation", "layers/layers-rank",
                   "sweep/sweep-map", "descent"}),
            (Names{"timeline", "lu", "ranks", "ranks/ranks-spectrum"}));
  // Images.
  EXPECT_EQ(names(1920, 1080,
                  {"tokens", "progress", "representation", "fourier/fourier-time", "layers/layers-rank",
                   "sweep/sweep-map", "descent"}),
            (Names{"timeline", "lu", "fourier", "ranks", "answers", "ranks/ranks-spectrum"}));
}

TEST(LiveFields, ADragSendsAFewValuesAndTheLastForCertain) {
  ViewState view;
  RunConfig config;
  LiveFields live;
  int sent = 0;
  double last = -1.0;
  const auto update = [&](double now) {
    Actions actions;
    live.update(view, config, now, actions);
    for (const Action& action : actions) {
      const auto& change = std::get<Intervention>(std::get<SendCommand>(action).command);
      EXPECT_EQ(change.detail["field"], "optimizer.weight_decay");
      last = change.detail["value"].get<double>();
      ++sent;
    }
  };
  for (int i = 1; i <= 100; ++i) {  // one second of dragging at 100 frames a second
    view.pending["optimizer.weight_decay"] = 0.01 * i;
    view.moving = "optimizer.weight_decay";
    update(0.01 * i);
  }
  EXPECT_GE(sent, 6);
  EXPECT_LE(sent, 11);
  update(1.01);  // let go
  EXPECT_EQ(last, 1.0);
  config.optimizer.weight_decay = 1.0;  // the trainer answered
  update(1.1);
  EXPECT_TRUE(view.pending.empty());
}

TEST(LiveFields, ATrainerThatNeverAnswersDoesNotPinTheKnob) {
  ViewState view;
  LiveFields live;
  Actions actions;
  view.pending["optimizer.learning_rate"] = 0.5;
  live.update(view, RunConfig{}, 0.0, actions);
  EXPECT_EQ(actions.size(), 1u);
  live.update(view, RunConfig{}, 10.0, actions);
  EXPECT_TRUE(view.pending.empty());
}

TEST(Scrubber, SharesAndStepsGoThereAndBack) {
  for (const bool log_steps : {true, false}) {
    for (const double step : {1.0, 37.0, 742.0, 9999.0}) {
      EXPECT_NEAR(step_from_share(share_from_step(step, 10000.0, log_steps), 10000.0, log_steps), step,
                  1e-6 * step);
    }
  }
}

TEST(Hint, StandsOverThePanelsOnlyWhereTheRailNeverHadRoom) {
  ViewState view;
  EXPECT_FALSE(hint_floats(view, true)) << "seen before";
  view.hint_open = true;
  EXPECT_TRUE(hint_floats(view, true));
  EXPECT_FALSE(hint_floats(view, false));
  view.hint_in_rail = view.hint_had_room = true;
  EXPECT_FALSE(hint_floats(view, true));
  view.hint_in_rail = false;  // the verdict has grown and takes its place
  EXPECT_FALSE(hint_floats(view, true));
}

TEST(Form, FieldsThatMeanNothingStayAway) {
  RunConfig config;
  EXPECT_TRUE(field_applies(*find_field("model.heads"), config));
  EXPECT_FALSE(field_applies(*find_field("task.formula"), config));
  config.model.kind = "mlp";
  EXPECT_FALSE(field_applies(*find_field("model.heads"), config));
  config.task.kind = "formula";
  EXPECT_TRUE(field_applies(*find_field("task.formula"), config));
  EXPECT_FALSE(field_applies(*find_field("optimizer.filter_window"), config));
  config.optimizer.gradient_filter = "grokfast_ma";
  EXPECT_TRUE(field_applies(*find_field("optimizer.filter_window"), config));
  EXPECT_FALSE(field_applies(*find_field("optimizer.filter_memory"), config));
  EXPECT_TRUE(field_applies(*find_field("optimizer.embedding_learning_rate"), config));
  config.model.input = "one_hot";
  EXPECT_FALSE(field_applies(*find_field("optimizer.embedding_learning_rate"), config));
  EXPECT_TRUE(field_applies(*find_field("model.dropout"), config));
}

TEST(Painter, ALongPathIsBrokenInsideItsCard) {
  const MeasureText measure = [](const std::string& text, Face, float) {
    return 10.0f * static_cast<float>(text.size());
  };
  Painter painter(theme(ThemeKind::dark), 1.0f, measure);
  const float height = painter.paragraph(
      {0, 0, 100, 0}, {{"see /home/ada/data/mnist/images", {13.0f, Face::regular, {}}}}, 20.0f);
  std::string all;
  for (const Primitive& primitive : painter.take().primitives) {
    const std::string& text = std::get<SceneText>(primitive).text;
    EXPECT_LE(text.size(), 10u) << text;
    all += text;
  }
  EXPECT_EQ(all, "see/home/ada/data/mnist/images");
  EXPECT_GE(height, 80.0f);
}

TEST(Painter, TextThatDoesNotFitIsShortenedAtAWholeCharacter) {
  const MeasureText measure = [](const std::string& text, Face, float) {
    float width = 0.0f;
    for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 0.0f : 10.0f;
    return width;
  };
  Painter painter(theme(ThemeKind::dark), 1.0f, measure);
  painter.text({0, 0, 45, 20}, "‖θ‖‖θ‖", {13.0f, Face::regular, {}});
  const Scene scene = painter.take();
  ASSERT_EQ(scene.primitives.size(), 1u);
  EXPECT_EQ(std::get<SceneText>(scene.primitives[0]).text, "‖θ‖…");
}

}  // namespace
}  // namespace grokscope
