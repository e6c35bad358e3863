// power-fraction-curve: the time to generalise grows about exponentially as the share of training data falls
// (Power et al. 2022, Figure 1, centre): a straight line on a logarithmic axis, fitted.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/statistics.h"
#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

constexpr double kExplainedAtLeast = 0.8, kDearerAtLeast = 0.02, kTrainAtMost = 5.0;
constexpr std::size_t kPointsAtLeast = 5;

/// The plan fraction-curve, every second of its shares; in full its shares of the paper's own task.
std::vector<PlannedRun> runs(ClaimSize size) {
  const bool quick = size == ClaimSize::quick;
  SweepPlan plan = program_plan("fraction-curve");
  std::vector<FieldValue>& fractions = plan.axes.front().values;
  if (quick) {
    for (std::size_t i = 0; 2 * i < fractions.size(); ++i) fractions[i] = fractions[2 * i];
    fractions.resize((fractions.size() + 1) / 2);
  } else {
    plan.base = preset_config("power-2022-s5");
    plan.base.train.steps = 100'000;
  }
  return runs_of(plan);
}

/// What was measured at the shares of which the median generalises.
struct Curve {
  std::vector<double> fractions, test_steps, train_steps;
  std::vector<std::string> texts;  ///< of all shares
};

Curve curve_of(std::span<const TrainedRun> trained) {
  Curve curve;
  for (const auto& cell : cells_of(trained, kSeedsOfARatio)) {
    const double fraction = cell.front().run.config.task.train_fraction;
    const double test = median_step(cell, &FirstSteps::test_99);
    const double train = median_step(cell, &FirstSteps::train_99);
    const bool reached = std::isfinite(test) && std::isfinite(train) && test > 0.0 && train > 0.0;
    curve.texts.push_back(percent(fraction) + ": " + (reached ? grouped(std::llround(test)) : "never"));
    if (!reached) continue;
    curve.fractions.push_back(fraction);
    curve.test_steps.push_back(test);
    curve.train_steps.push_back(train);
  }
  return curve;
}

ClaimLine line_through(const std::vector<double>& x, const std::vector<double>& y, std::string label,
                       Role role) {
  ClaimLine line{std::move(label), {}, role};
  for (std::size_t i = 0; i < x.size(); ++i) line.samples.push_back({x[i], y[i]});
  return line;
}

void judge_fit(Judgement& judgement, const Curve& curve) {
  std::vector<double> logs;
  for (const double steps : curve.test_steps) logs.push_back(std::log(steps));
  const LineFit exponential = line_fit(curve.fractions, logs);
  const LineFit straight = line_fit(curve.fractions, curve.test_steps);
  const double dearer = std::exp(-0.01 * exponential.slope) - 1.0;  // for each per cent less
  const auto [fastest, slowest] = std::minmax_element(curve.train_steps.begin(), curve.train_steps.end());
  const double spread = *slowest / *fastest;
  judgement.measured +=
      "; ln(steps) against the share: slope " + pretty(exponential.slope, 3) + " (each per cent less costs " +
      percent(dearer, 1) + " more), R² " + pretty(exponential.r_squared, 3) + "; steps themselves: R² " +
      pretty(straight.r_squared, 3) + "; the largest median of the steps to train 99 % is " +
      ratio_text(spread) + " times the smallest";
  require(judgement, exponential.r_squared >= kExplainedAtLeast,
          "the logarithm of the steps is not near a straight line");
  require(judgement, exponential.r_squared > straight.r_squared,
          "a straight line through the steps themselves fits as well");
  require(judgement, dearer >= kDearerAtLeast, "less data hardly costs more time");
  require(judgement, spread <= kTrainAtMost, "the time to memorise depends on the share as well");
}

Judgement judge(std::span<const TrainedRun> trained, ClaimSize) {
  const Curve curve = curve_of(trained);
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "median steps to test 99 %: " + joined(curve.texts);
  require(judgement, curve.fractions.size() >= kPointsAtLeast,
          "too few of the shares generalise within the steps");
  if (curve.fractions.size() >= 2) judge_fit(judgement, curve);
  judgement.charts = {
      claim_chart("fraction-curve", "Steps to 99 % against training data",
                  Axis{.label = "training fraction", .percent = true}, log_axis("steps"),
                  {line_through(curve.fractions, curve.train_steps, "train 99 %", Role::train),
                   line_through(curve.fractions, curve.test_steps, "test 99 %", Role::test)})};
  return judgement;
}

}  // namespace

Claim power_fraction_curve() {
  return {
      .name = "power-fraction-curve",
      .paper = "Power et al. 2022",
      .figure = "Figure 1, centre",
      .statement =
          "The steps to generalise grow about exponentially as the share of training data falls, those to "
          "memorise do not",
      .published =
          "S5 product: at 25 to 30 % of the data one per cent less costs 40 to 50 % more steps (median) to "
          "validation 99 %; training accuracy takes 10³ to 10⁴ steps everywhere",
      .expected =
          "over the shares whose median of five seeds generalises, five at least: a straight line of "
          "ln(steps to test 99 %) against the share explains R² >= 0.8 and more than one of the steps "
          "themselves, each per cent less costs >= 2 % more, and the steps to train 99 % differ at most 5 "
          "times",
      .why =
          "'Exponentially' is a straight line on the paper's logarithmic axis, and not as straight on a "
          "plain one; medians of five seeds scatter by tens of per cent around it. The published slope is "
          "that of the steep end alone; 2 % is a factor of e over half of the data. 10³ to 10⁴ is a factor "
          "of ten, half of that in ln",
      .quick =
          "a + b mod 67 (the preset quickstart), 7 shares from 30 to 90 %, instead of the products of S5",
      .changed = "",
      .preset = "quickstart",
      .data = "",
      .runs = runs,
      .judge = judge};
}

}  // namespace grokscope
