// What is kept of every run of a sweep, what a cell's seeds say together, where a value lies on an axis.
#include "sweep/sweep_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sweep/plan_json.h"

namespace grokscope {
namespace {

using theory::LearningPhase;

SweepRow row(LearningPhase phase, std::int64_t train_99, std::int64_t test_95) {
  SweepRow made;
  made.state = RowState::trained;
  made.phase = phase;
  made.train_99 = train_99;
  made.test_95 = test_95;
  made.test_accuracy = test_95 < 0 ? 0.1f : 1.0f;
  return made;
}

Outcome outcome() {
  Outcome made;
  made.key = std::string(32, 'a');
  made.stopped = "until";
  made.phase = "grokking";
  made.error = R"(says ,"series":{ in quotes)";
  made.first.train_99 = 40;
  made.first.test_95 = 840;
  made.last.step = 900;
  made.last.test_accuracy = 0.75;
  made.series.push_back({"test_accuracy", {0, 900}, {0.0, 0.75}});
  return made;
}

TEST(SweepTable, ARowIsReadWithoutTheSeries) {
  const std::string line = line_from_outcome(outcome());
  const auto whole = outcome_from_line(line, "a line");
  ASSERT_TRUE(whole);
  const auto quick = row_from_line(line, "a line");
  ASSERT_TRUE(quick) << quick.error().message;
  for (const SweepRow& read : {row_from(*whole), *quick}) {
    EXPECT_EQ(read.state, RowState::trained);
    EXPECT_EQ(read.phase, LearningPhase::grokking);
    EXPECT_EQ(read.steps, 900);
    EXPECT_EQ(read.train_99, 40);
    EXPECT_EQ(read.test_95, 840);
    EXPECT_EQ(read.test_99, -1);
    EXPECT_FLOAT_EQ(read.test_accuracy, 0.75f);
  }
  EXPECT_FALSE(row_from_line("{\"torn", "a line"));
  EXPECT_FALSE(row_from_line(line.substr(0, line.size() / 2), "a line"));
}

TEST(SweepTable, NumbersThatAreNotFiniteAreReadAsWell) {
  Outcome made = outcome();
  made.stopped = "diverged";
  made.last.test_loss = std::numeric_limits<double>::infinity();
  made.last.train_loss = std::nan("");
  made.phase = "confusion";
  const auto row = row_from_line(line_from_outcome(made), "a line");
  ASSERT_TRUE(row);
  EXPECT_TRUE(std::isinf(row->test_loss));
  EXPECT_EQ(row->state, RowState::diverged);
  EXPECT_EQ(row->steps, 900);
  EXPECT_EQ(row->test_95, 840);
}

TEST(SweepTable, FailedAndDivergedAreTold) {
  Outcome made = outcome();
  made.stopped = "diverged";
  EXPECT_EQ(row_from(made).state, RowState::diverged);
  made.stopped = "failed";
  EXPECT_EQ(row_from(made).state, RowState::failed);
}

TEST(SweepTable, ACellIsTheMedianOfItsSeedsAndNeverIsInfinite) {
  const std::vector<SweepRow> cell = {row(LearningPhase::grokking, 40, 1500),
                                      row(LearningPhase::comprehension, 40, 700),
                                      row(LearningPhase::memorisation, 40, -1)};
  const CellSummary steps = summary_of(cell, SweepMeasure::steps_to_generalise);
  EXPECT_EQ(steps.known, 3u);
  EXPECT_EQ(steps.never, 1u);
  EXPECT_EQ(steps.median, 1500.0);
  EXPECT_EQ(steps.low, 700.0);
  EXPECT_EQ(steps.high, 1500.0);
  EXPECT_TRUE(steps.disagrees);
  EXPECT_EQ(summary_of(cell, SweepMeasure::delay).median, 1460.0);
  const std::vector<SweepRow> half = {cell[0], cell[2]};
  EXPECT_TRUE(std::isinf(summary_of(half, SweepMeasure::steps_to_generalise).median));
  EXPECT_NEAR(summary_of(half, SweepMeasure::final_error).median, 0.45, 1e-6);
}

TEST(SweepTable, AnUnknownRunSaysNothingAndAnUnknownCellIsEmpty) {
  const std::vector<SweepRow> cell = {row(LearningPhase::grokking, 40, 1500), SweepRow{}};
  const CellSummary phase = summary_of(cell, SweepMeasure::phase);
  EXPECT_EQ(phase.known, 1u);
  EXPECT_EQ(phase.phase, LearningPhase::grokking);
  EXPECT_FALSE(phase.disagrees);
  const CellSummary nothing = summary_of(std::vector<SweepRow>(3), SweepMeasure::phase);
  EXPECT_EQ(nothing.known, 0u);
  EXPECT_TRUE(std::isnan(nothing.median));
  EXPECT_FALSE(nothing.diverged);
}

TEST(SweepTable, ThePhaseOfMostSeedsCountsAndDivergedOnesAreNoPhase) {
  SweepRow lost = row(LearningPhase::memorisation, -1, -1);
  lost.state = RowState::diverged;
  std::vector<SweepRow> cell = {row(LearningPhase::grokking, 40, 1500),
                                row(LearningPhase::grokking, 40, 1600), lost};
  const CellSummary phase = summary_of(cell, SweepMeasure::phase);
  EXPECT_EQ(phase.phase, LearningPhase::grokking);
  EXPECT_FALSE(phase.disagrees);
  EXPECT_FALSE(phase.diverged);
  cell[0] = lost;
  EXPECT_TRUE(summary_of(cell, SweepMeasure::phase).diverged);
}

TEST(SweepTable, MeasuresAreFoundByTheirNames) {
  for (const SweepMeasure one : {SweepMeasure::steps_to_generalise, SweepMeasure::delay,
                                 SweepMeasure::final_error, SweepMeasure::phase})
    EXPECT_EQ(sweep_measure(name_of(one)), one);
  EXPECT_FALSE(sweep_measure("nothing"));
}

TEST(SweepTable, APlaceOnAnAxisFollowsItsScale) {
  const SweepAxis decay{"optimizer.weight_decay", {0.01, 0.1, 1.0}};
  EXPECT_NEAR(*place_on(decay, 0.1), 1.0, 1e-12);
  EXPECT_NEAR(*place_on(decay, std::sqrt(0.1) * 0.1), 0.5, 1e-9) << "by its logarithm";
  EXPECT_NEAR(*place_on(decay, 1.5), 2.176, 1e-3) << "half a cell beyond";
  EXPECT_FALSE(place_on(decay, 10.0));
  for (const double none : {0.0, -1.0, std::nan("")}) EXPECT_FALSE(place_on(decay, none)) << none;
  const SweepAxis fraction{"task.train_fraction", {0.2, 0.4, 0.8}};
  EXPECT_NEAR(*place_on(fraction, 0.3), 0.5, 1e-9);
  EXPECT_NEAR(*place_on(fraction, 0.6), 1.5, 1e-9) << "between two, by their distance";
  const SweepAxis kinds{"optimizer.kind", {std::string("adamw"), std::string("sgd")}};
  EXPECT_EQ(place_on(kinds, std::string("sgd")), 1.0);
  EXPECT_FALSE(place_on(kinds, std::string("lion")));
}

}  // namespace
}  // namespace grokscope
