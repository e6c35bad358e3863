// What is read out beside the mouse over a chart.
#include <gtest/gtest.h>

#include "ui/read_outs.h"

namespace grokscope {
namespace {

LineMark line(std::string name, std::vector<Sample> samples, RunTone run = RunTone::shown) {
  LineMark mark;
  mark.name = std::move(name);
  mark.samples = std::move(samples);
  mark.run = run;
  return mark;
}

TEST(NearestValues, ACurveWithAGapIsReadOutOnceWhereItIsNearest) {
  Plot plot;
  plot.x.label = "d";
  plot.x.integer = true;
  plot.marks.emplace_back(line("formula", {{10, 3.0}, {20, 4.0}}));
  plot.marks.emplace_back(line("formula", {{110, 50.0}, {120, 40.0}}));
  EXPECT_EQ(nearest_values(plot, 19.0), "d 20\nformula  4");
  EXPECT_EQ(nearest_values(plot, 112.0), "d 110\nformula  50");
}

TEST(NearestValues, AValueThatIsNotOfThisPlaceSaysWhereItIs) {
  Plot plot;
  plot.x.label = "d";
  plot.x.integer = true;
  plot.marks.emplace_back(line("sparse", {{10, 3.0}, {30, 5.0}}));
  plot.marks.emplace_back(line("dense", {{18, 1.0}, {19, 2.0}}));
  EXPECT_EQ(nearest_values(plot, 19.2), "d 19\nsparse  3 at 10\ndense  2");
}

TEST(NearestValues, TheSameCurveOfTheRunBeforeIsAnother) {
  Plot plot;
  plot.marks.emplace_back(line("test accuracy", {{10, 0.25}}, RunTone::ghost));
  plot.marks.emplace_back(line("test accuracy", {{10, 0.75}}));
  plot.y.percent = true;
  EXPECT_EQ(nearest_values(plot, 10.0), "x 10\ntest accuracy  25.0 %\ntest accuracy  75.0 %");
}

TEST(NearestValues, NothingIsReadOutOfNothing) {
  Plot plot;
  EXPECT_EQ(nearest_values(plot, 1.0), "");
  plot.marks.emplace_back(line("empty", {}));
  EXPECT_EQ(nearest_values(plot, 1.0), "");
}

}  // namespace
}  // namespace grokscope
