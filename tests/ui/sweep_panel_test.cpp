// The panel of a sweep: its map, its cuts, its cells, what the mouse does on it, what it says when there is
// little to show.
#include <gtest/gtest.h>

#include <cmath>

#include "chart/scene.h"
#include "ui/panel.h"
#include "ui/panels/sweep_charts.h"
#include "ui/synthetic_run.h"
#include "ui/synthetic_sweep.h"
#include "ui/tiles.h"

namespace grokscope {
namespace {

constexpr const char* kMap =
    R"({"base":"quickstart","axes":[{"field":"optimizer.weight_decay","values":[0.1,1,3]},
        {"field":"task.train_fraction","values":[0.3,0.5,0.7,0.8]}],"seeds":[0,1],"record":["test_accuracy"]})";
constexpr const char* kCurve =
    R"({"base":"quickstart","axes":[{"field":"task.train_fraction","from":0.25,"to":0.8,"count":8}],
        "seeds":{"from":0,"count":12},"record":["test_accuracy"]})";
constexpr const char* kSeeds =
    R"({"base":"quickstart","axes":[{"field":"optimizer.weight_decay","values":[3]}],
        "seeds":{"from":0,"count":40}})";
constexpr const char* kCube =
    R"({"base":"quickstart","axes":[{"field":"optimizer.weight_decay","values":[0.1,1,3]},
        {"field":"optimizer.kind","values":["adamw","sgd"]},
        {"field":"task.train_fraction","values":[0.3,0.5,0.7,0.8]}]})";

class SweepPanel : public ::testing::Test {
 protected:
  PanelContext context_of(const testing::SyntheticSweep& sweep) {
    view_ = sweep.view;
    view_.plan = &sweep.plan;
    PanelContext context;
    context.sweep = &view_;
    context.config = &sweep.plan.base;
    context.history = &run_;
    context.choices = &choices_;
    return context;
  }
  static const Panel& panel() { return *find_panel("sweep"); }
  static const FieldMark* last_field(const Chart& chart) {
    const FieldMark* found = nullptr;
    for (const Mark& mark : chart.plots.at(0).marks) {
      if (const auto* field = std::get_if<FieldMark>(&mark)) found = field;
    }
    return found;
  }
  History run_ = testing::synthetic_run(100);
  SweepView view_;
  Choices choices_;
};

TEST_F(SweepPanel, EveryKnownCellHasItsLetterAndAnUnknownOneIsEmpty) {
  const auto sweep = testing::synthetic_sweep(kMap, 22, 5);  // the last of 12 cells is not known
  const Chart map = panel().build(context_of(sweep), true)[0].chart;
  const FieldMark* field = last_field(map);
  ASSERT_NE(field, nullptr);
  ASSERT_EQ(field->rows, 3);
  ASSERT_EQ(field->columns, 4);
  EXPECT_EQ(field->texts[3], "") << "the upper right corner";
  EXPECT_TRUE(std::isnan(field->values[3]));
  for (std::size_t cell = 0; cell < 12; ++cell) EXPECT_EQ(field->texts[cell].empty(), cell == 3) << cell;
  EXPECT_EQ(field->texts[2], "C") << "much data, much weight decay";
  EXPECT_EQ(field->texts[8], "M") << "little of both";
  EXPECT_EQ(map.remark, "22 of 24 runs · stopped");
}

TEST_F(SweepPanel, SeedsThatDisagreeAreHatched) {
  auto sweep = testing::synthetic_sweep(kMap, 24, 5);
  auto table = std::make_shared<SweepTable>(*sweep.view.news.table);
  table->rows[0].phase = theory::LearningPhase::grokking;
  table->rows[1].phase = theory::LearningPhase::memorisation;
  sweep.view.news.table = table;
  const FieldMark* field = nullptr;
  const Chart map = panel().build(context_of(sweep), true)[0].chart;
  field = last_field(map);
  EXPECT_EQ(field->signs[8], hatch_sign) << "the lower left corner is the first cell";
  EXPECT_EQ(field->texts[8], "G");
}

TEST_F(SweepPanel, OtherMeasuresHaveNumbersAndACrossForNever) {
  const auto sweep = testing::synthetic_sweep(kMap, 24, 5);
  choices_.set("sweep_measure", "steps to generalise");
  const Chart map = panel().build(context_of(sweep), true)[0].chart;
  const FieldMark* field = last_field(map);
  EXPECT_FALSE(field->texts[3].empty());
  EXPECT_TRUE(std::isnan(field->values[8]));
  const auto& never = std::get<FieldMark>(map.plots[0].marks[1]);
  EXPECT_EQ(never.values[8], 0.0f);
  EXPECT_EQ(never.signs[8], cross_sign);
  EXPECT_LT(field->values[3], field->values[2]) << "steps as they are";
  EXPECT_TRUE(field->bright_low) << "sooner is brighter";
}

TEST_F(SweepPanel, TheMouseOnACellTellsChoosesAndOpensIt) {
  const auto sweep = testing::synthetic_sweep(kMap, 24, 5);
  const PanelContext context = context_of(sweep);
  const PlotPlace corner{0, 0, 2.9, 1.6};  // the last column, the last row: cell 11
  EXPECT_NE(panel().hover(context, corner).find("weight decay 3 · training fraction 80"), std::string::npos)
      << panel().hover(context, corner);
  const auto chosen = panel().point(context, corner);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->option, "11");
  const auto action = panel().click(context, corner);
  ASSERT_TRUE(action);
  EXPECT_EQ(std::get<OpenSweepRun>(*action).run, 22u);
  for (const PlotPlace& outside : {PlotPlace{0, 0, -0.6, 1.0}, PlotPlace{0, 0, 1.0, 2.6},
                                   PlotPlace{0, 0, std::nan(""), 0.0}, PlotPlace{1, 0, 1.0, 1.0}}) {
    EXPECT_EQ(panel().hover(context, outside), "");
    EXPECT_FALSE(panel().point(context, outside));
    EXPECT_FALSE(panel().click(context, outside));
  }
}

TEST_F(SweepPanel, TheMapIsNotDrawnAgainForAnotherCellUnderTheMouse) {
  const auto sweep = testing::synthetic_sweep(kMap, 24, 5);
  const auto before = panel().build(context_of(sweep), true);
  choices_.set("sweep_cell", "3");
  const auto after = panel().build(context_of(sweep), true);
  EXPECT_EQ(before[0].depends, after[0].depends);
  EXPECT_NE(before[2].chart.remark, after[2].chart.remark) << "the cut is another one";
  choices_.set("sweep_measure", "delay in steps");
  EXPECT_NE(panel().build(context_of(sweep), true)[0].depends, after[0].depends);
}

TEST_F(SweepPanel, TheShownRunIsADotWhereItLies) {
  const auto sweep = testing::synthetic_sweep(kMap, 24, 5);
  PanelContext context = context_of(sweep);
  RunConfig config = sweep.plan.base;
  config.optimizer.weight_decay = 1.0;
  config.task.train_fraction = 0.6;
  context.config = &config;
  const auto dot_of = [&]() -> std::optional<MarkerMark> {
    for (const Mark& mark : panel().build(context, true)[0].chart.plots[0].marks) {
      if (const auto* marker = std::get_if<MarkerMark>(&mark)) return *marker;
    }
    return std::nullopt;
  };
  ASSERT_TRUE(dot_of());
  EXPECT_NEAR(dot_of()->x, 1.5, 1e-9);
  EXPECT_NEAR(dot_of()->y, 1.0, 1e-9);
  const History not_begun(config);
  context.history = &not_begun;
  EXPECT_FALSE(dot_of()) << "no run";
  context.history = &run_;
  config.optimizer.weight_decay = 100.0;
  EXPECT_FALSE(dot_of()) << "outside of the map";
}

TEST_F(SweepPanel, OneAxisIsACurveWithItsBandAndOneCellADistribution) {
  const auto curve = testing::synthetic_sweep(kCurve, 96, 4);
  const auto charts = panel().build(context_of(curve), true);
  EXPECT_EQ(charts[0].chart.name, "sweep-section");
  bool band = false;
  for (const Mark& mark : charts[0].chart.plots[0].marks)
    band = band || std::holds_alternative<AreaMark>(mark);
  EXPECT_TRUE(band);
  EXPECT_NE(chart_csv(charts[0].chart).find("95 % test accuracy, highest"), std::string::npos);
  const auto seeds = testing::synthetic_sweep(kSeeds, 40, 0);
  const auto spread = panel().build(context_of(seeds), true);
  EXPECT_EQ(spread[0].chart.name, "sweep-distribution");
  double runs = 0.0;
  for (const Sample& bar : std::get<BarsMark>(spread[0].chart.plots[0].marks[0]).bars) runs += bar.y;
  EXPECT_EQ(runs, 40.0) << "every run stands in one bar";
}

TEST_F(SweepPanel, OfThreeAxesOneIsChosen) {
  const auto sweep = testing::synthetic_sweep(kCube, 24, 5);
  const PanelContext context = context_of(sweep);
  const auto grid = panel::grid_of(context);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->cell(1, 2), 1u * 8 + 0 * 4 + 2);
  choices_.set("sweep_slice", "optimizer sgd");
  const auto other = panel::grid_of(context);
  EXPECT_EQ(other->cell(1, 2), 1u * 8 + 1 * 4 + 2) << context.chosen(panel::kSweepSlice);
  choices_.set("sweep_cell", std::to_string(grid->cell(1, 2)));  // chosen on the slice before
  EXPECT_EQ(panel::cell_of_interest(context, *other), other->cell(1, 2)) << "the same place on this one";
}

TEST_F(SweepPanel, WithoutAnythingToShowItSaysWhatToDo) {
  PanelContext context;
  EXPECT_NE(panel().build(context, true)[0].chart.empty.find("right mouse button"), std::string::npos);
  EXPECT_TRUE(panel().applies(context, ""));
  EXPECT_FALSE(panel().applies(context, "sweep-map")) << "no tile on the dashboard";
  auto sweep = testing::synthetic_sweep(kMap, 0, 5);
  sweep.view.news.table = nullptr;
  EXPECT_NE(panel().build(context_of(sweep), true)[0].chart.empty.find("Reading"), std::string::npos);
  sweep.view.news.error = "cannot read the file: x";
  EXPECT_NE(panel().build(context_of(sweep), true)[0].chart.empty.find("Cannot read"), std::string::npos);
  const auto nothing = testing::synthetic_sweep(kMap, 0, 5);
  for (const PlacedChart& placed : panel().build(context_of(nothing), true))
    EXPECT_FALSE(placed.chart.plots.empty() && placed.chart.empty.empty()) << placed.chart.name;
}

TEST_F(SweepPanel, ItsDataAreNamedByTheirSettings) {
  const auto sweep = testing::synthetic_sweep(kMap, 24, 5);
  const std::string csv = chart_csv(panel().build(context_of(sweep), true)[0].chart);
  EXPECT_NE(csv.find("\"Weight decay\",\"Training fraction\",value,kind"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\"0.1\",\"0.8\",0,\"C comprehension\""), std::string::npos) << csv;
}

}  // namespace
}  // namespace grokscope
