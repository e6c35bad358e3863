// Workload `sweep-2500`: the panel of a sweep of 50 x 50 cells with 40 seeds each, all known (made up): its
// first picture, and a frame while the mouse goes from cell to cell, which leaves the map as it is. As in
// `history-10m` the rasteriser is not in it.
#include <algorithm>
#include <memory>

#include "app/bench/frame_clock.h"
#include "app/bench/workload_list.h"
#include "config/presets.h"
#include "sweep/plan_over.h"
#include "ui/panel.h"
#include "ui/panels/sweep_charts.h"

namespace grokscope::bench {
namespace {

constexpr std::size_t kSide = 50, kSeeds = 40;
constexpr double kFrame_ms = 1000.0 / 30.0;

SweepPlan made_up_plan() {
  SweepPlan plan;
  plan.base = find_preset("quickstart")->config;
  plan.axes = {{"optimizer.weight_decay", {}}, {"task.train_fraction", {}}};
  for (std::size_t i = 0; i < kSide; ++i) {
    plan.axes[0].values.emplace_back(0.01 * static_cast<double>(i + 1));
    plan.axes[1].values.emplace_back(0.2 + 0.014 * static_cast<double>(i));
  }
  for (std::size_t i = 0; i < kSeeds; ++i) plan.seeds.push_back(static_cast<std::int64_t>(i));
  return plan;
}

std::shared_ptr<SweepTable> made_up_table(const SweepPlan& plan) {
  auto table = std::make_shared<SweepTable>(plan);
  for (std::size_t run = 0; run < table->rows.size(); ++run) {
    const SweepPlace place = place_of(plan, run);
    const auto ease = static_cast<std::int64_t>(place.along[0] + place.along[1]);
    SweepRow& row = table->rows[run];
    row.state = RowState::trained;
    row.steps = 3000;
    row.train_99 = 40;
    row.test_95 = ease < 40 ? -1 : 4000 - 30 * ease + static_cast<std::int64_t>(place.seed);
    row.phase = ease < 40   ? theory::LearningPhase::memorisation
                : ease < 60 ? theory::LearningPhase::grokking
                            : theory::LearningPhase::comprehension;
    row.test_accuracy = ease < 40 ? 0.1f : 1.0f;
  }
  return table;
}

/// As tiles do: a picture that depends on nothing new is kept.
std::vector<Chart> changed_charts(const PanelContext& context, std::string& map_depended_on) {
  std::vector<Chart> charts;
  for (PlacedChart& placed : find_panel("sweep")->build(context, true)) {
    if (!placed.depends.empty() && placed.depends == map_depended_on) continue;
    if (!placed.depends.empty()) map_depended_on = placed.depends;
    charts.push_back(std::move(placed.chart));
  }
  return charts;
}

}  // namespace

Result<Outcome> run_sweep_workload(const Request& request, std::string_view) {
  const SweepPlan plan = made_up_plan();
  SweepView sweep;
  sweep.plan = &plan;
  sweep.news.all = plan.runs();
  sweep.news.known = plan.runs();
  sweep.news.table = made_up_table(plan);
  Choices choices;
  PanelContext context;
  context.sweep = &sweep;
  context.config = &plan.base;
  context.choices = &choices;
  FrameClock frames(std::max(request.repeats, kFramesAtLeast));
  Outcome outcome;
  std::string depended_on;
  const Spread whole = frames.measure([] {},
                                      [&] {
                                        depended_on.clear();
                                        return changed_charts(context, depended_on);
                                      });
  outcome.measures.push_back(
      {"the whole panel, drawn anew", "frame_whole", "ms", whole, Target{false, kFrame_ms}, ""});
  std::size_t cell = 0;
  const Spread hover = frames.measure(
      [&] { choices.set(panel::kSweepCell.name, std::to_string(cell = (cell + 51) % plan.cells())); },
      [&] { return changed_charts(context, depended_on); });
  outcome.measures.push_back(
      {"one frame with the mouse on another cell", "frame_hover", "ms", hover, Target{false, kFrame_ms}, ""});
  return outcome;
}

}  // namespace grokscope::bench
