// What must never be left out of a chart: the labels of its lines, its interventions, what its colours mean.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "sample_charts.h"

namespace grokscope {
namespace {

const MeasureText& measure() {
  static const MeasureText metrics = inter_metrics();
  return metrics;
}

std::vector<std::string> texts_of(const Scene& scene) {
  std::vector<std::string> texts;
  for (const Primitive& primitive : scene.primitives) {
    if (const auto* text = std::get_if<SceneText>(&primitive)) texts.push_back(text->text);
  }
  return texts;
}

bool has(const std::vector<std::string>& texts, const std::string& wanted) {
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

TEST(Labels, EveryLineKeepsItsLabelInANarrowTile) {
  const sample::Run run = sample::make_run();
  for (const Chart& chart : {sample::timeline(run), sample::ranks(run), sample::lu()}) {
    for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::projector}) {
      for (const float width : {196.0f, 240.0f, 320.0f, 650.0f}) {
        const auto texts = texts_of(lay_out(chart, {.bounds = {0, 0, width, 240}}, theme(kind), measure()));
        for (const Plot& plot : chart.plots) {
          for (const Mark& mark : plot.marks) {
            const auto* line = std::get_if<LineMark>(&mark);
            if (line == nullptr || line->label.empty()) continue;
            EXPECT_TRUE(has(texts, line->label)) << line->label << " at " << width;
          }
        }
      }
    }
  }
}

TEST(Labels, ALineThatLeavesThePlotKeepsItsLabel) {
  Chart chart{.title = "Loss"};
  Plot plot;
  plot.x = Axis{.label = "step", .scale = Scale::log, .minimum = 1.0, .maximum = 100.0};
  plot.y = Axis{.label = "loss", .minimum = 0.0, .maximum = 1.0};
  LineMark start, high;
  start.samples = {{0, 0.5}};  // no log axis shows step 0
  start.label = "start";
  high.samples = {{1, 0.5}, {50, 1e9}};
  high.label = "high";
  plot.marks = {start, high};
  chart.plots = {plot};
  const auto texts =
      texts_of(lay_out(chart, {.bounds = {0, 0, 400, 240}}, theme(ThemeKind::dark), measure()));
  EXPECT_TRUE(has(texts, "start"));
  EXPECT_TRUE(has(texts, "high"));
}

/// How many interventions the flags of a scene stand for.
std::size_t told(const std::vector<std::string>& texts) {
  std::size_t count = 0;
  for (const std::string& text : texts) {
    const std::size_t at = text.find(" changes");
    if (at != std::string::npos) count += static_cast<std::size_t>(std::stoi(text.substr(0, at)));
    count += text.rfind("wd → ", 0) == 0 ? 1 : 0;
  }
  return count;
}

TEST(Labels, NoFlagHidesAnother) {
  const sample::Run run = sample::make_run();
  for (const int changes : {1, 2, 5, 9, 40}) {
    for (const float width : {260.0f, 420.0f, 650.0f, 1200.0f}) {
      Chart chart = sample::timeline(run);
      for (Plot& plot : chart.plots) {
        std::erase_if(plot.marks, [](const Mark& mark) { return std::holds_alternative<FlagMark>(mark); });
        for (int i = 0; i < changes; ++i)
          plot.marks.push_back(FlagMark{200.0 + 3.0 * i, "wd → " + std::to_string(i)});
      }
      const auto texts =
          texts_of(lay_out(chart, {.bounds = {0, 0, width, 330}}, theme(ThemeKind::dark), measure()));
      EXPECT_EQ(told(texts), static_cast<std::size_t>(changes)) << width;
    }
  }
}

TEST(Labels, ALoneFlagIsNotCutWhereThereIsRoom) {
  const std::string text = "interpolation threshold N = n = 1 000";
  Chart chart;
  Plot plot;
  plot.x.scale = Scale::log;
  LineMark line;
  line.samples = {{20, 0.5}, {1000, 0.9}, {5000, 0.1}};
  plot.marks = {line, FlagMark{1000.0, text}};
  chart.plots.push_back(plot);
  const LayoutOptions options{.bounds = {0, 0, 500, 400}};
  EXPECT_TRUE(has(texts_of(lay_out(chart, options, theme(ThemeKind::projector), measure())), text));
  chart.plots[0].marks.push_back(FlagMark{30.0, text});
  EXPECT_FALSE(has(texts_of(lay_out(chart, options, theme(ThemeKind::projector), measure())), text))
      << "two of them share the room";
}

TEST(Labels, ANarrowBandAtTheEndHasItsName) {
  const sample::Run run = sample::make_run();
  for (double from = 300.0; from < 720.0; from += 20.0) {
    Chart chart = sample::timeline(run);
    for (Plot& plot : chart.plots) {
      std::erase_if(plot.marks, [](const Mark& mark) { return std::holds_alternative<FlagMark>(mark); });
      for (Mark& mark : plot.marks) {
        if (auto* band = std::get_if<BandMark>(&mark); band != nullptr && band->label == "plateau")
          band->x1 = from;
      }
      plot.marks.insert(plot.marks.begin(), BandMark{from, 742, Role::generalising, "generalising"});
    }
    std::stable_sort(chart.plots[0].marks.begin(), chart.plots[0].marks.end(),
                     [](const Mark& a, const Mark& b) {
                       const auto *one = std::get_if<BandMark>(&a), *two = std::get_if<BandMark>(&b);
                       return one != nullptr && two != nullptr && one->x0 < two->x0;
                     });
    const auto texts =
        texts_of(lay_out(chart, {.bounds = {0, 0, 650, 368}}, theme(ThemeKind::projector), measure()));
    EXPECT_TRUE(has(texts, "generalising")) << from;
    EXPECT_TRUE(has(texts, "memorising")) << from;
  }
}

TEST(Labels, ColoursSayWhatTheyMean) {
  Chart chart{.title = "Field"};
  Plot plot;
  FieldMark field;
  field.rows = field.columns = 2;
  field.values = {0, 1, 2, 1};
  field.categories = {Role::cell_train, Role::cell_test, Role::cell_wrong};
  field.category_names = {"train", "", "wrong"};
  plot.colors = ColorScale{ColorMap::viridis, false, "0 %", "37 %", "of the power"};
  plot.marks.push_back(field);
  chart.plots = {plot};
  const auto texts =
      texts_of(lay_out(chart, {.bounds = {0, 0, 240, 240}}, theme(ThemeKind::light), measure()));
  for (const char* wanted : {"train", "wrong", "0 %", "37 %", "of the power"})
    EXPECT_TRUE(has(texts, wanted)) << wanted;
}

TEST(Labels, WhatTheMouseDoesIsSaidInAWindowAlone) {
  const sample::Run run = sample::make_run();
  Chart chart = sample::ranks(run);
  chart.caption = "Caption.";
  chart.hint = "Right click.";
  const LayoutOptions paper{.bounds = {0, 0, 600, 400}};
  LayoutOptions window = paper;
  window.with_hint = true;
  EXPECT_TRUE(has(texts_of(lay_out(chart, paper, theme(ThemeKind::light), measure())), "Caption."));
  EXPECT_TRUE(
      has(texts_of(lay_out(chart, window, theme(ThemeKind::light), measure())), "Caption. Right click."));
}

}  // namespace
}  // namespace grokscope
