// The panels Double descent and Same dynamics: what a planted sweep or run is said to do, and where.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>

#include "ui/panel.h"
#include "ui/panels/sweep_charts.h"
#include "ui/synthetic_sweep.h"

namespace grokscope {
namespace {

constexpr const char* kWidths =
    R"({"base":"double-descent-modelwise","axes":[{"field":"model.width","values":[1,2,4,8,16]}],"seeds":[0,1]})";
constexpr const char* kExamples =
    R"({"base":"double-descent-samplewise","axes":[{"field":"model.width","values":[2,6]},
        {"field":"task.train_size","values":[500,1000,2000,4000]}]})";

struct Ends {
  double test = 0.0, train = 0.0, best = 0.0;
};

class DescentPanel : public ::testing::Test {
 protected:
  /// Every run of the plan ended as `of` says of its places along the axes.
  PanelContext swept(const char* plan, const std::function<Ends(std::size_t row, std::size_t column)>& of) {
    sweep_ = testing::synthetic_sweep(plan, 0, 0);
    auto table = std::make_shared<SweepTable>(sweep_.plan);
    const std::size_t columns = sweep_.plan.axes.back().values.size();
    for (std::size_t run = 0; run < table->rows.size(); ++run) {
      const std::size_t cell = run / table->seeds;
      const Ends ends = of(cell / columns, cell % columns);
      SweepRow& row = table->rows[run];
      row.state = RowState::trained;
      row.test_accuracy = static_cast<float>(1.0 - ends.test);
      row.train_accuracy = static_cast<float>(1.0 - ends.train);
      row.best_test_accuracy = static_cast<float>(1.0 - ends.best);
      row.test_loss = static_cast<float>(3.0 * ends.test);
    }
    sweep_.view.news.table = table;
    sweep_.view.news.known = sweep_.view.news.all = table->rows.size();
    view_ = sweep_.view;
    view_.plan = &sweep_.plan;
    PanelContext context;
    context.sweep = &view_;
    context.config = &sweep_.plan.base;
    context.choices = &choices_;
    return context;
  }
  /// A run whose errors go through the points, evaluated at steps 1 to 100.
  PanelContext run_through(const std::function<Ends(double share)>& of, double label_noise) {
    RunConfig config;
    config.task.label_noise = label_noise;
    run_ = std::make_unique<History>(config);
    for (std::int64_t step = 1; step <= 100; ++step) {
      const Ends ends = of(static_cast<double>(step) / 100.0);
      Evaluation evaluation;
      evaluation.step = step;
      evaluation.train_accuracy = 1.0 - ends.train;
      evaluation.test_accuracy = 1.0 - ends.test;
      run_->append(evaluation);
    }
    PanelContext context;
    context.history = run_.get();
    context.config = &run_->config();
    context.step = 100;
    context.over = true;
    return context;
  }
  static Chart first_of(const char* panel, const PanelContext& context) {
    return find_panel(panel)->build(context, true).at(0).chart;
  }
  static const BandMark* band_of(const Chart& chart) {
    for (const Mark& mark : chart.plots.at(0).marks)
      if (const auto* band = std::get_if<BandMark>(&mark)) return band;
    return nullptr;
  }
  testing::SyntheticSweep sweep_;
  SweepView view_;
  Choices choices_;
  std::unique_ptr<History> run_;
};

TEST_F(DescentPanel, OverWidthsItMarksTheThresholdAndSaysTheShape) {
  const Ends ends[] = {
      {0.4, 0.5, 0.35}, {0.2, 0.3, 0.18}, {0.3, 0.05, 0.17}, {0.15, 0.0, 0.12}, {0.1, 0.0, 0.1}};
  const PanelContext context = swept(kWidths, [&](std::size_t, std::size_t column) { return ends[column]; });
  const Chart chart = first_of("descent", context);
  EXPECT_EQ(chart.name, "descent-width");
  EXPECT_EQ(chart.sentence.find(
                "Test error falls to 20.0 % at width 2, peaks at 30.0 % at width 4, and falls again to "
                "10.0 % at width 16: lower than before."),
            0u)
      << chart.sentence;
  const BandMark* band = band_of(chart);
  ASSERT_NE(band, nullptr);
  EXPECT_LT(band->x0, 3.5);
  EXPECT_GT(band->x1, 3.4) << "the train error passes 10 % between the widths 2 and 4";
  EXPECT_EQ(band->label, "interpolation threshold");
  EXPECT_EQ(panel_of(sweep_.plan), "descent");
}

TEST_F(DescentPanel, WithoutAPeakItSaysSo) {
  const PanelContext context = swept(kWidths, [](std::size_t, std::size_t column) {
    const double error = 0.5 / static_cast<double>(column + 1);
    return Ends{error, error, error};
  });
  EXPECT_NE(first_of("descent", context).sentence.find("there is no peak"), std::string::npos);
}

TEST_F(DescentPanel, OverExamplesItSaysWhereMoreDataHurt) {
  const PanelContext context = swept(kExamples, [](std::size_t row, std::size_t column) {
    const double hurt[] = {0.2, 0.16, 0.21, 0.19}, help[] = {0.5, 0.3, 0.2, 0.1};
    const double error = row == 1 ? hurt[column] : help[column];
    return Ends{error, error, error};
  });
  const Chart chart = first_of("descent", context);
  EXPECT_EQ(chart.name, "descent-examples");
  EXPECT_NE(chart.sentence.find("More data hurt: with width 6, 2\u2009000 examples give 21.0 % test error, "
                                "1\u2009000 give 16.0 %."),
            std::string::npos)
      << chart.sentence;
  const BandMark* band = band_of(chart);
  ASSERT_NE(band, nullptr);
  EXPECT_EQ(band->x0, 1000.0);
  EXPECT_EQ(band->x1, 2000.0);
  const PanelContext helped = swept(kExamples, [](std::size_t, std::size_t column) {
    const double error = 0.4 / static_cast<double>(column + 1);
    return Ends{error, error, error};
  });
  EXPECT_EQ(first_of("descent", helped).sentence, "More data help at every width.");
}

Ends falls_rises_falls(double share) {
  const double test = share < 0.2   ? 0.9 - 3.5 * share
                      : share < 0.5 ? 0.2 + 0.5 * (share - 0.2)
                                    : std::max(0.1, 0.35 - 1.0 * (share - 0.5));
  return {test, std::max(0.0, 0.9 - 1.5 * share), test};
}

TEST_F(DescentPanel, OverStepsTheCriticalRegimeEndsWhereAllIsFitted) {
  const PanelContext context = run_through(falls_rises_falls, 0.2);
  const Chart chart = first_of("descent", context);
  EXPECT_EQ(chart.name, "descent-steps");
  EXPECT_NE(chart.sentence.find("falls again"), std::string::npos) << chart.sentence;
  const BandMark* band = band_of(chart);
  ASSERT_NE(band, nullptr);
  EXPECT_NEAR(band->x0, 40.0, 1.5) << "the wrong labels and a tenth are left";
  EXPECT_NEAR(band->x1, 59.0, 1.5) << "a hundredth is left";
  EXPECT_EQ(band->label, "critical regime");
}

TEST_F(DescentPanel, SameDynamicsPutsTheRunOnItsOwnSide) {
  const auto remarks = [&](const PanelContext& context) {
    std::vector<std::string> texts;
    for (const PlacedChart& placed : find_panel("same-dynamics")->build(context, true))
      texts.push_back(placed.chart.title + ": " + placed.chart.remark);
    return texts;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(remarks(run_through(falls_rises_falls, 0.2)),
            (Texts{"Grokking: recorded: quickstart", "Double descent: this run"}));
  const auto late = [](double share) {
    return Ends{share < 0.8 ? 0.9 : 0.1, std::max(0.0, 0.9 - 9.0 * share), 0.1};
  };
  EXPECT_EQ(remarks(run_through(late, 0.0)),
            (Texts{"Grokking: this run", "Double descent: recorded: double-descent-epochwise"}));
}

}  // namespace
}  // namespace grokscope
