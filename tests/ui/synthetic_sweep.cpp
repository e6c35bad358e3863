#include "ui/synthetic_sweep.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "sweep/plan_json.h"

namespace grokscope::testing {
namespace {

using theory::LearningPhase;

/// Further along every axis it generalises sooner.
SweepRow row_at(const SweepPlan& plan, std::size_t run) {
  const SweepPlace place = place_of(plan, run);
  double ease = 0.0;
  for (std::size_t i = 0; i < place.along.size(); ++i)
    ease += (static_cast<double>(place.along[i]) + 0.5) / static_cast<double>(plan.axes[i].values.size());
  ease = ease / static_cast<double>(place.along.size()) + (place.seed == 0 ? 0.0 : 0.06);
  SweepRow row;
  row.state = RowState::trained;
  row.steps = 3000;
  row.train_accuracy = 1.0f;
  row.test_accuracy = ease > 0.4 ? 1.0f : 0.05f;
  if (ease < 0.15) {
    row.phase = LearningPhase::confusion;
    return row;
  }
  row.train_99 = 40;
  row.phase = LearningPhase::memorisation;
  if (ease <= 0.4) return row;
  row.test_95 = static_cast<std::int64_t>(std::lround(4000.0 * std::pow(0.01, ease)));
  row.phase = row.test_95 > 400 ? LearningPhase::grokking : LearningPhase::comprehension;
  return row;
}

}  // namespace

SyntheticSweep synthetic_sweep(const std::string& plan_text, std::size_t known, std::size_t cell) {
  SyntheticSweep made;
  auto plan = plan_from_text(plan_text, "a made-up plan");
  EXPECT_TRUE(plan) << plan.error().message;
  made.plan = *plan;
  auto table = std::make_shared<SweepTable>(made.plan);
  for (std::size_t run = 0; run < std::min(known, table->rows.size()); ++run)
    table->rows[run] = row_at(made.plan, run);
  auto curves = std::make_shared<CellCurves>();
  curves->cell = cell;
  curves->series = "test_accuracy";
  for (std::size_t seed = 0; seed < made.plan.seeds.size(); ++seed) {
    if (table->cell(cell)[seed].state == RowState::unknown) continue;
    ++curves->known;
    CellCurves::Curve curve;
    curve.seed = made.plan.seeds[seed];
    for (std::int64_t step = 0; step <= 3000; step += 50) {
      curve.steps.push_back(step);
      curve.values.push_back(1.0 / (1.0 + std::exp(-static_cast<double>(step - 1000) / 150.0)));
    }
    curves->curves.push_back(std::move(curve));
  }
  SweepJobNews& news = made.view.news;
  news.state = SweepState::resting;
  news.all = table->rows.size();
  news.known = table->known();
  news.table = std::move(table);
  news.curves = std::move(curves);
  news.generation = 1;
  made.view.name = "made-up";
  return made;
}

const SweepView& synthetic_map() {
  static SyntheticSweep sweep = [] {
    SyntheticSweep made = synthetic_sweep(
        R"({"base":"quickstart","axes":[{"field":"optimizer.weight_decay","from":0.01,"to":3,"count":5,"scale":"log"},
            {"field":"task.train_fraction","from":0.25,"to":0.8,"count":6}],"seeds":[0,1],"record":["test_accuracy"]})",
        60, 2 * 6 + 3);
    return made;
  }();
  sweep.view.plan = &sweep.plan;
  return sweep.view;
}

}  // namespace grokscope::testing
