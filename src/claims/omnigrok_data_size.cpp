// omnigrok-data-size: near a critical training fraction the time to generalise rises steeply.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"

namespace grokscope {
namespace {

constexpr double kSteepAtLeast = 8.0;
constexpr double kNever = std::numeric_limits<double>::infinity();

std::vector<double> fractions(ClaimSize size) {
  if (size == ClaimSize::quick) return {0.3, 0.4, 0.45, 0.5, 0.6, 0.75, 0.9};
  return {0.2, 0.25, 0.28, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
}

std::vector<PlannedRun> runs(ClaimSize size) {
  std::vector<PlannedRun> runs;
  for (const double fraction : fractions(size)) {
    RunConfig config = size == ClaimSize::quick ? small_transformer() : preset_config("nanda-2023");
    config.task.train_fraction = fraction;
    config.train.steps = size == ClaimSize::quick ? 8000 : 40'000;
    for (RunConfig& one : with_seeds(config, kSeedsOfARatio))
      runs.push_back(run_until_test(std::move(one), 0.95));
  }
  return runs;
}

Judgement judge(std::span<const TrainedRun> trained, ClaimSize) {
  Judgement judgement;
  std::vector<std::string> texts;
  ClaimLine test{"test 95 %", {}, Role::test}, train{"train 99 %", {}, Role::train};
  const auto cells = cells_of(trained, kSeedsOfARatio);
  for (const auto& cell : cells) {
    const double fraction = cell.front().run.config.task.train_fraction;
    const double tested = median_step(cell, &FirstSteps::test_95);
    const double memorised = median_step(cell, &FirstSteps::train_99);
    texts.push_back(percent(fraction) + ": " + (tested < kNever ? grouped(std::llround(tested)) : "never"));
    if (tested < kNever) test.samples.push_back({fraction, tested});
    if (memorised < kNever) train.samples.push_back({fraction, memorised});
  }
  judgement.measured = "median steps to test 95 % by training fraction: " + joined(texts);
  judgement.holds = true;
  require(judgement, test.samples.size() >= 2, "too few of the fractions generalise at all");
  require(judgement, median_step(cells.front(), &FirstSteps::test_95) == kNever,
          "even the smallest fraction generalises: the grid does not reach below the critical one");
  if (test.samples.size() >= 2) {
    const double steepness = test.samples.front().y / test.samples.back().y;
    judgement.measured +=
        "; the smallest that generalises takes " + ratio_text(steepness) + " times the largest";
    require(judgement, steepness >= kSteepAtLeast, "the rise towards the critical fraction is not steep");
  }
  judgement.charts = {claim_chart("data-size", "Steps to generalise against training data",
                                  Axis{.label = "training fraction", .percent = true}, log_axis("steps"),
                                  {std::move(train), std::move(test)})};
  return judgement;
}

}  // namespace

Claim omnigrok_data_size() {
  return {
      .name = "omnigrok-data-size",
      .paper = "Liu et al. 2022, Omnigrok",
      .figure = "Figure 3e and Appendix B",
      .statement =
          "There is a critical amount of training data: below it the network never generalises, towards it "
          "the time to generalise rises steeply",
      .published =
          "one-layer transformer, p = 113: critical fraction about 0.25; steps to test loss 0.1 in Nanda et "
          "al.'s saved runs: 222 at 0.9, 956 at 0.5, 7 930 at 0.3, 21 848 at 0.25",
      .expected =
          "median of five seeds, accuracy on test pairs whose mirror (b, a) is not trained on: the smallest "
          "fraction never reaches 95 %, and the smallest that does takes >= 8 times the steps of the largest",
      .why =
          "Published is a factor of about 100 between 0.25 and 0.9 with a fine grid; 8 leaves room for a "
          "coarser grid and still excludes a time that is inversely proportional to the data (factor 2 "
          "to 4)",
      .quick =
          "p = 53, width 64, seven fractions and 8 000 steps instead of p = 113, ten fractions and 40 000 "
          "steps",
      .changed =
          "Judged by all test pairs at first, of which a mirrored one comes free, and by one seed: 22 times",
      .preset = "more-data",
      .data = "",
      .runs = runs,
      .judge = judge,
  };
}

}  // namespace grokscope
