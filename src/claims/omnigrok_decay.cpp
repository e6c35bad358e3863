// omnigrok-time-vs-weight-decay: the time to generalise is inversely proportional to the weight decay.
#include <cmath>

#include "base/statistics.h"
#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

constexpr double kSlopeLow = -1.25, kSlopeHigh = -0.75;

std::int64_t seed_count(ClaimSize size) {
  return size == ClaimSize::quick ? 1 : 3;
}

/// Every weight decay with every seed.
std::vector<PoolRun> runs(ClaimSize size) {
  std::vector<PoolRun> runs;
  for (const double decay : size == ClaimSize::quick ? powers_of_ten(-1, 0, 5) : powers_of_ten(-1.5, 0, 10)) {
    for (std::int64_t seed = 0; seed < seed_count(size); ++seed) {
      RunConfig config = preset_config("omnigrok-teacher-student");
      config.optimizer.weight_decay = decay;
      config.train.steps = static_cast<std::int64_t>(std::lround(5000.0 / decay));
      config.train.eval_every = 20;
      config.seed = seed;
      runs.push_back(run_until_test(std::move(config), 0.95));
    }
  }
  return runs;
}

Judgement judge(std::span<const TrainedRun> trained, ClaimSize size) {
  Judgement judgement;
  const auto seeds = static_cast<std::size_t>(seed_count(size));
  std::vector<double> decays, steps;
  std::vector<std::string> texts;
  ClaimLine test{"test 95 %", {}, Role::test}, train{"train 99 %", {}, Role::train};
  for (std::size_t i = 0; i + seeds <= trained.size(); i += seeds) {
    std::vector<double> test_steps, train_steps;
    for (const TrainedRun& one : trained.subspan(i, seeds)) {
      const FirstSteps& first = one.history.first_steps();
      if (first.test_95 > 0) test_steps.push_back(static_cast<double>(first.test_95));
      if (first.train_99 > 0) train_steps.push_back(static_cast<double>(first.train_99));
    }
    const double decay = trained[i].run.config.optimizer.weight_decay;
    if (!train_steps.empty()) train.samples.push_back({decay, median_of(train_steps)});
    const bool all = test_steps.size() == seeds;
    texts.push_back(pretty(decay, 2) + ": " + (all ? grouped(std::llround(median_of(test_steps))) : "never"));
    if (!all) continue;
    decays.push_back(decay);
    steps.push_back(median_of(test_steps));
    test.samples.push_back({decay, steps.back()});
  }
  const double slope = log_log_slope(decays, steps);
  judgement.measured = "steps to test 95 % by weight decay: " + joined(texts) + "; slope " + pretty(slope, 3);
  judgement.holds = true;
  require(judgement, decays.size() * seeds == trained.size(),
          "test accuracy does not reach 95 % with every weight decay, within 5 000 / γ steps");
  const std::size_t fewer = decays.empty() ? 0 : decays.size() - 1;  // they ascend
  const double without_largest = log_log_slope(std::span(decays).first(fewer), std::span(steps).first(fewer));
  require(judgement, slope >= kSlopeLow && slope <= kSlopeHigh,
          "the slope is not near -1; without the largest weight decay it is " + pretty(without_largest, 3));
  judgement.charts = {claim_chart("time-vs-decay", "Steps to generalise against weight decay",
                                  log_axis("weight decay γ"), log_axis("steps"),
                                  {std::move(train), std::move(test)})};
  return judgement;
}

}  // namespace

Claim omnigrok_time_vs_weight_decay() {
  return {
      .name = "omnigrok-time-vs-weight-decay",
      .paper = "Liu et al. 2022, Omnigrok",
      .figure = "Figures 2c and 10",
      .statement =
          "The time to generalise is inversely proportional to the weight decay: the norm has to decay to "
          "the "
          "valley",
      .published = "teacher and student, α = 2: t is proportional to 1/γ for γ between 0.03 and 1",
      .expected = "slope of log(steps to test 95 %) against log γ over a decade: -1.25 to -0.75",
      .why =
          "A quarter either side allows for the time to memorise and for evaluations every 20 steps, and "
          "excludes "
          "1/√γ (-0.5), no dependence (0) and 1/γ² (-2)",
      .quick = "five γ from 0.1 to 1 and one seed instead of ten from 0.03 to 1 and three seeds",
      .preset = "omnigrok-teacher-student",
      .data = "",
      .runs = runs,
      .judge = judge,
  };
}

}  // namespace grokscope
