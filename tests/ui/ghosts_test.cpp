// The run before beside the shown one: which one stays, what it is called, how it is drawn.
#include <gtest/gtest.h>

#include <cmath>

#include "base/text.h"
#include "ui/other_runs.h"
#include "ui/panel.h"
#include "ui/synthetic_run.h"
#include "ui/tiles.h"

namespace grokscope {
namespace {

History young_run(RunConfig config, int evaluations) {
  History history(std::move(config));
  for (int step = 0; step < evaluations; ++step) {
    Evaluation at;
    at.step = step;
    at.train_accuracy = at.test_accuracy = 0.02;
    at.train_loss = at.test_loss = 4.0;
    at.weight_norm = 30.0;
    history.append(at);
  }
  return history;
}

TEST(PreviousRun, StaysAfterAResetAndSaysWhatWasDifferent) {
  const History before = testing::synthetic_run(3000);
  RunConfig next = before.config();
  const auto label = [&] { return ghosts_of_next(&before, {}, next).at(0).label; };
  EXPECT_EQ(label(), "before: wd → 1 at step 220") << "it was dragged while the run went";
  next.optimizer.weight_decay = 0.0;
  EXPECT_EQ(label(), "before: weight decay 0.3, wd → 1 at step 220");
  next.task.train_fraction = 0.6;
  EXPECT_EQ(label(), "before: training fraction " + percent(0.4) + ", weight decay 0.3 and 1 more");
  const History quiet = young_run(next, 20);
  ++next.seed;
  EXPECT_EQ(ghosts_of_next(&quiet, {}, next).at(0).label, "before: seed 0");
  next.seed = 0;
  EXPECT_EQ(ghosts_of_next(&quiet, {}, next).at(0).label, "before: same start");
}

TEST(PreviousRun, GoesWithItsTaskAndItsPreset) {
  const History before = testing::synthetic_run(1000);
  RunConfig next = before.config();
  next.task.train_fraction = 0.7;
  next.model.width = 128;
  EXPECT_EQ(ghosts_of_next(&before, {}, next).size(), 1u) << "the same question";
  next.task.modulus = 97;
  EXPECT_TRUE(ghosts_of_next(&before, {}, next).empty());
  next = before.config();
  next.preset = "another";
  EXPECT_TRUE(ghosts_of_next(&before, {}, next).empty());
  EXPECT_TRUE(ghosts_of_next(nullptr, {}, before.config()).empty()) << "there was none";
}

TEST(PreviousRun, ARunWithoutACurveLeavesTheOlderGhost) {
  const History first = testing::synthetic_run(1000);
  RunConfig second = first.config();
  second.optimizer.weight_decay = 0.5;
  const std::vector<OtherRun> beside = ghosts_of_next(&first, {}, second);
  const History barely = young_run(second, 2);
  RunConfig third = second;
  third.optimizer.weight_decay = 0.7;
  const std::vector<OtherRun> after = ghosts_of_next(&barely, beside, third);
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].history, beside[0].history);
  const History grown = young_run(second, 100);
  EXPECT_EQ(ghosts_of_next(&grown, beside, third).at(0).history->config().optimizer.weight_decay, 0.5);
}

TEST(PreviousRun, IsThinnedToABoundAndKeepsItsEnds) {
  const History full = young_run(RunConfig{}, 5000);
  const History few = thinned(full, 400);
  EXPECT_LE(few.evaluations().size(), 402u);
  EXPECT_GE(few.evaluations().size(), 200u);
  EXPECT_EQ(few.evaluations().front().step, 0);
  EXPECT_EQ(few.last()->step, 4999);
  EXPECT_EQ(thinned(full).evaluations().size(), 5000u) << "a short one is whole";
  EXPECT_TRUE(thinned(testing::synthetic_run(3000)).probes().empty()) << "frames are large";
}

class Ghosts : public ::testing::Test {
 protected:
  Ghosts() {
    RunConfig next = before_.config();
    next.optimizer.weight_decay = 0.1;
    shown_ = testing::synthetic_run(300);
    others_ = ghosts_of_next(&before_, {}, next);
  }
  Chart chart(const char* panel, bool with_ghost) const {
    return find_panel(panel)->build(context(with_ghost), false)[0].chart;
  }
  PanelContext context(bool with_ghost) const {
    PanelContext context;
    context.history = &shown_;
    context.config = &shown_.config();
    context.step = shown_.last()->step;
    if (with_ghost) context.others = others_;
    return context;
  }
  static std::vector<const LineMark*> lines(const Plot& plot) {
    std::vector<const LineMark*> found;
    for (const Mark& mark : plot.marks) {
      if (const auto* line = std::get_if<LineMark>(&mark)) found.push_back(line);
    }
    return found;
  }
  History before_ = testing::synthetic_run(3000), shown_{RunConfig{}};
  std::vector<OtherRun> others_;
};

TEST_F(Ghosts, LieBelowTheShownRunInItsColoursAndCarryTheirLabelOnce) {
  for (const char* panel : {"timeline", "lu"}) {
    const Chart drawn = chart(panel, true);
    int labelled = 0;
    for (const Plot& plot : drawn.plots) {
      bool shown_began = false;
      int ghosts = 0;
      for (const LineMark* line : lines(plot)) {
        shown_began = shown_began || line->run == RunTone::shown;
        if (line->run != RunTone::ghost) continue;
        ++ghosts;
        EXPECT_FALSE(shown_began) << panel << ": a ghost on top of the shown run";
        EXPECT_FALSE(line->ends_at_cursor);
        EXPECT_EQ(line->name.rfind("before: ", 0), 0u) << line->name;
        EXPECT_TRUE(line->role == Role::train || line->role == Role::test);
        labelled += line->label == others_[0].label;
      }
      EXPECT_EQ(ghosts, 2) << panel;
    }
    EXPECT_EQ(labelled, 1) << panel;
  }
}

TEST_F(Ghosts, TheTimelineHoldsTheWholeOfBothAndDoesNotMoveWhileTheShownRunIsTheShorter) {
  const Chart drawn = chart("timeline", true);
  EXPECT_EQ(*drawn.plots[0].x.maximum, 10000.0);
  EXPECT_EQ(*chart("timeline", false).plots[0].x.maximum, 1000.0);
  shown_ = testing::synthetic_run(900);
  EXPECT_EQ(*chart("timeline", true).plots[0].x.maximum, 10000.0);
}

TEST_F(Ghosts, OneThatDivergedDoesNotPressTheShownRunFlat) {
  History wild = young_run(shown_.config(), 30);
  Evaluation at = *wild.last();
  ++at.step;
  at.train_loss = at.test_loss = 1e30;
  at.weight_norm = 1e20;
  wild.append(at);
  others_ = ghosts_of_next(&wild, {}, shown_.config());
  const Chart timeline = chart("timeline", true);
  for (const LineMark* line : lines(timeline.plots[1]))
    EXPECT_EQ(line->fits_axes, line->run == RunTone::shown);
  EXPECT_EQ(*chart("lu", true).plots[0].x.maximum, *chart("lu", false).plots[0].x.maximum);
}

TEST_F(Ghosts, HoverSaysWhatBothWereAtThatStep) {
  const std::string text = find_panel("timeline")->hover(context(true), {0, 0, 250.0, 0.5});
  EXPECT_NE(text.find("step 250"), std::string::npos) << text;
  EXPECT_NE(text.find(others_[0].label), std::string::npos) << text;
  EXPECT_EQ(find_panel("timeline")->hover(context(false), {0, 0, 250.0, 0.5}).find("before"),
            std::string::npos);
}

/// What the path was when every evaluation was read: the first after each stretch of log step.
TEST_F(Ghosts, ThePathOfALongRunIsThinnedByStepAndEndsNow) {
  History full(RunConfig{});
  std::vector<double> wanted;
  double next = 1.0;
  for (std::int64_t step = 0; step <= 20000; step += step < 50 ? 1 : 10) {
    Evaluation at = *before_.evaluation_at(std::min<std::int64_t>(step, 3000));
    at.step = step;
    at.weight_norm = 20.0 + 1e-3 * static_cast<double>(step);
    full.append(at);
    if (static_cast<double>(step) < next && !wanted.empty()) continue;
    next = std::max(static_cast<double>(step), 1.0) * std::pow(10.0, 6.0 / 400.0);
    wanted.push_back(at.weight_norm);
  }
  wanted.push_back(full.last()->weight_norm);
  PanelContext context;
  context.history = &full;
  context.step = 20000;
  const std::vector<PlacedChart> charts = find_panel("lu")->build(context, false);
  const LineMark* path = lines(charts[0].chart.plots[0]).at(0);
  ASSERT_EQ(path->samples.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(path->samples[i].x, wanted[i]) << i;
  EXPECT_LT(wanted.size(), 400u);
}

}  // namespace
}  // namespace grokscope
