// Every panel over a made-up run: what it draws, which step it says, what it answers to the mouse, what it
// says when empty.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "ui/panel.h"
#include "ui/panels/common.h"
#include "ui/synthetic_run.h"
#include "ui/synthetic_sweep.h"
#include "ui/synthetic_theory.h"
#include "ui/tiles.h"

namespace grokscope {
namespace {

class Panels : public ::testing::Test {
 protected:
  static const History& run() {
    static const History history = testing::synthetic_run(3000);
    return history;
  }
  static PanelContext at(std::int64_t step) {
    PanelContext context;
    context.history = &run();
    context.config = &run().config();
    context.step = step;
    context.following = step == run().last()->step;
    context.sweep = &testing::synthetic_map();
    context.theory = &testing::synthetic_theory();
    return context;
  }
  template <typename T>
  static std::vector<const T*> marks(const Chart& chart) {
    std::vector<const T*> found;
    for (const Plot& plot : chart.plots) {
      for (const Mark& mark : plot.marks) {
        if (const T* match = std::get_if<T>(&mark)) found.push_back(match);
      }
    }
    return found;
  }
  static Chart chart(std::string_view panel, std::int64_t step, bool large = false, std::size_t index = 0) {
    std::vector<PlacedChart> charts = find_panel(panel)->build(at(step), large);
    return index < charts.size() ? charts[index].chart : Chart{};
  }
};

TEST_F(Panels, TheStepAxisEndsWhereTheRunWill) {
  PanelContext context = at(3000);
  RunConfig config = run().config();
  config.train.steps = 4000;
  context.config = &config;
  EXPECT_EQ(*panel::step_axis(context).maximum, 4000.0) << "not at the next decade";
  config.train.steps = 1'000'000;
  EXPECT_EQ(*panel::step_axis(context).maximum, 10'000.0);
}

TEST_F(Panels, EachHasNameTitleHelpWithASourceAndMarks) {
  EXPECT_GE(panels().size(), 8u);
  for (const Panel& panel : panels()) {
    EXPECT_FALSE(panel.title.empty());
    EXPECT_NE(panel.help.find("Look for"), std::string_view::npos) << panel.name;
    EXPECT_TRUE(panel.help.find("20") != std::string_view::npos) << panel.name << " names no source";
    for (const bool large : {false, true}) {
      for (const PlacedChart& placed : panel.build(at(3000), large)) {
        EXPECT_TRUE(placed.chart.empty.empty()) << panel.name << ": " << placed.chart.empty;
        EXPECT_FALSE(placed.chart.help.empty()) << placed.chart.name;
        EXPECT_FALSE(placed.chart.remark.empty()) << placed.chart.name;
        for (const Plot& plot : placed.chart.plots) {
          EXPECT_FALSE(plot.marks.empty()) << placed.chart.name;
          EXPECT_TRUE(plot.x.hidden || !plot.x.label.empty()) << placed.chart.name;
          EXPECT_TRUE(plot.y.hidden || !plot.y.label.empty()) << placed.chart.name;
        }
      }
    }
  }
}

TEST_F(Panels, RowsDoNotContradictEachOther) {
  std::set<std::string_view> names, tabs;
  std::set<Key> keys;
  for (const Panel& panel : panels()) {
    EXPECT_TRUE(names.insert(panel.name).second) << panel.name;
    EXPECT_TRUE(tabs.insert(panel.short_name).second) << panel.short_name;
    EXPECT_NE(panel.key, Key::none) << panel.name;
    EXPECT_TRUE(keys.insert(panel.key).second) << panel.name << " has the key of another panel";
    EXPECT_EQ(find_panel(panel.name), &panel);
    for (const TilePlace& tile : panel.tiles) {
      const auto charts = panel.build(at(3000), !tile.chart.empty());
      EXPECT_TRUE(tile.chart.empty() ||
                  std::any_of(charts.begin(), charts.end(),
                              [&](const PlacedChart& one) { return one.chart.name == tile.chart; }))
          << panel.name << " has no chart " << tile.chart;
    }
  }
  std::set<std::pair<TileRow, int>> places;
  for (const Panel& panel : panels()) {
    for (const TilePlace& tile : panel.tiles)
      EXPECT_TRUE(places.insert({tile.row, tile.place}).second) << panel.name << " stands on another's place";
  }
}

TEST_F(Panels, ASwitchThatARowNamesChangesWhatItDraws) {
  for (const Panel& panel : panels()) {
    for (const PanelSwitch* one : panel.switches) {
      if (one->name == kPreviousRun.name) continue;  // tests/ui/ghosts_test.cpp
      Switches turned;
      turned.toggle(*one);
      PanelContext context = at(3000);
      std::string texts[2];
      for (const bool over : {false, true}) {
        context.switches = over ? &turned : nullptr;
        for (const bool large : {false, true}) {
          for (const PlacedChart& placed : panel.build(context, large)) {
            texts[over] += placed.chart.title + placed.chart.remark + chart_csv(placed.chart);
            for (const Plot& plot : placed.chart.plots)
              texts[over] += plot.x.scale == Scale::log ? "log" : "linear";
          }
        }
      }
      EXPECT_NE(texts[0], texts[1]) << panel.name << " does not read " << one->name;
    }
  }
}

TEST_F(Panels, ChartNamesAreUniqueWithinALargeView) {
  for (const Panel& panel : panels()) {
    std::set<std::string> names;
    for (const PlacedChart& placed : panel.build(at(3000), true))
      EXPECT_TRUE(names.insert(placed.chart.name).second) << placed.chart.name;
  }
}

TEST_F(Panels, SharesTileTheArea) {
  for (const Panel& panel : panels()) {
    double area = 0.0;
    for (const PlacedChart& placed : panel.build(at(3000), true))
      area += placed.share.width * placed.share.height;
    EXPECT_NEAR(area, 1.0, 1e-6) << panel.name;
  }
}

TEST_F(Panels, BeforeTheFirstStepTheySayThatTheyWait) {
  const History empty{RunConfig{}};
  PanelContext context;
  context.history = &empty;
  for (const Panel& panel : panels()) {
    for (const bool large : {false, true}) {
      for (const PlacedChart& placed : panel.build(context, large))
        EXPECT_FALSE(placed.chart.empty.empty()) << panel.name;
    }
  }
}

TEST_F(Panels, AProbeThatDoesNotApplySaysWhy) {
  History history{RunConfig{}};
  Evaluation evaluation;
  evaluation.step = 1;
  evaluation.weight_norm = 3.0;
  history.append(evaluation);
  for (const char* probe : {"fourier", "ranks", "answers", "progress"}) {
    Frame frame;
    frame.probe = probe;
    frame.step = 1;
    frame.not_applicable = "This model has none.";
    history.append(std::make_shared<const Frame>(frame));
  }
  PanelContext context;
  context.history = &history;
  context.step = 1;
  for (const char* name : {"fourier", "tokens", "ranks", "answers", "progress"}) {
    EXPECT_EQ(find_panel(name)->build(context, false)[0].chart.empty, "This model has none.") << name;
  }
}

TEST_F(Panels, TheTimelineLabelsItsLinesWithTheirLastValues) {
  const Chart timeline = chart("timeline", 700);
  const auto lines = marks<LineMark>(timeline);
  ASSERT_EQ(lines.size(), 4u);
  const Evaluation* now = run().evaluation_at(700);
  EXPECT_EQ(lines[0]->label, "train " + percent(now->train_accuracy));
  EXPECT_EQ(lines[1]->label, "test " + percent(now->test_accuracy));
  EXPECT_EQ(lines[0]->role, Role::train);
  EXPECT_EQ(lines[1]->role, Role::test);
  EXPECT_EQ(timeline.x_until, 700.0);
  EXPECT_NE(timeline.remark.find("step 700"), std::string::npos);
}

TEST_F(Panels, TheTimelineShowsTheInterventionOnlyOnceItHappened) {
  const auto text_of_flags = [&](std::int64_t step) {
    std::string text;
    const Chart timeline = chart("timeline", step);
    for (const FlagMark* flag : marks<FlagMark>(timeline)) text += flag->text;
    return text;
  };
  EXPECT_EQ(text_of_flags(100), "");
  EXPECT_EQ(text_of_flags(700), "wd → 1");
}

TEST(Flags, OfATrainingThatStandsStillSayFromWhenTheyAct) {
  History history = testing::synthetic_run(700);
  const std::int64_t newest = history.last()->step;
  const auto text_of_flags = [&] {
    PanelContext context;
    context.history = &history;
    context.config = &history.config();
    context.step = newest;
    std::string text;
    std::vector<Mark> flags;
    panel::add_flags(context, true, flags);
    for (const Mark& mark : flags) text += std::get<FlagMark>(mark).text + ";";
    return text;
  };
  history.append(Event{newest + 3, "pause"});
  history.append(
      Event{newest + 3, "set", {{"field", "optimizer.weight_decay"}, {"value", 0.0}, {"from", 1.0}}});
  EXPECT_NE(text_of_flags().find("wd → 0, from the next step"), std::string::npos)
      << "before any number of that step is there: " << text_of_flags();
  history.append(Event{newest + 3, "rescale_norm", {{"value", 20.0}, {"from", 38.0}}});
  EXPECT_NE(text_of_flags().find("‖θ‖ → 20;"), std::string::npos)
      << "that was done at once: " << text_of_flags();
  history.append(Event{newest + 3, "resume"});
  EXPECT_EQ(text_of_flags().find("next step"), std::string::npos);
  EXPECT_NE(text_of_flags().find("wd → 0"), std::string::npos);
}

TEST_F(Panels, ThePhasesAreBandsUpToTheShownStep) {
  const Chart timeline = chart("timeline", 700);
  const auto bands = marks<BandMark>(timeline);
  ASSERT_FALSE(bands.empty());
  double end = 0.0;
  for (const BandMark* band : bands) end = std::max(end, band->x1);
  EXPECT_LE(end, 700.0);
}

TEST_F(Panels, TheStepAxisLeavesRoomForTheFutureAndGrowsInDecades) {
  EXPECT_EQ(panel::step_axis_end(0, true), 100.0);
  EXPECT_EQ(panel::step_axis_end(742, true), 10000.0);
  EXPECT_EQ(panel::step_axis_end(743, true), 10000.0);
  EXPECT_EQ(panel::step_axis_end(5000, true), 10000.0);
  for (const std::int64_t step : {10, 99, 500, 501, 4999}) {
    EXPECT_GE(panel::step_axis_end(step, true), 1.9 * static_cast<double>(step));
    EXPECT_GE(panel::step_axis_end(step, false), 1.9 * static_cast<double>(step));
  }
}

TEST_F(Panels, ScrubbedPanelsUseFramesOfTheirTime) {
  for (const char* name : {"fourier", "tokens", "ranks", "answers", "progress"}) {
    const std::string probe = name == std::string("tokens") ? "fourier" : name;
    const FramePtr frame = run().latest_at(probe, 500);
    ASSERT_LE(frame->step, 500);
    const Chart small = chart(name, 500);
    if (name == std::string("answers")) continue;
    EXPECT_EQ(small.remark, panel::step_text(frame->step)) << name;
  }
}

/// Between the points of a curve, as it is drawn on two log axes.
double height_of(const LineMark& curve, double x) {
  for (std::size_t i = 1; i < curve.samples.size(); ++i) {
    const Sample &a = curve.samples[i - 1], &b = curve.samples[i];
    if (x < a.x * (1 - 1e-6) || x > b.x * (1 + 1e-6)) continue;
    const double share = std::clamp(std::log(x / a.x) / std::log(b.x / a.x), 0.0, 1.0);
    return std::exp(std::log(a.y) + share * std::log(b.y / a.y));
  }
  return std::nan("");
}

TEST_F(Panels, TheDotsOfThePortraitLieOnItsCurves) {
  int apart = 0;
  for (const std::int64_t step : {200, 300, 700, 1000, 1500, 3000}) {
    const Chart lu = chart("lu", step);
    const auto markers = marks<MarkerMark>(lu);
    const auto lines = marks<LineMark>(lu);
    ASSERT_EQ(lines.size(), 4u);
    const FramePtr frame = run().latest_at("lu", step);
    const std::string now = "now: ‖θ‖ " + pretty(run().evaluation_at(step)->weight_norm, 3);
    const bool same = frame->step == step;
    ASSERT_EQ(markers.size(), same ? 2u : 4u) << step;
    for (const MarkerMark* marker : markers) {
      if (marker->hollow) continue;
      const LineMark& curve = *lines[marker->role == Role::train ? 2 : 3];
      EXPECT_NEAR(marker->y / height_of(curve, marker->x), 1.0, 1e-6) << step;
    }
    EXPECT_EQ(markers[1]->label, same ? now : panel::step_text(frame->step));
    EXPECT_EQ(markers.back()->label, now);
    EXPECT_EQ(markers.back()->hollow, !same);
    apart += same ? 0 : 1;
    EXPECT_EQ(marks<BandMark>(lu).size(), 1u);
  }
  EXPECT_GT(apart, 0) << "the case was never met";
}

TEST_F(Panels, WhatThePortraitCannotShowStandsMarkedOnItsEdge) {
  History history{RunConfig{}};
  Evaluation at;
  at.step = 5;
  at.weight_norm = 10;
  at.train_loss = 1e-12;
  at.test_loss = 2;
  history.append(at);
  Frame frame{"lu", 5};
  frame.arrays["norm"] = {{3}, {5, 10, 20}};
  frame.arrays["train_loss"] = {{3}, {1, 1e-12f, 1}};
  frame.arrays["test_loss"] = {{3}, {2, 2, 1e9f}};
  frame.scalars["norm_now"] = 10;
  history.append(std::make_shared<const Frame>(frame));
  PanelContext context;
  context.history = &history;
  context.step = 5;
  const Chart lu = find_panel("lu")->build(context, false)[0].chart;
  const Scene scene = lay_out(lu, {.bounds = {0, 0, 400, 300}}, theme(ThemeKind::dark), inter_metrics());
  std::string texts;
  for (const Primitive& primitive : scene.primitives) {
    if (const auto* words = std::get_if<SceneText>(&primitive)) texts += words->text + "\n";
  }
  EXPECT_NE(texts.find("≤ "), std::string::npos) << texts;
}

TEST_F(Panels, OneLookDoesNotMoveTheValley) {
  History history{RunConfig{}};
  const double lows[] = {20, 20.5, 21, 35, 21.5, 22};
  PanelContext context;
  context.history = &history;
  double before = 0.0;
  for (std::size_t i = 0; i < std::size(lows); ++i) {
    Evaluation at;
    at.step = static_cast<std::int64_t>(i);
    at.weight_norm = 30;
    at.train_loss = at.test_loss = 1;
    history.append(at);
    Frame frame{"lu", at.step};
    frame.arrays["norm"] = {{2}, {10, 90}};
    frame.arrays["train_loss"] = frame.arrays["test_loss"] = {{2}, {1, 1}};
    frame.scalars = {{"norm_now", 30}, {"valley_low", lows[i]}, {"valley_high", lows[i] + 5}};
    history.append(std::make_shared<const Frame>(frame));
    context.step = at.step;
    const Chart lu = find_panel("lu")->build(context, false)[0].chart;
    const double low = marks<BandMark>(lu)[0]->x0;
    if (i > 0) {
      EXPECT_LE(std::abs(low - before), 1.0) << i;
    }
    before = low;
  }
}

TEST_F(Panels, TheValleyIsCalledGeneralisingOnlyWhenItIs) {
  EXPECT_EQ(marks<BandMark>(chart("lu", 300))[0]->label, "lowest test loss");
  const Chart late = chart("lu", 3000);
  EXPECT_EQ(marks<BandMark>(late)[0]->label, "generalises");
}

TEST_F(Panels, FourierAccentsTheKeyFrequencies) {
  const Chart fourier = chart("fourier", 3000);
  const BarsMark& bars = *marks<BarsMark>(fourier)[0];
  ASSERT_EQ(bars.bars.size(), 26u);
  EXPECT_EQ(bars.strong[18], 1);
  EXPECT_EQ(bars.strong[17], 0);
  EXPECT_NE(fourier.caption.find("4 key frequencies hold"), std::string::npos);
  EXPECT_EQ(find_panel("fourier")->build(at(3000), true).size(), 4u);
}

TEST_F(Panels, WithoutACyclicOrderTheSpectrumStandsInstead) {
  History history{RunConfig{}};
  Frame frame;
  frame.probe = "fourier";
  frame.step = 5;
  frame.texts["kind"] = "spectrum";
  frame.arrays["singular_values"] = {{3}, {3, 2, 1}};
  history.append(std::make_shared<const Frame>(frame));
  PanelContext context;
  context.history = &history;
  context.step = 5;
  const Chart spectrum = find_panel("fourier")->build(context, false)[0].chart;
  EXPECT_EQ(spectrum.title, "Singular values of the embedding");
  EXPECT_FALSE(spectrum.caption.empty());
  EXPECT_FALSE(find_panel("tokens")->build(context, false)[0].chart.empty.empty());
}

class WhatApplies : public ::testing::Test {
 protected:
  void look(const Frame& frame) { history_.append(std::make_shared<const Frame>(frame)); }
  bool applies(const char* name, const char* chart = "") const {
    PanelContext context;
    context.history = &history_;
    context.config = &history_.config();
    context.step = 0;  // before every look: where the scrubber stands must not matter
    const Panel* panel = find_panel(name);
    return panel->applies == nullptr || panel->applies(context, chart);
  }
  History history_{RunConfig{}};
};

TEST_F(WhatApplies, EverythingUsualUntilAProbeSaysOtherwise) {
  for (const char* name : {"timeline", "lu", "fourier", "tokens", "ranks", "answers", "progress"})
    EXPECT_TRUE(applies(name)) << name;
  EXPECT_FALSE(applies("representation"));
  for (const char* probe : {"fourier", "ranks", "answers", "progress"}) {
    Frame frame{probe, 7};
    frame.not_applicable = "This model has none.";
    look(frame);
  }
  for (const char* name : {"fourier", "tokens", "ranks", "answers", "progress"})
    EXPECT_FALSE(applies(name)) << name;
  EXPECT_TRUE(applies("timeline"));
  EXPECT_TRUE(applies("lu"));
}

TEST_F(WhatApplies, TokensAndFrequenciesOverTimeNeedACircle) {
  Frame circle{"fourier", 7};
  circle.arrays["power"] = {{3}, {0.5f, 0.3f, 0.2f}};
  circle.arrays["circle"] = {{2, 2}, {1, 0, 0, 1}};
  look(circle);
  EXPECT_TRUE(applies("fourier", "fourier-time"));
  EXPECT_TRUE(applies("tokens"));
  Frame filters{"fourier", 8};
  filters.texts["kind"] = "filters";
  filters.arrays["filters"] = {{1, 1, 1}, {0.5f}};
  look(filters);
  EXPECT_TRUE(applies("fourier"));
  EXPECT_FALSE(applies("fourier", "fourier-time"));
  EXPECT_FALSE(applies("tokens"));
  Frame spectrum{"fourier", 9};
  spectrum.texts["kind"] = "spectrum";
  spectrum.arrays["singular_values"] = {{2}, {2, 1}};
  look(spectrum);
  EXPECT_TRUE(applies("fourier"));
  EXPECT_FALSE(applies("tokens"));
  spectrum.step = 10;
  spectrum.arrays["singular_values"] = {{1}, {2}};
  look(spectrum);
  EXPECT_FALSE(applies("fourier")) << "one number is no spectrum";
}

TEST_F(WhatApplies, PlainAdditionHasALineInPlaceOfTheCircle) {
  RunConfig config;
  config.task.kind = "addition";
  history_ = History(config);
  EXPECT_TRUE(applies("representation"));
  EXPECT_FALSE(applies("tokens"));
}

TEST_F(Panels, AnswersKeepTrainTestAndWrongApart) {
  const Chart answers = chart("answers", 3000);
  const FieldMark& field = *marks<FieldMark>(answers)[0];
  ASSERT_EQ(field.values.size(), 53u * 53u);
  EXPECT_EQ(field.categories,
            (std::vector<Role>{Role::cell_train, Role::cell_once, Role::cell_test, Role::cell_wrong}));
  EXPECT_EQ(field.category_names, (std::vector<std::string>{"train", "", "test", "wrong"}))
      << "nothing was trained once";
  std::set<std::pair<int, int>> signs;
  for (std::size_t i = 0; i < field.values.size(); ++i)
    signs.insert({static_cast<int>(field.values[i]), field.signs[i]});
  EXPECT_EQ(signs, (std::set<std::pair<int, int>>{{0, dot_sign}, {2, no_sign}, {3, cross_sign}}));
  EXPECT_FALSE(answers.plots[0].x.hidden);
  EXPECT_EQ(answers.plots[0].y.label, "a");
  for (const Role role : field.categories) EXPECT_NE(role, Role::test);  // never red against green
}

TEST_F(Panels, ASmallSheetOfImagesHasFewAndFramesTheWrongOnes) {
  History history{RunConfig{}};
  Evaluation evaluation;
  evaluation.step = 1;
  history.append(evaluation);
  Frame frame{"answers", 1};
  frame.texts["kind"] = "images";
  std::vector<float> pixels(64 * 4), guess(64), target(64), membership(64);
  for (std::size_t i = 0; i < 64; ++i) {
    std::fill_n(pixels.begin() + static_cast<std::ptrdiff_t>(4 * i), 4, static_cast<float>(i) / 64.0f);
    guess[i] = static_cast<float>(i % 10);
    target[i] = i == 3 || i == 33 || i == 50 ? 77.0f : guess[i];
    membership[i] = i < 32 ? 0.0f : 2.0f;
  }
  frame.arrays["samples"] = {{64, 2, 2}, pixels};
  frame.arrays["sample_guess"] = {{64}, guess};
  frame.arrays["sample_target"] = {{64}, target};
  frame.arrays["sample_confidence"] = {{64}, guess};
  frame.arrays["sample_membership"] = {{64}, membership};
  history.append(std::make_shared<const Frame>(frame));
  PanelContext context;
  context.history = &history;
  context.step = 1;
  const Panel& answers = *find_panel("answers");
  const Chart small = answers.build(context, false)[0].chart, large = answers.build(context, true)[0].chart;
  EXPECT_EQ(marks<FieldMark>(small)[0]->columns, 4 * 3 - 1) << "16 images, each three pixels with its gap";
  EXPECT_EQ(marks<FieldMark>(large)[0]->columns, 8 * 3 - 1);
  EXPECT_EQ(marks<LineMark>(small).size(), 2u);  // the 4th and the 34th
  EXPECT_EQ(marks<LineMark>(large).size(), 3u);
  const auto under = [&](const LineMark& framed, bool in_large) {
    context.large = in_large;
    return answers.hover(context, {0, 0, framed.samples[0].x + 1, framed.samples[0].y - 1});
  };
  for (const LineMark* framed : marks<LineMark>(small))
    EXPECT_EQ(under(*framed, false).rfind("class 77, guessed", 0), 0u) << under(*framed, false);
  for (const LineMark* framed : marks<LineMark>(large))
    EXPECT_EQ(under(*framed, true).rfind("class 77, guessed", 0), 0u);
}

TEST_F(Panels, AColourThatIsANumberHasAScaleWithNumbers) {
  for (const Panel& panel : panels()) {
    for (const bool large : {false, true}) {
      for (const PlacedChart& placed : panel.build(at(3000), large)) {
        for (const Plot& plot : placed.chart.plots) {
          for (const Mark& mark : plot.marks) {
            const auto* field = std::get_if<FieldMark>(&mark);
            const auto* points = std::get_if<PointsMark>(&mark);
            const bool number = (field != nullptr && field->categories.empty() && !field->grayscale) ||
                                (points != nullptr && !points->hue.empty());
            if (number) {
              ASSERT_TRUE(plot.colors) << placed.chart.name;
              EXPECT_FALSE(plot.colors->low.empty() || plot.colors->high.empty()) << placed.chart.name;
            }
            const bool kinds = field != nullptr && !field->categories.empty();
            EXPECT_TRUE(!kinds || field->category_names.size() == field->categories.size())
                << placed.chart.name;
          }
        }
      }
    }
  }
}

TEST_F(Panels, HoverTellsPairAnswerAndGuesses) {
  const Panel& answers = *find_panel("answers");
  const std::string text = answers.hover(at(3000), {0, 0, 2.3, -0.2});
  EXPECT_NE(text.find("a = 0, b = 2"), std::string::npos) << text;
  EXPECT_NE(text.find("answer 2"), std::string::npos) << text;
  EXPECT_NE(text.find("%"), std::string::npos) << text;
  EXPECT_EQ(answers.hover(at(3000), {0, 0, -1.0, 3.0}), "");
  EXPECT_EQ(answers.hover(at(3000), {0, 0, 53.5, 3.0}), "");
  EXPECT_EQ(answers.hover(at(3000), {0, 0, std::nan(""), std::nan("")}), "");
}

TEST_F(Panels, HoverOverTheTimelineSnapsToAnEvaluation) {
  const std::string text = find_panel("timeline")->hover(at(3000), {0, 0, 703.0, 0.5});
  EXPECT_NE(text.find("step 700"), std::string::npos) << text;
  EXPECT_NE(text.find("weight norm"), std::string::npos) << text;
}

TEST_F(Panels, HoverOverFrequenciesAndTokensNamesThem) {
  EXPECT_NE(find_panel("fourier")->hover(at(3000), {0, 0, 19.2, 0.1}).find("frequency 19"),
            std::string::npos);
  EXPECT_EQ(find_panel("fourier")->hover(at(3000), {0, 0, 99.0, 0.1}), "");
  const FramePtr frame = run().latest_at("fourier", 3000);
  const Array& circle = frame->arrays.at("circle");
  EXPECT_NE(
      find_panel("tokens")->hover(at(3000), {0, 0, circle.values[14], circle.values[15]}).find("token 7"),
      std::string::npos);
}

TEST_F(Panels, NoisyLabelsAreSaidWhereTrainingIsScored) {
  RunConfig noisy = run().config();
  noisy.task.label_noise = 0.1;
  PanelContext context = at(3000);
  context.config = &noisy;
  const Chart timeline = find_panel("timeline")->build(context, false)[0].chart;
  EXPECT_EQ(marks<LineMark>(timeline)[0]->label.rfind("train (given labels) ", 0), 0u);
  EXPECT_NE(timeline.caption.find("10 % of them wrong"), std::string::npos) << timeline.caption;
  EXPECT_NE(find_panel("timeline")->hover(context, {0, 0, 703.0, 0.5}).find("labels it is given"),
            std::string::npos);
  EXPECT_EQ(chart("timeline", 3000).caption, "");
}

TEST_F(Panels, LabelsThatOnceWereNoisyAreSaidFromThenOn) {
  History changed = run();
  changed.append(Event{3000, "set", {{"field", "task.label_noise"}, {"value", 0.0}, {"from", 0.1}}});
  PanelContext context = at(3000);
  context.history = &changed;
  const Chart timeline = find_panel("timeline")->build(context, false)[0].chart;
  EXPECT_EQ(marks<LineMark>(timeline)[0]->label.rfind("train (given labels) ", 0), 0u);
  EXPECT_EQ(timeline.caption,
            "train: scored on the labels it is given, none of them wrong now; test: on the true ones");
  context.step = 2000;
  EXPECT_EQ(find_panel("timeline")->build(context, false)[0].chart.caption, "");
}

TEST_F(Panels, DraggedSlidersLeaveOneFlag) {
  History history{RunConfig{}};
  for (int i = 0; i < 12; ++i)
    history.append(Event{1000 + 3 * i, "set", {{"field", "optimizer.weight_decay"}, {"value", 0.1 * i}}});
  history.append(Event{2000, "set", {{"field", "task.train_fraction"}, {"value", 0.6}}});
  history.append(Event{3000, "rescale_norm", {{"value", 20.5}, {"from", 41.0}}});
  const auto found = panel::flags_at(history, 5000);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].text, "‖θ‖ → 20.5");
  EXPECT_EQ(found[0].text, "wd → 1.1");
  EXPECT_EQ(found[1].text, "training pairs → 60 %");
}

TEST_F(Panels, ChartDataComesAsCsv) {
  const std::string csv = chart_csv(chart("timeline", 700));
  EXPECT_EQ(csv.rfind("series,\"step\",\"accuracy\"\n", 0), 0u);
  EXPECT_NE(csv.find("\"train accuracy\",700,"), std::string::npos);
  EXPECT_EQ(csv.find(",710,"), std::string::npos);
  EXPECT_NE(chart_csv(chart("answers", 700)).find("row,column,value,kind\n0,0,"), std::string::npos);
  EXPECT_NE(chart_csv(chart("answers", 700)).find(",2,\"test\"\n"), std::string::npos);
}

/// The panel over a history whose last look at the layers is later than its last evaluation, and was at one.
class LayersInTurns : public ::testing::Test {
 protected:
  LayersInTurns() : history_(RunConfig{}) {
    for (const std::int64_t step : {0, 500}) history_.append(Evaluation{.step = step});
    Frame first = part({"100", "100", "100", "100"}, 100);
    for (const char* layer : {"hidden.1", "hidden.2", "hidden.3", "output"}) measure(first, layer, 50.0);
    history_.append(std::make_shared<const Frame>(first));
    Frame second = part({"100", "740", "100", "100"}, 740);
    second.arrays = first.arrays;
    measure(second, "hidden.2", 20.0);
    history_.append(std::make_shared<const Frame>(second));
    context_.history = &history_;
    context_.config = &history_.config();
    context_.step = 500;
  }

  static Frame part(const std::vector<std::string>& steps, std::int64_t step) {
    Frame frame{"layers", step};
    std::string text;
    for (const std::string& one : steps) text += (text.empty() ? "" : ",") + one;
    frame.texts = {{"layers", "hidden.1,hidden.2,hidden.3,output"}, {"parts", "4"}, {"steps", text}};
    return frame;
  }
  static void measure(Frame& frame, const std::string& layer, double rank) {
    frame.scalars[layer + ".rank"] = rank;
    frame.arrays[layer + "/eigenvalues"] = {{2}, {1.0F, static_cast<float>(rank) / 100.0F}};
  }
  Chart chart(std::size_t index) const { return find_panel("layers")->build(context_, true).at(index).chart; }
  static std::vector<double> ranks(const Chart& chart) {
    std::vector<double> values;
    for (const Mark& mark : chart.plots.front().marks) {
      const auto* line = std::get_if<LineMark>(&mark);
      if (line == nullptr || line->name != "feature rank") continue;
      for (const Sample& sample : line->samples) values.push_back(sample.y);
    }
    return values;
  }
  void click(std::size_t chart, double x, double y) {
    const auto action = find_panel("layers")->click(context_, {chart, 0, x, y});
    ASSERT_TRUE(action.has_value());
    const Choose* choose = std::get_if<Choose>(&*action);
    ASSERT_NE(choose, nullptr);
    choices_.set(choose->choice, choose->option);
    context_.choices = &choices_;
  }

  History history_;
  PanelContext context_;
  Choices choices_;
};

TEST_F(LayersInTurns, EachLayerIsAsItWasWhenItWasLookedAtAndTheStepsAreSaid) {
  EXPECT_EQ(ranks(chart(1)), (std::vector<double>{50.0, 20.0, 50.0, 50.0}))
      << "newer than the last evaluation";
  EXPECT_EQ(chart(1).remark, "steps 100 – 740");
  EXPECT_EQ(chart(2).remark, "step 100") << "of the layer in detail";
  context_.following = false;
  EXPECT_EQ(ranks(chart(1)), std::vector<double>(4, 50.0)) << "where the scrubber stands";
  EXPECT_EQ(chart(1).remark, "step 100");
}

TEST_F(LayersInTurns, TheMapShowsALookWhereItWasMade) {
  const Chart map = chart(0);
  const auto* field = std::get_if<FieldMark>(&map.plots.front().marks.front());
  ASSERT_NE(field, nullptr);
  const auto at = [&](double step, std::int64_t layer) {
    const double share = std::log(step / field->x0) / std::log(field->x1 / field->x0);
    const auto column = static_cast<std::int64_t>(share * static_cast<double>(field->columns));
    return field->values[static_cast<std::size_t>((4 - layer) * field->columns + column)];
  };
  EXPECT_EQ(at(400.0, 2), 50.0F);
  EXPECT_EQ(at(715.0, 2), 50.0F);
  EXPECT_TRUE(std::isnan(at(50.0, 2)));
  EXPECT_TRUE(std::isnan(at(900.0, 1))) << "nothing is known of what is to come";
}

TEST_F(LayersInTurns, ALayerOfAnotherStepIsNotDefinedForAReason) {
  Frame dead = part({"100", "740", "800", "100"}, 800);
  dead.texts["hidden.3.undefined"] = "every example gives the same features";
  history_.append(std::make_shared<const Frame>(dead));
  EXPECT_TRUE(std::isnan(ranks(chart(1)).at(2))) << "not what it was before it died";
}

TEST_F(LayersInTurns, AClickChoosesTheLayerInDetail) {
  EXPECT_EQ(chart(2).title, "Directions before the answer");
  EXPECT_EQ(chart(5).caption, "hidden 3");
  click(0, 10.0, 2.2);
  EXPECT_EQ(chart(2).title, "Directions of hidden 2");
  EXPECT_EQ(chart(5).caption, "hidden 2");
  EXPECT_EQ(chart(5).remark, "step 740");
  click(4, 0.9, 0.5);
  EXPECT_EQ(chart(2).caption, "hidden 1") << "a chart over layers: the column";
  EXPECT_FALSE(find_panel("layers")->click(context_, {0, 0, 10.0, 4.7}).has_value()) << "above the last row";
  EXPECT_FALSE(find_panel("layers")->click(context_, {2, 0, 10.0, 2.0}).has_value());
}

TEST_F(LayersInTurns, TheKeyGoesThroughAllLayersAndBackToTheFirst) {
  const PanelChoice& choice = *find_panel("layers")->choices.front();
  context_.choices = &choices_;
  std::vector<std::string> seen;
  for (int press = 0; press < 5; ++press) {
    seen.push_back(context_.chosen(choice));
    choose_next(choice, context_, choices_);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"hidden 3", "hidden 2", "hidden 1", "output", "hidden 3"}));
  choices_.set(choice.name, "a layer of another run");
  EXPECT_EQ(context_.chosen(choice), "hidden 3");
}

TEST_F(LayersInTurns, TheMouseAboveTheMapSaysWhenTheLayerWasLookedAt) {
  const std::string text = find_panel("layers")->hover(context_, {0, 0, 741.0, 2.0});
  EXPECT_NE(text.find("hidden 2"), std::string::npos) << text;
  EXPECT_NE(text.find("20"), std::string::npos) << text;
  EXPECT_NE(text.find("step 740"), std::string::npos) << text;
  const std::string before = find_panel("layers")->hover(context_, {0, 0, 7.0, 2.0});
  EXPECT_NE(before.find("not looked at until step 7"), std::string::npos) << before;
}

TEST(StageMarks, ACurveThatGoesUpAndDownAllTheTimeHasNone) {
  std::vector<Stage> stages(12);
  std::vector<Mark> marks;
  panel::add_stage_marks(stages, Role::test, marks);
  EXPECT_EQ(marks.size(), 12u);
  marks.clear();
  stages.resize(2000);
  panel::add_stage_marks(stages, Role::test, marks);
  EXPECT_TRUE(marks.empty());
}

}  // namespace
}  // namespace grokscope
